"""What is sound of settings that have mistakes, so that the rules between values can still run on it.

A value that is wrong by itself is left out; a rule that asks for it ends there (`UnsoundError`), and all others run to
their end. This is on the way to an error message only: settings without mistakes never come here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final, cast

from pydantic import create_model

from components.settings.base import Settings
from components.settings.unions import Location, is_map, model_for

KEY_ITSELF: Final = "[key]"
"""What pydantic writes at the end of a location when the map's key is wrong, not its value."""


class UnsoundError(Exception):
    """A rule asked for a value that is wrong by itself, or for a part of another kind; either is reported elsewhere."""


class _Unsound(Enum):
    VALUE = "unsound"


class _Guarded(Settings):
    """Settings in which some values are unsound: who asks for one is told so."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if value is _Unsound.VALUE:
            raise UnsoundError(name)
        return value


def sound_part_of(model: type[Settings], value: Any, locations: Sequence[Location]) -> Any:
    """A `model` with all of `value` that is sound; what is at or below `locations` is not."""
    written: Mapping[str, Any] = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    below = _by_first(locations) if isinstance(value, dict) else {name: [()] for name in model.model_fields}
    unsound: dict[str, Any] = {name: (Any, _Unsound.VALUE) for name in below if name in model.model_fields}
    guarded = create_model(model.__name__, __base__=(_Guarded, model), **unsound)
    rest = {name: item for name, item in written.items() if name not in below}
    settings = guarded.model_validate_json(json.dumps(rest), strict=True)
    parts = {
        name: _sound_field(model.model_fields[name].annotation, written[name], inner)
        for name, inner in below.items()
        if name in unsound and name in written
    }
    return guarded.model_construct(settings.model_fields_set | parts.keys(), **{**settings.__dict__, **parts})


def _sound_field(annotation: Any, value: Any, locations: Sequence[Location]) -> Any:
    """A field's value, as far as it is a model or a map of models; other values are sound or not as a whole."""
    model = model_for(annotation, value)
    if model is None or not isinstance(value, dict):
        return _Unsound.VALUE
    if not is_map(annotation):
        return sound_part_of(model, value, locations)
    items = cast("dict[str, Any]", value)
    below = _by_first([place for place in locations if place[1:] != (KEY_ITSELF,)])
    return {key: sound_part_of(model, item, below.get(key, ())) for key, item in items.items()}


def _by_first(locations: Sequence[Location]) -> dict[str, list[Location]]:
    """What is below each first step of the locations."""
    found: dict[str, list[Location]] = {}
    for first, *rest in filter(None, locations):
        found.setdefault(str(first), []).append(tuple(rest))
    return found
