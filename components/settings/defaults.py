"""Puts the environment's defaults into settings, wherever the configuration says nothing."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from components.settings.base import Environment, Settings, environment_defaults
from components.settings.unions import models_within

_Model = TypeVar("_Model", bound=Settings)


def with_environment_defaults(settings: _Model, environment: Environment) -> _Model:
    """`settings` with the environment's defaults in it; what the user wrote stays known as such."""
    values = {name: _with_defaults(value, environment) for name, value in settings.__dict__.items()}
    for name, table in _tables(type(settings)).items():
        if name not in settings.model_fields_set:
            values[name] = table[environment.value]
    return settings.model_construct(settings.model_fields_set, **values)


def _with_defaults(value: Any, environment: Environment) -> Any:
    if isinstance(value, Settings):
        return with_environment_defaults(value, environment) if _has_tables(type(value)) else value
    if isinstance(value, dict):
        return {key: _with_defaults(item, environment) for key, item in cast("dict[str, Any]", value).items()}
    return value


@cache
def _tables(model: type[Settings]) -> dict[str, dict[str, Any]]:
    tables = {name: environment_defaults(field) for name, field in model.model_fields.items()}
    return {name: table for name, table in tables.items() if table}


@cache
def _has_tables(model: type[Settings]) -> bool:
    """Whether a default in the model, or below it, differs by environment."""
    below = (found for field in model.model_fields.values() for found in models_within(field.annotation))
    return bool(_tables(model)) or any(map(_has_tables, below))
