"""What is compared with the engine: every stack of the repository, and the programs of this folder.

Stacks are discovered, not listed: a new example is compared from its first day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from tests.changes import applicable, changed

REPOSITORY: Final = Path(__file__).parents[2]
PROGRAMS: Final = Path(__file__).with_name("programs")

WITHIN_SECRETS: Final = frozenset({"host-key", "host-address"})
"""Changes that are not compared: pulumi-command's SDK makes the whole `connection` a secret, and what a state holds of
a secret is ciphertext, of which the offline preview cannot tell whether it changed (`docs/changes.md` says so)."""


@dataclass(frozen=True, eq=False)
class Case:
    """One stack of one project.

    Attributes:
        name: what tests and reports call it.
        project_dir: where Pulumi.yaml and the program stand.
        stack: the stack's name.
        config_file: its settings.
        changes: how its settings read after one change each, to be planned against its state; by the change's name.
    """

    name: str
    project_dir: Path
    stack: str
    config_file: Path
    changes: Mapping[str, Callable[[], str]]


def programs() -> Iterator[Case]:
    """The small programs of this folder; each file `Pulumi.dev.<change>.yaml` is a change."""
    for project in sorted(PROGRAMS.glob("*/Pulumi.yaml")):
        folder = project.parent
        changes = {path.suffixes[-2].removeprefix("."): partial(path.read_text) for path in _changed_files(folder)}
        yield Case(folder.name, folder, "dev", folder / "Pulumi.dev.yaml", changes)


def examples() -> Iterator[Case]:
    """The repository's own stacks, each with those of the most usual changes (`tests/changes.py`) that apply."""
    for file in [*sorted(REPOSITORY.glob("Pulumi.*.yaml")), *sorted(REPOSITORY.glob("examples/**/*.yaml"))]:
        if _is_stack_file(file):
            compared = {name: change for name, change in applicable(file).items() if name not in WITHIN_SECRETS}
            changes = {name: partial(changed, file, change) for name, change in compared.items()}
            yield Case(file.stem.removeprefix("Pulumi."), REPOSITORY, file.stem.removeprefix("Pulumi."), file, changes)


def _changed_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("Pulumi.dev.*.yaml"))


def _is_stack_file(file: Path) -> bool:
    content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    return isinstance(content, dict) and "config" in content and "runtime" not in content
