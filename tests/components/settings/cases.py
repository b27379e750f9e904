"""Cases kept as YAML: changes of the sound configuration, and what the user reads of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.components.settings.configurations import REMOVED, Changes


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case of a file: its rule where the file is about rules, its changes, and the mistakes that they make."""

    rule: str
    changes: Changes
    read: list[str]

    def __str__(self) -> str:
        return f"{self.rule}-{'-'.join('.'.join(path) for path in self.changes)}"


def cases(name: str) -> list[Case]:
    """The cases of a file beside this one."""
    entries: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))
    return [_case(entry) for entry in entries]


def _case(entry: dict[str, Any]) -> Case:
    removed = dict.fromkeys(entry.get("without", ()), REMOVED)
    changes = {tuple(path.split(".")): value for path, value in {**removed, **entry.get("with", {})}.items()}
    read = entry["read"]
    return Case(rule=entry.get("rule", ""), changes=changes, read=[read] if isinstance(read, str) else read)
