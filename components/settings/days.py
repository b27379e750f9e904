"""Days, as the settings write them: of the week, and of the calendar."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from components.settings.base import wrong
from components.settings.values import matching


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def day_field(example: str) -> Any:
    """A field that holds a day of the calendar as text; `checked_day` is its validator."""
    return matching(r"^\d{4}-\d\d-\d\d$", "a day, as 2026-12-18", examples=[example])


def time_of_day_field(example: str) -> Any:
    """A field that holds a time of day as text."""
    return matching(r"^([01]\d|2[0-3]):[0-5]\d$", "a time of day, as 02:00", examples=[example])


def checked_day(text: str) -> str:
    """Refuse what has a day's form and is in no calendar."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise wrong(f"{text} is not a day of the calendar", "write a day, as 2026-12-18") from None
    return text
