"""Turns what pydantic found wrong into mistakes that say what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from components.errors import Mistake


def mistake(error: ErrorDetails, model: type[BaseModel], prefix: str) -> Mistake:
    """One mistake from one pydantic error. `prefix` is the namespace of the keys."""
    path = [part for part in error["loc"] if part != "[key]"]
    key = f"{prefix}:{'.'.join(str(part) for part in path)}"
    owner, field = _locate(model, path)
    problem, remedy = _words(error, owner, field, str(path[-1]) if path else prefix)
    return Mistake(key, problem, remedy)


def _locate(model: type[BaseModel], path: list[int | str]) -> tuple[type[BaseModel], FieldInfo | None]:
    """The model that owns the last part of `path`, and the field there, if it has one."""
    owner, field = model, None
    for part in path:
        found = owner.model_fields.get(str(part))
        if found is None:
            continue  # a map's key or a list's index: the field stays the map or the list
        field = found
        nested = _model_within(found.annotation)
        if nested is not None and part != path[-1]:
            owner = nested
    return owner, field


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """The settings model inside `Model`, `Model | None`, `dict[str, Model]` or an annotated form of these."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments = getattr(annotation, "__args__", ())
    return next((found for argument in arguments if (found := _model_within(argument)) is not None), None)


def _words(error: ErrorDetails, owner: type[BaseModel], field: FieldInfo | None, name: str) -> tuple[str, str]:
    """What is wrong, and what to write instead."""
    context: Mapping[str, Any] = error.get("ctx", {})
    given = error["input"]
    match error["type"]:
        case "wrong_setting":
            return str(context["problem"]), str(context["remedy"])
        case "extra_forbidden":
            close = get_close_matches(name, owner.model_fields, n=1)
            known = ", ".join(sorted(owner.model_fields))
            return "is not a key here", f"write {close[0]}" if close else f"remove it; the keys are {known}"
        case "missing":
            return "is missing", _what_to_write(field)
        case "string_type" if isinstance(given, int | float) and not isinstance(given, bool):
            return f"{given} is a number where text is wanted", f'write it in quotes: "{given}"'
        case "enum" | "literal_error":
            return f"{given!r} is not a choice", f"write one of {context['expected']}"
        case "too_short" | "too_long":
            limit = context.get("min_length", context.get("max_length"))
            return f"has {context['actual_length']} entries", f"write {_bound(error['type'])} {limit}"
        case _:
            return f"{given!r} does not fit: {error['msg'][0].lower()}{error['msg'][1:]}", _what_to_write(field)


def _bound(error_type: str) -> str:
    return "at least" if error_type == "too_short" else "at most"


def _what_to_write(field: FieldInfo | None) -> str:
    if field is None:
        return "see docs/settings.md"
    description = (field.description or "").rstrip(".")
    examples = f", as {_yaml(field.examples[0])}" if field.examples else ""
    return f"write {description[:1].lower()}{description[1:]}{examples}" if description else f"see docs/settings.md{examples}"


def _yaml(example: Any) -> str:
    if isinstance(example, list):
        return f"[{', '.join(map(str, example))}]"
    return f'"{example}"' if isinstance(example, str) and example.replace(".", "").isdigit() else str(example)
