"""Parts of several kinds: which models a field takes, and which of them a value or a place in it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from components.settings.base import Settings

KIND: Final = "kind"
Location = tuple[int | str, ...]


def models_within(annotation: Any) -> tuple[type[Settings], ...]:
    """The settings models inside `Model`, `Model | None`, `dict[str, Model]`, `One | Other` or an annotated form."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (cast("type[Settings]", annotation),)
    return tuple(model for argument in getattr(annotation, "__args__", ()) for model in models_within(argument))


def kind_of(model: type[Settings]) -> str | None:
    """The kind that a model is for; None where it is not one of several."""
    field = model.model_fields.get(KIND)
    return None if field is None else str(field.default)


def model_of(annotation: Any, kind: object) -> type[Settings] | None:
    """The one model inside an annotation, or the one of that kind; None where there is none."""
    models = models_within(annotation)
    if len(models) <= 1:
        return next(iter(models), None)
    return next((model for model in models if kind_of(model) == kind), None)


def model_for(annotation: Any, value: object) -> type[Settings] | None:
    """The model inside an annotation that is meant for a value as it was written."""
    return model_of(annotation, cast("Mapping[str, Any]", value).get(KIND) if isinstance(value, dict) else None)


class Place(NamedTuple):
    """A step of a location, the model it is in, and its field there; None for a map's key, an index, an unknown key."""

    step: int | str
    owner: type[Settings]
    field: FieldInfo | None


def places(model: type[Settings], location: Location) -> Iterator[Place]:
    """The steps of a pydantic error's location, without the kinds that pydantic puts between them."""
    steps = iter(location)
    owner: type[Settings] | None = model
    for step in steps:
        if owner is None:  # below a field of plain values
            yield Place(step, model, None)
            continue
        model, field = owner, owner.model_fields.get(str(step))
        yield Place(step, model, field)
        if field is None:
            continue
        if is_map(field.annotation):
            yield from (Place(key, model, None) for key in islice(steps, 1))
        below = models_within(field.annotation)
        owner = model_of(field.annotation, next(steps, None) if len(below) > 1 else None)


def is_map(annotation: Any) -> bool:
    """Whether a field's type is a map by keys of the user's choice."""
    return getattr(annotation, "__origin__", None) is dict
