"""What every settings model shares: frozen, no unknown keys, rules between its fields, defaults by environment.

What one value must be, its field says; pydantic checks it. What several values must be together, a method marked
`@rule` says; `load()` runs every rule on all values that are sound by themselves, so that no mistake hides another.
(Pydantic's own model validators are skipped as soon as one field is wrong.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import FunctionType
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

BY_ENVIRONMENT: Final = "default_by_environment"

Overrides = dict[str, dict[str, Any]]
"""Properties by Pulumi type token, set on every resource of that type in the part, over what the part sets itself."""


class Environment(StrEnum):
    """How much a stack matters; chooses the defaults marked as differing by environment."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class Settings(BaseModel):
    """A part of the stack's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


@dataclass(frozen=True)
class Fault:
    """What a rule found: where below its model, what is wrong, what to write instead."""

    path: tuple[str | int, ...]
    problem: str
    remedy: str


_Model = TypeVar("_Model", bound=Settings)
_RULE: Final = "__settings_rule__"


def rule(method: Callable[[_Model], Iterable[Fault]]) -> Callable[[_Model], Iterable[Fault]]:
    """Mark a method as a rule between its model's fields; it yields a fault for whatever breaks it."""
    setattr(method, _RULE, True)
    return method


@cache
def rules_of(model: type[Settings]) -> tuple[Callable[[Settings], Iterable[Fault]], ...]:
    """The rules of a model, in the order they are written."""
    members = [member for owner in reversed(model.__mro__) for member in vars(owner).values()]
    return tuple(member for member in members if isinstance(member, FunctionType) and hasattr(member, _RULE))


def by_environment(*, dev: Any, staging: Any, prod: Any, **field_arguments: Any) -> Any:
    """A field whose default differs by environment; the table in `docs/settings.md` is made from these.

    A model built without `load()` has the default of `dev`.
    """
    defaults = {Environment.DEV.value: dev, Environment.STAGING.value: staging, Environment.PROD.value: prod}
    return Field(default=dev, json_schema_extra={BY_ENVIRONMENT: defaults}, **field_arguments)


def environment_defaults(field: FieldInfo) -> dict[str, Any]:
    """The defaults of a `by_environment` field by environment; nothing where the field has no such table."""
    extra = field.json_schema_extra
    table = extra.get(BY_ENVIRONMENT) if isinstance(extra, dict) else None
    return table if isinstance(table, dict) else {}


def wrong(problem: str, remedy: str) -> PydanticCustomError:
    """The error that a validator raises: what is wrong, and what to write instead."""
    return PydanticCustomError("wrong_setting", "{problem}; {remedy}", {"problem": problem, "remedy": remedy})


def repeated(values: Iterable[Any]) -> list[str]:
    """The values that are there more than once, each once, as text."""
    return [str(value) for value, count in Counter(values).items() if count > 1]
