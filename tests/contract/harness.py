"""Builds the subjects of the contract suites, sound and broken, and resolves their Outputs.

Everything is made inside one program, because Outputs and resources can only be made there; it is looked at afterwards,
when every Output has its (made-up) value.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import pulumi

from tests.support import applied

Part = TypeVar("Part")

Breaks = Mapping[str, Mapping[str, Callable[[Any], object]]]
"""By attribute of the Protocol and by what is wrong: makes, from the sound part, a value that the suite must refuse."""


@dataclass(frozen=True)
class Built(Generic[Part]):
    """A part as its implementation makes it, and the same part with one attribute broken, by attribute and fault."""

    sound: Part
    broken: Mapping[tuple[str, str], Part]


class Swapped:
    """A part of which one attribute was replaced, as a careless change of its implementation would do."""

    def __init__(self, part: object, attribute: str, value: object) -> None:
        self._part = part
        self._attribute = attribute
        self._value = value

    def __getattr__(self, name: str) -> Any:
        return self._value if name == self._attribute else getattr(self._part, name)


def build_with_breaks(build: Callable[[], Part], breaks: Breaks) -> Built[Part]:
    """Make the part and all its broken forms in one program."""
    made: list[Built[Part]] = []

    def program() -> None:
        sound = build()
        broken = {
            (attribute, fault): cast("Part", Swapped(sound, attribute, value(sound)))
            for attribute, faults in breaks.items()
            for fault, value in faults.items()
        }
        made.append(Built(sound, broken))

    applied(program)
    return made[0]


def cases(rows: Mapping[str, object], breaks: Breaks) -> list[tuple[str, str, str]]:
    """Every row with every break: the parameters of a suite's second half."""
    return [(row, attribute, fault) for row in rows for attribute, faults in breaks.items() for fault in faults]


def members(protocol: type) -> set[str]:
    """What a Protocol asks for."""
    return {name for name in vars(protocol) if not name.startswith("_")}


def output(value: object) -> Callable[[object], object]:
    """Makes an Output of a value, inside the program."""
    return lambda _: pulumi.Output.from_input(value)


def secret(value: object) -> Callable[[object], object]:
    """Makes a secret Output of a value, inside the program."""
    return lambda _: pulumi.Output.secret(value)


def value_of(output: object) -> Any:
    """The value of an Output that the program has resolved."""
    assert isinstance(output, pulumi.Output), f"{output!r} is no Output"
    resolved = cast("pulumi.Output[Any]", output)
    assert _awaited(resolved.is_known()), "the value is unknown although everything was created"
    return _awaited(resolved.future())


def is_secret(output: object) -> bool:
    """Whether an Output is marked as a secret."""
    assert isinstance(output, pulumi.Output), f"{output!r} is no Output"
    return bool(_awaited(cast("pulumi.Output[Any]", output).is_secret()))


def _awaited(future: Awaitable[Any]) -> Any:
    """The result of a future that is done; its own event loop may be closed by now."""

    async def result() -> Any:
        return await future

    return asyncio.run(result())
