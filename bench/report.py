"""The bench's table: each ratio beside its target and what it was made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """One measured ratio.

    Attributes:
        name: what is divided by what.
        value: the ratio.
        at_most: the target that the project set itself.
        made_of: the two numbers, with their units.
    """

    name: str
    value: float
    at_most: float
    made_of: str

    @property
    def verdict(self) -> str:
        """Whether the target is met, in words."""
        return "met" if self.value <= self.at_most else "NOT MET"


@dataclass(frozen=True)
class Skipped:
    """A ratio that could not be measured here, and why."""

    name: str
    reason: str


def table(results: list[Ratio | Skipped]) -> str:
    """Return the results as aligned lines, in the order given."""
    rows = [("ratio", "value", "target", "", "made of")]
    for result in results:
        match result:
            case Ratio():
                rows.append(
                    (result.name, f"{result.value:.2f}", f"<= {result.at_most:.2f}", result.verdict, result.made_of)
                )
            case Skipped():
                rows.append((result.name, "-", "-", "skipped", result.reason))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    )
