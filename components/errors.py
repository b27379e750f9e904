"""The errors that users see.

PlatformError                something is wrong that the user can mend; shown without a traceback
├── ConfigurationError       the stack's configuration: all its mistakes, one line each
└── UnsafeChangeError        the change would break what stands: it names the old, the new and the next legal step
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


class PlatformError(pulumi.RunError):
    """Something is wrong that the user can mend. Pulumi shows its message and no traceback."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in the configuration: which key, what is wrong, what to write instead."""

    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}; {self.remedy}"


class ConfigurationError(PlatformError):
    """The stack's configuration has mistakes; the message lists them all."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        count = "1 mistake" if len(self.mistakes) == 1 else f"{len(self.mistakes)} mistakes"
        lines = "\n".join(f"  - {mistake}" for mistake in self.mistakes)
        super().__init__(f"the stack's configuration has {count}:\n{lines}")


class UnsafeChangeError(PlatformError):
    """The change would break what stands."""
