"""The JSON schema of a whole stack file, by which editors complete and check `Pulumi.<stack>.yaml`.

It says what single values must be. The rules between values are `load()`'s alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from components.settings.base import BY_ENVIRONMENT, Environment, Settings
from components.settings.describe import described
from components.settings.keys import NAMESPACE
from components.settings.secrets import SECRET_KEYS
from components.settings.stack import CLUSTER_KINDS, FOLLOWING, KINDS, StackSettings
from components.settings.unions import KIND, kind_of, model_of, models_within

Schema = dict[str, Any]
DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""What the YAML language server reads in full; the schema uses nothing newer."""


def stack_file_schema() -> Schema:
    """The schema of a stack file: our keys in full, other namespaces and Pulumi's own keys as they come."""
    settings = StackSettings.model_json_schema(ref_template="#/definitions/{model}")
    models = settings.pop("$defs")
    for model in models_of(StackSettings):
        _describe(models.get(model.__name__, settings), model)
    parts = {f"{NAMESPACE}:{name}": part for name, part in settings["properties"].items()}
    secrets = {f"{NAMESPACE}:{name}": {"type": "object", "description": text} for name, text in SECRET_KEYS.items()}
    for name in parts_of_kinds():
        parts[f"{NAMESPACE}:{name}"] = _part_of_kinds(name)
    config = {
        "type": "object",
        "properties": parts | secrets,
        "required": [f"{NAMESPACE}:{name}" for name in settings["required"]],
        "allOf": [_parts_on(provider) for provider in KINDS],
        "propertyNames": {"anyOf": [{"enum": sorted(parts | secrets)}, {"not": {"pattern": f"^{NAMESPACE}:"}}]},
    }
    return {
        "$schema": DIALECT,
        "title": "An InfraPlatform stack: Pulumi.<stack>.yaml",
        "type": "object",
        "properties": {"config": _tidy(config)},
        "required": ["config"],
        "definitions": _tidy(models),
    }


def parts_of_kinds() -> dict[str, tuple[type[Settings], ...]]:
    """The parts that are of one of several kinds, with the models of these."""
    parts = {name: models_within(field.annotation) for name, field in StackSettings.model_fields.items()}
    return {name: models for name, models in parts.items() if len(models) > 1}


def _part_of_kinds(name: str) -> Schema:
    """A part whose `kind` chooses its keys; where the kind follows from the provider, `_parts_on` does."""
    part: Schema = {"description": described(StackSettings, name), "type": "object"}
    if name in FOLLOWING:
        return part
    models = {str(kind_of(model)): model for model in parts_of_kinds()[name]}
    return {
        **part,
        "properties": {KIND: {"enum": list(models)}},
        "required": [KIND],
        "allOf": [{"if": _of_kind(kind), "then": _reference(model)} for kind, model in models.items()],
    }


def _parts_on(provider: str) -> Schema:
    """The parts that a stack on one provider has."""
    parts = {f"{NAMESPACE}:{name}": _part_following(name, kinds) for name, kinds in KINDS[provider].items()}
    parts[f"{NAMESPACE}:cluster"] = {"properties": {KIND: {"enum": list(CLUSTER_KINDS[provider])}}}
    key = f"{NAMESPACE}:provider"
    return {"if": {"properties": {key: _of_kind(provider)}, "required": [key]}, "then": {"properties": parts}}


def _part_following(name: str, kinds: Sequence[str]) -> Schema:
    """A part of one of the kinds that a provider has, of the first where it does not say."""
    annotation = StackSettings.model_fields[name].annotation
    models = {kind: model for kind in kinds if (model := model_of(annotation, kind)) is not None}
    if len(models) == 1:
        return _reference(models[kinds[0]])
    unsaid = {"if": {"not": {"required": [KIND]}}, "then": _reference(models[kinds[0]])}
    said = [{"if": _of_kind(kind), "then": _reference(model)} for kind, model in models.items()]
    return {"properties": {KIND: {"enum": list(models)}}, "allOf": [unsaid, *said]}


def _of_kind(kind: str) -> Schema:
    return {"properties": {KIND: {"const": kind}}, "required": [KIND]}


def _reference(model: type[Settings]) -> Schema:
    return {"$ref": f"#/definitions/{model.__name__}"}


def models_of(model: type[Settings]) -> Iterator[type[Settings]]:
    """A model and all that are in it, each once, in the order of their fields."""
    seen: dict[type[Settings], None] = {}

    def visit(found: type[Settings]) -> None:
        if found not in seen:
            seen[found] = None
            for field in found.model_fields.values():
                for below in models_within(field.annotation):
                    visit(below)

    visit(model)
    yield from seen


def _describe(schema: Schema, model: type[Settings]) -> None:
    """Put the fields' docstrings into a model's schema; a default that differs by environment becomes words."""
    for name, field in cast("dict[str, Schema]", schema["properties"]).items():
        field["description"] = described(model, name)
        defaults = field.pop(BY_ENVIRONMENT, None)
        if defaults is not None:
            field.pop("default")
            listed = ", ".join(
                f"{environment.value} {plain(defaults[environment.value])}" for environment in Environment
            )
            field["description"] += f" Default: {listed}."


def plain(value: Any) -> str:
    """A default as YAML writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tidy(value: Any) -> Any:
    """The schema as editors want it.

    Pydantic's titles only repeat the keys; beside `$ref` draft 7 reads nothing, so it goes into `allOf`; a map whose
    keys have a form takes no others.
    """
    if isinstance(value, list):
        return [_tidy(item) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    items = cast("Schema", value).items()
    tidy = {key: _tidy(item) for key, item in items if key != "title" or isinstance(item, dict)}
    if "$ref" in tidy and len(tidy) > 1:
        tidy = {"allOf": [{"$ref": tidy.pop("$ref")}], **tidy}
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy
