"""Reads a stack's configuration into settings, and reports all of its mistakes at once.

Each part is checked by itself first; then the rules between parts run on those that are sound, so that a wrong value
in one part hides no mistake in another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from components.errors import ConfigurationError, Mistake
from components.settings.base import Environment, environment_default
from components.settings.explain import mistake
from components.settings.rules import RULES
from components.settings.stack import SECRET_KEYS, StackSettings

NAMESPACE: Final = "infraplatform"


def load(config: Mapping[str, str]) -> StackSettings:
    """The settings that a stack's configuration says.

    Args:
        config: the configuration as Pulumi hands it over: full keys (`infraplatform:cluster`), objects as JSON text.

    Raises:
        ConfigurationError: with every mistake of every part, and of the parts' combination where they are sound.
    """
    texts = {key.removeprefix(f"{NAMESPACE}:"): text for key, text in config.items() if key.startswith(f"{NAMESPACE}:")}
    mistakes = list(_unknown_parts(texts))
    parts: dict[str, Any] = {}
    environment = _environment(texts)
    for name, field in StackSettings.model_fields.items():
        try:
            parts[name] = _part(name, field, texts, environment)
        except ValidationError as error:
            mistakes += [_part_mistake(name, details) for details in error.errors()]
    for needed, rule in RULES:
        if needed <= parts.keys():
            mistakes += rule(parts)
    if mistakes:
        raise ConfigurationError(mistakes)
    return StackSettings.model_construct(**parts)


def _environment(texts: Mapping[str, str]) -> Environment:
    """The environment, for defaults; a wrong one is reported with the parts, dev's defaults stand in until then."""
    try:
        return Environment(texts.get("environment", Environment.DEV))
    except ValueError:
        return Environment.DEV


def _part(name: str, field: FieldInfo, texts: Mapping[str, str], environment: Environment) -> Any:
    """One part, validated; its own default where the configuration does not have it."""
    if name not in texts and field.is_required():
        raise ValidationError.from_exception_data(name, [{"type": "missing", "loc": (), "input": None}])
    value = _value(texts[name]) if name in texts else field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_unset=True)
    adapter: TypeAdapter[Any] = TypeAdapter(_annotated(field))
    return adapter.validate_python(_with_defaults(value, field.annotation, environment))


def _annotated(field: FieldInfo) -> Any:
    """The field's type with its constraints."""
    annotation: Any = field.annotation
    for constraint in field.metadata:
        annotation = _with_constraint(annotation, constraint)
    return annotation


def _with_constraint(annotation: Any, constraint: Any) -> Any:
    from typing import Annotated  # noqa: PLC0415  local: a subscript with runtime values, no type for readers

    return Annotated[annotation, constraint]


def _value(text: str) -> Any:
    """Objects and lists come as JSON text; a plain word comes as itself."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return text
    return value if isinstance(value, dict | list) else text


def _with_defaults(value: Any, annotation: Any, environment: Environment) -> Any:
    """`value` with the environment's defaults put in wherever its model has such a field and it says nothing."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not isinstance(value, dict):
            return value
        filled = dict(value)
        for name, field in annotation.model_fields.items():
            default = environment_default(field, environment)
            if default is not None:
                filled.setdefault(name, default)
            elif name in filled:
                filled[name] = _with_defaults(filled[name], field.annotation, environment)
            elif isinstance(field.default, BaseModel):
                filled[name] = _with_defaults(field.default.model_dump(exclude_unset=True), type(field.default), environment)
        return filled
    arguments = get_args(annotation)
    if isinstance(value, dict) and len(arguments) == 2 and arguments[1] is not type(None):  # noqa: PLR2004  dict[key, value]
        return {key: _with_defaults(item, arguments[1], environment) for key, item in value.items()}
    models = [argument for argument in arguments if isinstance(argument, type) and issubclass(argument, BaseModel)]
    return _with_defaults(value, models[0], environment) if len(models) == 1 else value


def _part_mistake(name: str, details: Any) -> Mistake:
    return mistake({**details, "loc": (name, *details["loc"])}, StackSettings, NAMESPACE)


def _unknown_parts(texts: Mapping[str, str]) -> Iterator[Mistake]:
    known = [*StackSettings.model_fields, *SECRET_KEYS]
    for name in texts:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            remedy = f"write {NAMESPACE}:{close[0]}" if close else f"remove it; the keys are {', '.join(sorted(known))}"
            yield Mistake(f"{NAMESPACE}:{name}", "is not a key of this project", remedy)
