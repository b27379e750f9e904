"""The `config:` section of `Pulumi.yaml`: types, defaults and required keys of the stack's config.

`key: {type: string | integer | boolean | array | object, default: ..., value: ..., secret: true}`, or `key: value` for
a default. Source: pulumi/sdk v3.259.0 go/common/workspace (project.json, config.go), read 2026-11-23.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, cast

from preview.errors import PreviewError
from preview.plan import MASKED
from preview.wire import UNKNOWN_TEXT

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def apply_schema(section: Any, project: str, path: Path, stack: str, config: dict[str, str], secrets: set[str]) -> None:
    """Add the project's defaults to `config` and check what the project declares.

    Raises:
        PreviewError: keys are missing or of another type; all of them are named.
    """
    if section is None:
        return
    if not isinstance(section, dict):
        raise PreviewError(
            f"{path}: config: holds a {type(section).__name__}; write `key: {{type: string}}` lines below it"
        )
    problems = list[str]()
    for name, declared in cast("dict[str, Any]", section).items():
        key = name if ":" in name else f"{project}:{name}"
        declaration = cast("dict[str, Any]", declared) if isinstance(declared, dict) else {"default": declared}
        problem = _apply(key, declaration, stack, config, secrets)
        if problem:
            problems.append(problem)
    if problems:
        raise PreviewError("\n".join(problems))


def _apply(
    key: str, declaration: Mapping[str, Any], stack: str, config: dict[str, str], secrets: set[str]
) -> str | None:
    """Take over one declared key; return what is wrong with it."""
    if declaration.get("secret") and key in config:
        secrets.add(key)
    given = config.get(key)
    if given is None:
        for source in ("value", "default"):
            if source in declaration:
                config[key] = config_text(declaration[source])
                return None
        if "type" in declaration and ":" in key:
            return f"{key}: is missing; write it into Pulumi.{stack}.yaml under config ({_description(declaration)})"
        return None
    return _type_problem(key, declaration, given)


def _type_problem(key: str, declaration: Mapping[str, Any], given: str) -> str | None:
    kind = declaration.get("type")
    if kind is None or kind == "string" or UNKNOWN_TEXT in given:
        return None
    if kind not in _TYPES:
        return f"{key}: Pulumi.yaml declares the type {kind!r}; write one of {', '.join(_TYPES)}"
    try:
        value = json.loads(given)
    except json.JSONDecodeError:
        value = given
    fits = isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
    return None if fits else f"{key}: is {given!r}; write a value of type {kind}"


def _description(declaration: Mapping[str, Any]) -> str:
    return ": ".join(str(declaration[key]) for key in ("type", "description") if key in declaration)


def config_text(value: Any) -> str:
    """Return a config value as the program reads it: text as it is, everything else as JSON with sorted keys."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, separators=(",", ":"), sort_keys=True)


def shown_config(config: Mapping[str, str], secret_keys: Collection[str]) -> dict[str, str]:
    """Return the config that may be shown: secrets are masked, and of an object only what is encrypted in it."""
    shown = {key: value.replace(UNKNOWN_TEXT, MASKED) for key, value in sorted(config.items())}
    return {key: MASKED if key in secret_keys and MASKED not in value else value for key, value in shown.items()}
