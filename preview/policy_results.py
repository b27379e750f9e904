"""What policy packs said of a plan. Plain data: nothing here starts a pack or speaks to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MANDATORY: Final = "mandatory"
ADVISORY: Final = "advisory"
_LEVEL_ORDER: Final = (MANDATORY, ADVISORY)
_SEVERITY_ORDER: Final = ("critical", "high", "medium", "low")


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A policy that a resource breaks, or something else that the policy says of it.

    `level` is Pulumi's: mandatory or advisory; `severity` is empty where the pack names none, `urn` where it is about
    no single resource.
    """

    policy: str
    level: str
    severity: str
    urn: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Remediation:
    """What a policy's fix changed on a resource: the value before and after, by property path."""

    policy: str
    urn: str
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict[str, tuple[Any, Any]])


@dataclass(frozen=True, kw_only=True)
class PackResult:
    """What one pack said."""

    name: str
    version: str
    folder: str
    violations: tuple[Violation, ...] = ()
    remediations: tuple[Remediation, ...] = ()

    @property
    def forbids(self) -> bool:
        """Whether it stops the update."""
        return any(violation.level == MANDATORY for violation in self.violations)


def order(violation: Violation) -> tuple[int, int, str, str, str]:
    """What comes first where violations are listed: what stops the update, then what is worst."""
    level = _place(violation.level, _LEVEL_ORDER)
    return level, _place(violation.severity, _SEVERITY_ORDER), violation.policy, violation.urn, violation.message


def _place(word: str, words: tuple[str, ...]) -> int:
    return words.index(word) if word in words else len(words)
