"""The project and its stack: `Pulumi.yaml` and `Pulumi.<stack>.yaml`, as the CLI passes them to the program.

Config reaches a program as `{"<namespace>:<key>": text}`; objects and lists are JSON text. A `secure:` value cannot be
decrypted here, so the program gets the engine's placeholder for an unknown value, marked as a secret. Source:
pulumi/sdk v3.259.0 go/common/workspace (project.go, config.go), read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from preview.config_schema import apply_schema, config_text
from preview.documents import read_mapping
from preview.errors import PreviewError, StackNotFound
from preview.wire import UNKNOWN_TEXT

PROJECT_FILE: Final = "Pulumi.yaml"
DEFAULT_STACK: Final = "dev"


@dataclass(frozen=True, kw_only=True)
class Project:
    """One project with one of its stacks."""

    name: str
    stack: str
    root: Path  # the directory of Pulumi.yaml
    program: Path  # the directory or file that the language host would run
    config: Mapping[str, str] = field(default_factory=dict[str, str])
    secret_keys: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what this preview does not read


def load(directory: Path, stack: str | None = None, config_file: Path | None = None) -> Project:
    """Read the project of `directory` or of the nearest directory above it.

    Raises:
        PreviewError: a file is missing, broken or contradicts the declared config; `StackNotFound` where the stack is
        unclear.
    """
    root = find_root(directory)
    project_file = root / PROJECT_FILE
    project = read_mapping(project_file)
    name = project.get("name")
    if not isinstance(name, str) or not name:
        raise PreviewError(f"{project_file}: name: is missing; write `name: my-project`")
    runtime = project.get("runtime")
    runtime_name = cast("dict[str, Any]", runtime).get("name") if isinstance(runtime, dict) else runtime
    if runtime_name != "python":
        raise PreviewError(
            f"{project_file}: runtime: is {runtime_name!r}; this preview runs `runtime: python` programs"
        )
    stack, stack_file = _choose_stack(root, stack, config_file)
    settings = read_mapping(stack_file) if stack_file else {}
    config, secrets = _read_config(name, settings.get("config"), stack_file)
    apply_schema(project.get("config"), name, project_file, stack, config, secrets)
    return Project(
        name=name,
        stack=stack,
        root=root,
        program=(root / str(project.get("main") or ".")).resolve(),
        config=config,
        secret_keys=tuple(sorted(secrets)),
        notes=_notes(settings, stack_file),
    )


def find_root(directory: Path) -> Path:
    """Return the directory of `Pulumi.yaml`: this one or the nearest above it.

    Raises:
        PreviewError: there is none.
    """
    directory = directory.resolve()
    for candidate in (directory, *directory.parents):
        if (candidate / PROJECT_FILE).is_file():
            return candidate
    raise PreviewError(f"{directory}: no {PROJECT_FILE} here or above; run in a Pulumi project or name one with --cwd")


def _choose_stack(root: Path, stack: str | None, config_file: Path | None) -> tuple[str, Path | None]:
    """Return the stack's name and its file.

    Without a name: the one in `--config-file`'s own name, else the only stack file's, else `dev`. The environment has
    no say.
    """
    files = {
        path.name.removeprefix("Pulumi.").removesuffix(".yaml"): path for path in sorted(root.glob("Pulumi.*.yaml"))
    }
    if config_file is not None:
        parts = config_file.name.split(".")
        named = parts[1] if len(parts) == 3 and parts[0] == "Pulumi" and parts[2] in ("yaml", "yml") else None
        return stack or named or DEFAULT_STACK, config_file
    if stack is None:
        stack = next(iter(files)) if len(files) == 1 else DEFAULT_STACK
    stack = stack.rpartition("/")[2]  # organization/project/stack is the CLI's long form
    if files and stack not in files:
        raise StackNotFound(f"no stack named {stack!r}: {root} has {', '.join(sorted(files))}; name one with --stack")
    return stack, files.get(stack)


def _read_config(project: str, section: Any, path: Path | None) -> tuple[dict[str, str], set[str]]:
    """Return the stack's config and the keys of its secrets."""
    if section is None:
        return {}, set()
    if not isinstance(section, dict):
        raise PreviewError(
            f"{path}: config: holds a {type(section).__name__}; write `{project}:<key>: value` lines below it"
        )
    config, secrets = dict[str, str](), set[str]()
    for key, value in cast("dict[Any, Any]", section).items():
        if not isinstance(key, str):
            raise PreviewError(f"{path}: config: the key {key!r} is not text; put it in quotes")
        full_key = key if ":" in key else f"{project}:{key}"
        plain, secret = _without_ciphertext(value)
        config[full_key] = config_text(plain)
        if secret:
            secrets.add(full_key)
    return config, secrets


def _without_ciphertext(value: Any) -> tuple[Any, bool]:
    """Return `value` with the placeholder for what is encrypted, and whether anything was."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if set(fields) == {"secure"}:
            return UNKNOWN_TEXT, True
        parts = {key: _without_ciphertext(item) for key, item in fields.items()}
        return {key: item for key, (item, _) in parts.items()}, any(secret for _, secret in parts.values())
    if isinstance(value, list):
        items = [_without_ciphertext(item) for item in cast("list[Any]", value)]
        return [item for item, _ in items], any(secret for _, secret in items)
    return value, False


def _notes(settings: Mapping[str, Any], path: Path | None) -> tuple[str, ...]:
    if "environment" not in settings:
        return ()
    return (
        f"{path}: environment: is kept by Pulumi ESC and not read here; set its values in this file to preview them",
    )
