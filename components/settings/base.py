"""What every settings model shares: frozen, no unknown keys, and defaults that may differ by environment."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

BY_ENVIRONMENT: Final = "default_by_environment"

LogicalName = Annotated[
    str,
    Field(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", min_length=1, max_length=40, examples=["general"]),
]
"""A key that becomes part of a resource's logical name: lower-case letters, digits and inner hyphens."""

Overrides = dict[str, dict[str, Any]]
"""Properties by Pulumi type token, set on every resource of that type in the part, over what the part sets itself."""

OVERRIDES_DESCRIPTION: Final = (
    "properties by Pulumi type token, in the provider's camelCase, merged over what this part sets on its resources"
)


class Environment(StrEnum):
    """How much a stack matters; chooses the defaults marked as differing by environment."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class Settings(BaseModel):
    """A part of the stack's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, use_attribute_docstrings=True)


def by_environment(*, dev: Any, staging: Any, prod: Any, **field_arguments: Any) -> Any:
    """A field whose default differs by environment; the table in `docs/settings.md` is made from these.

    A model built without `load()` has the default of `dev`.
    """
    defaults = {Environment.DEV.value: dev, Environment.STAGING.value: staging, Environment.PROD.value: prod}
    return Field(default=dev, json_schema_extra={BY_ENVIRONMENT: defaults}, **field_arguments)


def environment_default(field: FieldInfo, environment: Environment) -> Any:
    """The default of a `by_environment` field, or None where the field has no such table."""
    extra = field.json_schema_extra
    table = extra.get(BY_ENVIRONMENT) if isinstance(extra, dict) else None
    return table[environment.value] if isinstance(table, dict) else None


def wrong(problem: str, remedy: str) -> PydanticCustomError:
    """The error that a validator raises: what is wrong, and what to write instead."""
    return PydanticCustomError("wrong_setting", "{problem}; {remedy}", {"problem": problem, "remedy": remedy})
