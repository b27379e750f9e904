"""Turns what pydantic found wrong into mistakes that say what to write instead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, cast

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from components.errors import Mistake
from components.settings.base import Settings
from components.settings.describe import described
from components.settings.keys import key_of
from components.settings.sound import KEY_ITSELF
from components.settings.unions import KIND, is_map, kind_of, models_within, places
from components.settings.values import form_of

_SHOWN: Final = 60
"""Characters of a wrong value that a message shows."""
_WRONG_KIND: Final = frozenset({"union_tag_not_found", "union_tag_invalid"})
_COMPARISONS: Final = {
    "greater_than_equal": ("is below {ge}, the least", "write {ge} or more"),
    "less_than_equal": ("is above {le}, the most", "write {le} or less"),
}


def mistake(error: ErrorDetails, model: type[Settings]) -> Mistake:
    """One mistake from one pydantic error; `model` is where its location starts."""
    found = [place for place in places(model, error["loc"]) if place.step != KEY_ITSELF]
    path = [place.step for place in found]
    owner, name, field = next((place.owner, str(place.step), place.field) for place in reversed(found) if place.field)
    below = models_within(field.annotation)
    if error["type"] in _WRONG_KIND:
        return Mistake(key_of([*path, KIND]), *_wrong_kind(error, below))
    one = below and not is_map(field.annotation)
    whole = error["type"] == "model_type" or (one and error["type"] in ("missing", "dict_type"))
    instruction = _keys_below(below) if whole else _instruction(owner, name, field)
    problem, remedy = _words(error, found[-1].owner, instruction)
    return Mistake(key_of(path), problem, remedy)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` that was probably meant."""
    return next(iter(get_close_matches(name, list(known), n=1)), None)


def _words(error: ErrorDetails, owner: type[Settings], instruction: str) -> tuple[str, str]:
    """What is wrong, and what to write instead."""
    context: Mapping[str, Any] = error.get("ctx", {})
    given = error["input"]
    match error["type"]:
        case "wrong_setting":
            return str(context["problem"]), str(context["remedy"])
        case "missing":
            return "is missing", instruction
        case "extra_forbidden":
            return _unknown_key(str(error["loc"][-1]), owner)
        case _ if given is None or given == "":
            return "is empty", f"{instruction}, or remove the key"
        case "enum" | "literal_error":
            return _no_choice(given, str(context["expected"]))
        case "model_type" | "dict_type":
            return f"{_shown(given)} is {_kind(given)} where a map of keys is wanted", instruction
        case "string_pattern_mismatch":
            form = form_of(str(context["pattern"]))
            return f"{_shown(given)} is not in the right form", f"write {form}" if form else instruction
        case "greater_than_equal" | "less_than_equal":
            problem, remedy = _COMPARISONS[error["type"]]
            return f"{given} {problem.format(**context)}", remedy.format(**context)
        case "too_short" | "too_long" | "string_too_short" | "string_too_long":
            return _wrong_length(error["type"], given, context)
        case _:
            return _wrong_type(error["type"], given, instruction)


def _wrong_kind(error: ErrorDetails, models: Sequence[type[Settings]]) -> tuple[str, str]:
    kinds = [str(kind_of(model)) for model in models]
    if error["type"] == "union_tag_not_found":
        return "is missing", f"write one of {', '.join(kinds)}"
    return _no_choice(error.get("ctx", {})["tag"], " or ".join(kinds))


def _unknown_key(name: str, owner: type[Settings]) -> tuple[str, str]:
    for key, field in owner.model_fields.items():
        if any(name in model.model_fields for model in models_within(field.annotation)):
            return "is not a key here", f"write it below {key}: {key}: {{{name}: ...}}"
    close = nearest(name, owner.model_fields)
    remedy = f"write {close}" if close else f"remove it; the keys are {', '.join(sorted(owner.model_fields))}"
    return "is not a key here", remedy


def _no_choice(given: Any, expected: str) -> tuple[str, str]:
    choices = expected.replace(" or ", ", ").replace("'", "").split(", ")
    close = nearest(given, choices) if isinstance(given, str) else None
    listed = choices[0] if len(choices) == 1 else f"one of {', '.join(choices)}"
    others = f"; the choices are {', '.join(choices)}" if close and len(choices) > 1 else ""
    return f"{_shown(given)} is not a choice", f"write {close}{others}" if close else f"write {listed}"


def _wrong_length(error_type: str, given: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    limit = context.get("min_length", context.get("max_length"))
    bound = "at least" if error_type.endswith("short") else "at most"
    if isinstance(given, str):
        return f"{_shown(given)} is too {error_type.rpartition('_')[2]}", f"write {bound} {limit} characters"
    count = context["actual_length"]
    return f"has {count} {'entry' if count == 1 else 'entries'}", f"write {bound} {limit}"


def _wrong_type(error_type: str, given: Any, instruction: str) -> tuple[str, str]:
    """The value is of another type than the field; often only quotes are there, or missing."""
    scalar = isinstance(given, str | int | float)
    match error_type:
        case "string_type" if scalar:
            remedy = f'write it in quotes: "{_plain(given)}"'
            return f"{_plain(given)} is {_kind(given)} where text is wanted", remedy
        case "int_type" if isinstance(given, str) and given.lstrip("-").isdigit():
            return f"{_shown(given)} is text where a number is wanted", f"write it without quotes: {given}"
        case "bool_type" if scalar:
            return f"{_shown(given)} is neither true nor false", "write true or false, without quotes"
        case "tuple_type" if scalar:
            return f"{_shown(given)} is {_kind(given)} where a list is wanted", f"write [{_plain(given)}]"
        case "int_type":
            return f"is {_kind(given)} where a whole number is wanted", instruction
        case "string_type":
            return f"is {_kind(given)} where text is wanted", instruction
        case "tuple_type":
            return f"is {_kind(given)} where a list is wanted", instruction
        case _:
            return f"{_shown(given)} does not fit ({error_type})", instruction


def _kind(given: Any) -> str:
    match given:
        case bool():
            return "a true or false value"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "a map"


def _shown(given: Any) -> str:
    """A wrong value as the user wrote it, or its beginning and its length."""
    text = repr(given) if isinstance(given, str) else _plain(given)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"


def _plain(given: Any) -> str:
    return given if isinstance(given, str) else json.dumps(given)


def _keys_below(models: Sequence[type[Settings]]) -> str:
    """What a map of a model's keys must hold, or may; of several models, what holds for all."""
    first, *others = (model.model_fields for model in models)
    shared = [name for name in first if all(name in fields for fields in others)]
    required = [
        name
        for name in shared
        if all(fields[name].is_required() for fields in (first, *others)) or (name == KIND and others)
    ]
    known = required if set(required) - {KIND} else [name for name in shared if name != KIND]
    if not known:
        return f"write its keys below it; docs/settings.md has those of each {KIND}"
    return f"write its keys below it: {', '.join(known)}"


def _instruction(owner: type[Settings], name: str, field: FieldInfo) -> str:
    """What belongs there: the field's own description, with an example."""
    text = described(owner, name).rstrip(".")
    example = f", as {yaml_text(field.examples[0])}" if field.examples else ""
    start = text[:1] if text[1:2].isupper() else text[:1].lower()  # an abbreviation stays as it is
    return f"write {start}{text[1:]}{example}"


def yaml_text(value: Any) -> str:
    """A value in YAML's flow style, as one line; text in quotes where YAML would take it for something else."""
    match value:
        case dict():
            items = cast("dict[str, Any]", value).items()
            return "{" + ", ".join(f"{key}: {yaml_text(item)}" for key, item in items) + "}"
        case list() | tuple():
            return "[" + ", ".join(yaml_text(item) for item in cast("list[Any]", value)) + "]"
        case str() if value.replace(".", "").isdigit() or not value or any(mark in value for mark in ("*", ": ", "{")):
            return f'"{value}"'
        case bool() | None:
            return json.dumps(value)
        case _:
            return str(value)
