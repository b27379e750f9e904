"""Checks a value against a JSON schema of draft 7, as far as ours goes; a keyword it does not know is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

Schema = dict[str, Any]
Faults = Iterator[str]

TYPES: Final[dict[str, type]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
ANNOTATIONS: Final = {"description", "default", "examples", "title", "$schema", "definitions", "format"}


def is_a(value: Any, name: str) -> bool:
    """Whether a value is of a JSON type; true and false are no integers."""
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


class Checker:
    """One schema with its definitions. Each method is a keyword; it yields where and why a value does not fit."""

    def __init__(self, root: Schema) -> None:
        self.root = root

    def faults(self, value: Any, schema: Schema, path: str = "") -> Faults:
        """Where and why `value` does not fit `schema`."""
        for keyword, wanted in schema.items():
            if keyword not in ANNOTATIONS:
                check: Callable[..., Faults] = getattr(self, f"check_{keyword.lstrip('$')}")
                yield from check(value, wanted, path, schema)

    def check_ref(self, value: Any, wanted: str, path: str, _: Schema) -> Faults:
        yield from self.faults(value, self.root["definitions"][wanted.rpartition("/")[2]], path)

    def check_allOf(self, value: Any, wanted: list[Schema], path: str, _: Schema) -> Faults:  # noqa: N802  JSON schema's
        for option in wanted:
            yield from self.faults(value, option, path)

    def check_anyOf(self, value: Any, wanted: list[Schema], path: str, _: Schema) -> Faults:  # noqa: N802  JSON schema's
        found = [list(self.faults(value, option, path)) for option in wanted]
        if all(found):
            yield from found[0]

    def check_if(self, value: Any, wanted: Schema, path: str, schema: Schema) -> Faults:
        if not list(self.faults(value, wanted, path)):
            yield from self.faults(value, schema["then"], path)

    def check_then(self, _value: Any, _wanted: Schema, _path: str, _schema: Schema) -> Faults:
        """Nothing: `check_if` reads it."""
        yield from ()

    def check_not(self, value: Any, wanted: Schema, path: str, _: Schema) -> Faults:
        if not list(self.faults(value, wanted, path)):
            yield f"{path}: fits what it must not"

    def check_type(self, value: Any, wanted: str, path: str, _: Schema) -> Faults:
        if not is_a(value, wanted):
            yield f"{path}: is not of type {wanted}"

    def check_enum(self, value: Any, wanted: list[Any], path: str, _: Schema) -> Faults:
        if value not in wanted:
            yield f"{path}: is not one of {wanted}"

    def check_const(self, value: Any, wanted: Any, path: str, _: Schema) -> Faults:
        yield from self.check_enum(value, [wanted], path, {})

    def check_pattern(self, value: Any, wanted: str, path: str, _: Schema) -> Faults:
        if is_a(value, "string") and not re.search(wanted, value):
            yield f"{path}: does not match {wanted}"

    def check_items(self, value: Any, wanted: Schema, path: str, _: Schema) -> Faults:
        for index, item in enumerate(value if is_a(value, "array") else ()):
            yield from self.faults(item, wanted, f"{path}[{index}]")

    def check_required(self, value: Any, wanted: list[str], path: str, _: Schema) -> Faults:
        if is_a(value, "object"):
            yield from (f"{path}.{name}: is missing" for name in wanted if name not in value)

    def check_propertyNames(self, value: Any, wanted: Schema, path: str, _: Schema) -> Faults:  # noqa: N802  JSON schema's
        for name in _items(value):
            yield from self.faults(name, wanted, f"{path}.{name}")

    def check_properties(self, value: Any, wanted: dict[str, Schema], path: str, _: Schema) -> Faults:
        for name, item in _items(value).items():
            yield from self.faults(item, wanted.get(name, {}), f"{path}.{name}")

    def check_patternProperties(self, value: Any, wanted: dict[str, Schema], path: str, _: Schema) -> Faults:  # noqa: N802  JSON schema's
        for name, item in _items(value).items():
            for pattern, below in wanted.items():
                yield from self.faults(item, below, f"{path}.{name}") if re.search(pattern, name) else ()

    def check_additionalProperties(self, value: Any, wanted: Any, path: str, schema: Schema) -> Faults:  # noqa: N802  JSON schema's
        for name, item in _items(value).items():
            known = name in schema.get("properties", {})
            if known or any(re.search(pattern, name) for pattern in schema.get("patternProperties", {})):
                continue
            yield from self.faults(item, wanted, f"{path}.{name}") if isinstance(wanted, dict) else ()
            if wanted is False:
                yield f"{path}.{name}: is not a key here"


def _items(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if is_a(value, "object") else {}


def _bound(keyword: str, measure: Callable[[Any], Any], *, least: bool) -> Callable[..., Faults]:
    """A keyword that bounds what `measure` says of a value, None where it does not apply."""

    def check(_self: Checker, value: Any, wanted: int, path: str, _schema: Schema) -> Faults:
        size = measure(value)
        if size is not None and (size < wanted if least else size > wanted):
            yield f"{path}: breaks {keyword} {wanted}"

    return check


def _length_of(name: str) -> Callable[[Any], int | None]:
    return lambda value: len(value) if is_a(value, name) else None


def _number(value: Any) -> int | None:
    return cast("int", value) if is_a(value, "integer") else None


for _name, _measure in (
    ("imum", _number),
    ("Length", _length_of("string")),
    ("Items", _length_of("array")),
    ("Properties", _length_of("object")),
):
    for _start in ("min", "max"):
        setattr(Checker, f"check_{_start}{_name}", _bound(f"{_start}{_name}", _measure, least=_start == "min"))
