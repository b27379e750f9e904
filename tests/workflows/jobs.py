"""The workflows of `.github/`, as the tests read them, and the tool that lints them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import yaml

from tests.support import ROOT

WORKFLOWS: Final = {path.stem: path for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
ACTIONS: Final = {path.parent.name: path for path in sorted((ROOT / ".github" / "actions").glob("*/action.yml"))}
_LINTER: Final = (
    Path.home() / ".cache" / "infraplatform-tools" / "actionlint"
)  # docs/pull-requests.md says how it gets there


class _Loader(yaml.SafeLoader):
    """YAML 1.2's booleans: `on` is a key."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> dict[str, Any]:
    loaded: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  a SafeLoader
    return cast("dict[str, Any]", loaded)


def jobs(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read(WORKFLOWS[name])["jobs"]
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Every step of a workflow or an action."""
    document = read(path)
    for job in document.get("jobs", {"": document.get("runs")}).values():
        yield from job["steps"]


def linter() -> str | None:
    """Where actionlint is, None where it is not."""
    return shutil.which("actionlint") or (str(_LINTER) if _LINTER.is_file() else None)
