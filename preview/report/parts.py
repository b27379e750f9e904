"""What resources are to a platform, from `parts.yaml`: which hold state, and which changes restart workloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from preview.documents import read_mapping
from preview.paths import Path as PropertyPath
from preview.paths import contains, parse_path
from preview.report.model import Impact, Part

_TABLE: Final = Path(__file__).parent / "parts.yaml"
_KEYS: Final = frozenset({"part", "holds", "stateful", "kept_when", "ends", "moves", "by"})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A row of the table.

    Attributes:
        holds: what goes when it goes.
        stateful: whether a new one lacks what the old one had.
        kept_when: inputs that make the provider leave the thing itself behind.
        ends: what workloads notice when one that is not stateful goes.
        moves: the inputs whose change in place makes workloads move or restart.
        by: how they do that.
    """

    part: Part
    holds: str
    stateful: bool = True
    kept_when: tuple[str, ...] = ()
    ends: Impact = Impact.OUTAGE
    moves: tuple[PropertyPath, ...] = ()
    by: str = ""

    def is_moved_by(self, path: str) -> bool:
        """Whether a change in place of the input at `path` makes workloads move."""
        parts = tuple(part for part in parse_path(path) if isinstance(part, str))
        return any(contains(moved, parts) or contains(parts, moved) for moved in self.moves)


def facts_of(resource_type: str) -> Facts | None:
    """Return what the table says of a type, None where it holds nothing and runs nothing."""
    return _table().get(_without_version(resource_type))


def part_of(resource_type: str) -> Part | None:
    """Return what a resource of this type is, None where the table does not have it."""
    facts = facts_of(resource_type)
    return facts.part if facts else None


@cache
def _table() -> Mapping[str, Facts]:
    return {token: _facts(token, row) for token, row in read_mapping(_TABLE).items()}


def _facts(token: str, row: Mapping[str, Any]) -> Facts:
    if unknown := row.keys() - _KEYS:
        raise ValueError(f"{_TABLE.name}: {token}: {', '.join(sorted(unknown))}: no such key")
    return Facts(
        part=Part(row["part"]),
        holds=row["holds"],
        stateful=row.get("stateful", True),
        kept_when=tuple(row.get("kept_when", ())),
        ends=Impact(row.get("ends", Impact.OUTAGE)),
        moves=tuple(parse_path(path) for path in row.get("moves", ())),
        by=row.get("by", ""),
    )


def _without_version(resource_type: str) -> str:
    """Return a type without the API version that Azure's tokens may carry: `azure-native:network/v20240101:Subnet`."""
    package, _, rest = resource_type.partition(":")
    if package != "azure-native":
        return resource_type
    module, _, name = rest.partition(":")
    return f"{package}:{module.partition('/')[0]}:{name}"
