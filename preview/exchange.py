"""What the parent asks of its child process and what the child answers, over two inherited file descriptors.

The files have no name in the file system: an answer holds secrets. The answer is a pickle that may name nothing but the
plan's own classes, so that reading it runs no code of the program's.
"""

from __future__ import annotations

import copyreg
import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, BinaryIO, Final

from preview import plan as plan_module
from preview.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Request:
    """One program to run. `monitor_address` and `engine_address` are empty where the child serves itself."""

    project: str
    stack: str
    root: str
    program: str
    config: Mapping[str, str] = field(default_factory=dict[str, str])
    secret_keys: tuple[str, ...] = ()
    against: str | None = None
    monitor_address: str = ""
    engine_address: str = ""
    record_modules: str | None = None
    record_files: str | None = None
    timeout_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How the program ended. `failure` is its error, trimmed for the user; `plan` is None where the parent made it."""

    plan: Plan | None = None
    failure: str | None = None
    refusal: str | None = None  # why the program was not run at all


_ALLOWED: Final[Mapping[str, Any]] = {
    "preview.plan.UNKNOWN": plan_module.UNKNOWN,
    **{
        f"{value.__module__}.{name}": value
        for name, value in {**vars(plan_module), "Request": Request, "Answer": Answer}.items()
        if isinstance(value, type) and value.__module__ in ("preview.plan", __name__)
    },
}


def _by_value(member: Enum) -> tuple[type[Enum], tuple[Any]]:
    return type(member), (member.value,)


_REDUCED: Final = {
    **copyreg.dispatch_table,
    **{value: _by_value for value in _ALLOWED.values() if isinstance(value, type) and issubclass(value, Enum)},
}
"""How members of enumerations are written: up to 3.11.3 Python would name `getattr`, which no answer may."""


class _PlanUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        try:
            return _ALLOWED[f"{module_name}.{global_name}"]
        except KeyError:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of an answer") from None


def write(file: BinaryIO, message: Request | Answer) -> None:
    """Write a message and place the file at its start, for the process that inherits it."""
    pickler = pickle.Pickler(file, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCED
    pickler.dump(message)
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)


def read(file: BinaryIO) -> Request | Answer | None:
    """Read a message; None where the other side wrote none.

    Raises:
        pickle.UnpicklingError: it holds something else.
    """
    file.seek(0)
    try:
        message: Any = _PlanUnpickler(file).load()
    except EOFError:
        return None
    if not isinstance(message, Request | Answer):
        raise pickle.UnpicklingError(f"a {type(message).__name__} is no message")
    return message
