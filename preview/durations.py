"""Durations: Go's text for them, and seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_UNIT_SECONDS: Final[Mapping[str, float]] = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


def seconds_text(seconds: float) -> str:
    """Return a duration as a plan holds it: `1800s`."""
    return f"{seconds:g}s" if seconds != int(seconds) else f"{int(seconds)}s"


def duration_seconds(text: str) -> float:
    """Return the seconds of a Go duration such as `1h30m`; text that is none counts as zero.

    >>> duration_seconds("1h30m")
    5400.0
    """
    parts = re.findall(r"([0-9.]+)(h|ms|us|µs|ns|m|s)", text)
    return float(sum(float(number) * _UNIT_SECONDS[unit] for number, unit in parts))
