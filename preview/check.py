"""What the SDK does not check of a resource's inputs: nested keys, types and choices, before any provider sees them.

Free-form maps, JSON text and types that no imported SDK knows are left alone, unknown values pass, and what a secret
holds is looked at but never shown.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from preview.paths import Path, format_path
from preview.plan import MASKED, PROVIDER_PREFIX, UNKNOWN, Diagnostic, Resource, Secret, Severity
from preview.schema import Block, Choice, ListOf, MapOf, OneOf, Property, Scalar, Shape, Special, inputs_of
from preview.wire import SIGNATURE


@dataclass(frozen=True)
class Finding:
    """What is wrong with the value at `path`."""

    path: Path
    message: str
    severity: Severity = Severity.ERROR


def check(resource: Resource) -> list[Diagnostic]:
    """Return what is wrong with the inputs of a resource, each with the resource's URN and source line."""
    # A provider's nested inputs are JSON text on the wire, and its SDK class has no token.
    block = None if not resource.custom or resource.type.startswith(PROVIDER_PREFIX) else inputs_of(resource.type)
    if block is None:
        return []
    return [
        Diagnostic(
            severity=finding.severity,
            message=f"{format_path(finding.path)}: {finding.message}",
            urn=resource.urn,
            source=resource.source,
        )
        for finding in _check_block((), resource.inputs, block, is_secret=False)
    ]


def _check(path: Path, value: Any, shape: Shape, *, is_secret: bool) -> Iterator[Finding]:
    while isinstance(value, Secret):
        value, is_secret = value.value, True
    if value is None or value is UNKNOWN or (is_secret and value == MASKED) or _is_reference(value):
        return
    match shape:
        case OneOf():
            yield from _check_one_of(path, value, shape, is_secret=is_secret)
        case Choice():
            yield from _check_choice(path, value, shape, is_secret=is_secret)
        case Scalar():
            if not _is_scalar(value, shape):
                yield Finding(path, _mismatch(value, shape, is_secret=is_secret))
        case Block() | ListOf() | MapOf() | Special.FILE:
            yield from _check_container(path, value, shape, is_secret=is_secret)
        case Special.ANYTHING:
            return
        case never:
            assert_never(never)


def _check_container(
    path: Path, value: Any, shape: Block | ListOf | MapOf | Special, *, is_secret: bool
) -> Iterator[Finding]:
    match shape, value:
        case Block(), Mapping():
            yield from _check_block(path, value, shape, is_secret=is_secret)
        case MapOf(item_shape), Mapping():
            for key, item in value.items():
                yield from _check((*path, key), item, item_shape, is_secret=is_secret)
        case ListOf(item_shape), list():
            for index, item in enumerate(value):
                yield from _check((*path, index), item, item_shape, is_secret=is_secret)
        case _:
            yield Finding(path, _mismatch(value, shape, is_secret=is_secret))


def _check_block(path: Path, value: Mapping[str, Any], block: Block, *, is_secret: bool) -> Iterator[Finding]:
    properties = block.properties
    for key, item in value.items():
        if key in properties:
            yield from _check((*path, key), item, properties[key].shape, is_secret=is_secret)
        elif not key.startswith("__") and item is not None:  # the engine's own keys begin so
            yield Finding((*path, key), f"unknown key; {_instead(key, properties)}")
    for key, needed in properties.items():
        if needed.required and value.get(key) is None:
            yield Finding((*path, key), f"missing; write {needed.python_name} = {describe(needed.shape)}")


def _instead(key: str, properties: Mapping[str, Property]) -> str:
    """Return which key was probably meant, in the spelling of Python; all of them where none is near."""
    spellings = {name: known.python_name for wire, known in properties.items() for name in (wire, known.python_name)}
    near = difflib.get_close_matches(key, spellings, n=1)
    near = near or sorted((name for name in spellings if key.lower() in name.lower()), key=len)
    if near:
        return f"did you mean {spellings[near[0]]}?"
    return f"known are {', '.join(sorted(set(spellings.values())))}"


def _check_one_of(path: Path, value: Any, shape: OneOf, *, is_secret: bool) -> Iterator[Finding]:
    """Yield nothing if any shape fits, else what the likeliest one finds: the one that looks inside the value."""
    attempts = [list(_check(path, value, option, is_secret=is_secret)) for option in shape.shapes]
    if any(not any(finding.severity is Severity.ERROR for finding in attempt) for attempt in attempts):
        yield from min(attempts, key=_errors)
        return
    inside = [attempt for attempt in attempts if all(finding.path != path for finding in attempt)]
    if inside:
        yield from min(inside, key=len)
    else:
        yield Finding(path, _mismatch(value, shape, is_secret=is_secret))


def _errors(findings: Sequence[Finding]) -> tuple[int, int]:
    return sum(finding.severity is Severity.ERROR for finding in findings), len(findings)


def _check_choice(path: Path, value: Any, choice: Choice, *, is_secret: bool) -> Iterator[Finding]:
    if any(value == known and type(value) is type(known) for known in choice.values):
        return
    if not isinstance(value, str):
        yield Finding(path, _mismatch(value, choice, is_secret=is_secret))
        return
    near = difflib.get_close_matches(value, [str(known) for known in choice.values], n=1)
    hint = f"did you mean {json.dumps(near[0])}?" if near and not is_secret else f"write {describe(choice)}"
    shown = _show(value, is_secret=is_secret)
    if choice.is_open:
        yield Finding(path, f"{shown} is no value that the SDK knows; {hint}", Severity.WARNING)
    else:
        yield Finding(path, f"{shown} is not allowed; {hint}")


def _is_reference(value: Any) -> bool:
    """Whether the value stands for something else: a resource for its id, an asset or an archive for its content."""
    return isinstance(value, Mapping) and SIGNATURE in value


def _is_scalar(value: Any, scalar: Scalar) -> bool:
    match scalar:
        case Scalar.TEXT:
            return isinstance(value, str)
        case Scalar.BOOLEAN:
            return isinstance(value, bool)
        case Scalar.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Scalar.WHOLE_NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
        case never:
            assert_never(never)


def describe(shape: Shape) -> str:
    """Return what a value of this shape is, in the words of a message."""
    match shape:
        case Scalar() | Special():
            return shape.value
        case ListOf(item):
            return f"a list ({describe(item)})"
        case MapOf(item):
            return f"a map ({describe(item)})"
        case Choice(values):
            return ("one of " if len(values) > 1 else "") + ", ".join(json.dumps(value) for value in values)
        case OneOf(shapes):
            return " or ".join(describe(option) for option in shapes)
        case Block(args_class):
            return args_class.__name__
        case never:
            assert_never(never)


def _mismatch(value: Any, shape: Shape, *, is_secret: bool) -> str:
    """Return what the value is, what is wanted, and what to write instead where that can be told."""
    advice = "" if is_secret else _advice(value, shape)
    return f"{_show(value, is_secret=is_secret)} is {_kind(value)}, wanted is {describe(shape)}{advice}"


def _advice(value: Any, shape: Shape) -> str:
    wanted = set(shape.shapes) if isinstance(shape, OneOf) else {shape}
    if isinstance(value, str):
        if wanted & {Scalar.NUMBER, Scalar.WHOLE_NUMBER} and value.strip().isdigit():
            return f": write {int(value)} without quotes"
        if Scalar.BOOLEAN in wanted:
            return ": write True or False without quotes"
    if isinstance(value, bool) and Scalar.TEXT in wanted:
        return f": write {json.dumps(str(value).lower())} in quotes"
    if isinstance(value, float) and Scalar.TEXT in wanted:
        return ": write it in quotes; as a number 1.30 becomes 1.3"
    if isinstance(value, int) and Scalar.TEXT in wanted:
        return f': write "{value}" in quotes'
    if isinstance(shape, ListOf) and not isinstance(value, Mapping):
        return f": write [{json.dumps(value)}]"
    return ""


_KINDS: Final[Sequence[tuple[type | tuple[type, ...], str]]] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "text"),
    (list, "a list"),
    (Mapping, "an object"),
)


def _kind(value: Any) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), type(value).__name__)


def _show(value: Any, *, is_secret: bool) -> str:
    """Return the value as the user may read it: a secret masked, and what has parts by its kind alone."""
    if is_secret:
        return MASKED
    return "this" if isinstance(value, (list, Mapping)) else json.dumps(value)
