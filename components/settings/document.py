"""Writes `docs/settings.md` and `docs/settings.schema.json` from the models, or checks that they are current.

python -m components.settings.document --write | --check
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from components.settings.base import Environment, Settings, environment_defaults
from components.settings.describe import described
from components.settings.explain import yaml_text
from components.settings.json_schema import models_of, parts_of_kinds, plain, stack_file_schema
from components.settings.keys import NAMESPACE
from components.settings.limits import example_of, limits_of, type_of
from components.settings.secrets import SECRET_KEYS
from components.settings.stack import FOLLOWING, KINDS, StackSettings
from components.settings.unions import KIND, is_map, kind_of, models_within

ROOT: Final = Path(__file__).resolve().parents[2]
EXAMPLE: Final = "examples/Pulumi.aws-eks-production.yaml"
_INTRODUCTION: Final = f"""# Settings

Every key of `Pulumi.<stack>.yaml`. Written by `make generate` from the models in `components/settings`; do not edit.

A wrong key, type, value or combination stops before the first resource, and all of a file's mistakes are reported at
once: each with its key, what is wrong and what to write instead. Editors complete and check stack files by
[settings.schema.json](settings.schema.json); the first line of a stack file says so:
`# yaml-language-server: $schema=docs/settings.schema.json`.

`kind` chooses a part's keys; where a part is of several kinds, each has a section. `provider` and `cluster` say theirs;
that of `network`, `registry` and `storage` follows from the provider's. `examples/` has stack files of each provider.

Text that looks like a number stands in quotes (`version: "1.35"`), and numbers do not. Keys that other providers read
may stand beside ours.

## A whole example

`{EXAMPLE}`:
"""
_FIRST: Final = {kinds[0] for parts in KINDS.values() for kinds in parts.values()}
_CHOSEN: Final = {
    model
    for name, models in parts_of_kinds().items()
    for model in models
    if name not in FOLLOWING or kind_of(model) not in _FIRST
}
"""Models whose kind the user writes; others' follows from the provider's."""
_TABLE_HEAD: Final = "| key | type | default | limits | meaning | example |\n|---|---|---|---|---|---|"


def settings_page() -> str:
    """`docs/settings.md`."""
    example = (ROOT / EXAMPLE).read_text(encoding="utf-8").rstrip()
    sections = [
        f"{_INTRODUCTION}\n```yaml\n{example}\n```",
        _environment_section(),
        f"## The parts\n\n{_table(StackSettings, f'{NAMESPACE}:')}",
        *_part_sections(),
        _secrets_section(),
    ]
    return "\n\n".join(sections) + "\n"


def _environment_section() -> str:
    """The one table of what differs by environment."""
    lines = [f"| key | {' | '.join(environment.value for environment in Environment)} |", "|---|---|---|---|"]
    for path, kind, model in _places():
        for name, field in model.model_fields.items():
            defaults = environment_defaults(field)
            if defaults:
                cells = " | ".join(f"`{plain(defaults[environment.value])}`" for environment in Environment)
                lines.append(f"| `{path}.{name}`{_of(kind)} | {cells} |")
    table = "\n".join(lines)
    return (
        f"## What differs by environment\n\n`{NAMESPACE}:environment` chooses these defaults; a key that is written"
        f" wins.\n\n{table}"
    )


def _part_sections() -> Iterator[str]:
    for path, kind, model in _places():
        meaning = (model.__doc__ or "").strip()
        level = "##" if "." not in path else "###"
        yield f"{level} `{path}`{_of(kind)}\n\n{meaning}\n\n{_table(model, '')}"


def _of(kind: str) -> str:
    """What tells models at one place apart."""
    return f" of kind `{kind}`" if kind else ""


def _places() -> Iterator[tuple[str, str, type[Settings]]]:
    """Every model below the stack with the path of its keys and the kind that it, or what it is in, is for.

    `<name>` in a path stands for a key of the user's choice; the kind is empty where there is only one.
    """
    places: dict[type[Settings], tuple[str, str]] = {StackSettings: ("", "")}
    for model in models_of(StackSettings):
        path, kind = places[model]
        if path:
            yield path, kind, model
        for name, field in model.model_fields.items():
            key = f"{path}.{name}" if path else name
            models = models_within(field.annotation)
            for below in models:
                own_kind = str(kind_of(below)) if len(models) > 1 else kind
                places.setdefault(below, (f"{key}.<name>" if is_map(field.annotation) else key, own_kind))


def _table(model: type[Settings], prefix: str) -> str:
    rows = [_row(model, name, field, prefix) for name, field in model.model_fields.items()]
    return "\n".join([_TABLE_HEAD, *rows])


def _row(model: type[Settings], name: str, field: FieldInfo, prefix: str) -> str:
    schema = _SCHEMAS[model.__name__][name]
    meaning, example = described(model, name), _example(field, schema)
    cells = (f"`{prefix}{name}`", type_of(schema), _default(model, name, field), limits_of(schema), meaning, example)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(model: type[Settings], name: str, field: FieldInfo) -> str:
    if field.is_required() or (name == KIND and model in _CHOSEN):
        return "required"
    if environment_defaults(field):
        return "[by environment](#what-differs-by-environment)"
    default: Any = field.get_default()
    if isinstance(default, BaseModel):
        return "as below"
    return "none" if default in (None, "", (), {}) else f"`{plain(default)}`"


def _example(field: FieldInfo, schema: Mapping[str, Any]) -> str:
    """An example of a key: the field's own, else the one of its type; a part's is its section."""
    if field.examples:
        return _one_line(yaml_text(field.examples[0]))
    if models_within(field.annotation):
        return "its keys are below"
    defaults = environment_defaults(field)
    default: Any = defaults.get(Environment.PROD.value, field.get_default())
    return _one_line(example_of(schema, default))


def _one_line(text: str) -> str:
    """As code in a cell, which is one line; YAML reads JSON's escapes."""
    return f"`{json.dumps(text) if chr(10) in text else text}`"


def _secrets_section() -> str:
    lines = [f"- `{NAMESPACE}:{name}`: {meaning}" for name, meaning in SECRET_KEYS.items()]
    listed = "\n".join(lines)
    return (
        "## Secrets\n\nSecrets are keys of their own, encrypted by `pulumi config set --secret`. They are no settings:"
        f" whoever needs one reads it as a secret Output.\n\n{listed}"
    )


def _schemas() -> dict[str, dict[str, Any]]:
    """Every model's properties as JSON schema, by the model's name."""
    schema = stack_file_schema()
    config = cast("Mapping[str, Any]", schema["properties"]["config"]["properties"])
    stack = {key.removeprefix(f"{NAMESPACE}:"): value for key, value in config.items()}
    models = {name: model["properties"] for name, model in schema["definitions"].items() if "properties" in model}
    return {StackSettings.__name__: stack, **models}


_SCHEMAS: Final = _schemas()


def documents() -> dict[str, str]:
    """What is generated, by the repository's file it stands in."""
    schema = json.dumps(stack_file_schema(), indent=2, ensure_ascii=False) + "\n"
    return {"docs/settings.md": settings_page(), "docs/settings.schema.json": schema}
