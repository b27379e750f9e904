"""A field's type and limits in words, from its JSON schema; for `docs/settings.md`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

from components.settings.explain import yaml_text
from components.settings.stack import StackSettings
from components.settings.values import form_of

Schema = dict[str, Any]
_TYPES: Final = {"string": "text", "integer": "number", "boolean": "true or false", "object": "map"}
_BOUNDS: Final = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " entries"),
    ("minProperties", "maxProperties", " entries"),
)
_MANY: Final = 8
"""Choices that a cell lists in full; more are given by the first and the last."""


def type_of(schema: Mapping[str, Any]) -> str:
    """A field's type: `text`, `list of number`, `map of text`, `choice`."""
    schema = _inner(schema)
    if "enum" in schema or "const" in schema:
        return "choice"
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}"
    if schema.get("type") == "object":
        below = _values(schema)
        return f"map of {type_of(below)}" if below and _inner(below).get("type") != "object" else "map"
    return "IPv4 range" if schema.get("format") == "ipv4network" else _TYPES[schema["type"]]


def limits_of(schema: Mapping[str, Any]) -> str:
    """What a field's value, its entries and its keys must keep to."""
    schema = _inner(schema)
    found = [_choices(schema), *(_bounds(schema, *bound) for bound in _BOUNDS), _form(schema.get("pattern"))]
    if "items" in schema:
        found.append(_prefixed("each: ", limits_of(schema["items"])))
    for pattern, below in schema.get("patternProperties", {}).items():
        found.append(_prefixed("keys: ", _form(pattern)))
        if _inner(below).get("type") != "object":
            found.append(_prefixed("values: ", limits_of(below)))
    if isinstance(schema.get("additionalProperties"), dict) and not schema.get("patternProperties"):
        found.append(_prefixed("values: ", limits_of(schema["additionalProperties"])))
    return "; ".join(filter(None, found))


def example_of(schema: Mapping[str, Any], default: Any) -> str:
    """An example of what the schema takes: its own, a choice, or what differs from the default least."""
    schema = _inner(schema)
    if "examples" in schema:
        return yaml_text(schema["examples"][0])
    match schema:
        case {"enum": [*choices]}:
            return str(default if default in choices else choices[0])
        case {"const": only}:
            return str(only)
        case {"type": "boolean"}:
            return "false" if default is True else "true"
        case {"type": "integer"}:
            return str(default if default is not None else schema["minimum"])
        case {"type": "array", "items": items}:
            return f"[{example_of(items, None)}]"
        case _:
            raise ValueError(f"no example for {schema}: write one at the field")


def _inner(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself: behind its reference, and without the `null` that stands for leaving it out."""
    for wrapper in ("anyOf", "allOf"):
        for option in cast("list[Schema]", schema.get(wrapper, [])):
            if option.get("type") != "null" and "if" not in option:
                return _inner(option)
    reference = schema.get("$ref")
    return _definitions()[reference.rpartition("/")[2]] if reference else schema


@cache
def _definitions() -> dict[str, Schema]:
    return cast("dict[str, Schema]", StackSettings.model_json_schema()["$defs"])


def _values(schema: Mapping[str, Any]) -> Schema | None:
    """The schema of a map's values, where they have one."""
    patterns = cast("dict[str, Schema]", schema.get("patternProperties", {}))
    below = next(iter(patterns.values()), schema.get("additionalProperties"))
    return cast("Schema", below) if isinstance(below, dict) and below else None


def _choices(schema: Mapping[str, Any]) -> str:
    choices = cast("list[Any]", schema.get("enum", [schema["const"]] if "const" in schema else []))
    if len(choices) > _MANY:
        return f"`{choices[0]}` to `{choices[-1]}`, {len(choices)} choices in the schema"
    return ", ".join(f"`{choice}`" for choice in choices)


def _bounds(schema: Mapping[str, Any], least: str, most: str, unit: str) -> str:
    low, high = schema.get(least), schema.get(most)
    if low is not None and high is not None:
        return f"{low} to {high}{unit}"
    return f"{low} or more{unit}" if low is not None else f"{high} at most{unit}" if high is not None else ""


def _form(pattern: str | None) -> str:
    return (form_of(pattern) or f"`{pattern}`") if pattern else ""


def _prefixed(prefix: str, text: str) -> str:
    return prefix + text if text else ""
