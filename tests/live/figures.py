"""What the live tests measured: the table of scenarios, and ratios of one run, printed after the last test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

SECONDS: Final[dict[str, float]] = {}
"""How long something took, by what it was."""
ONE_AND_ONE: Final = "1 + 1 by `up`"
THREE_AND_TWO: Final = "3 + 2 by `up`"
WARM_ONE_AND_ONE: Final = "1 + 1 by `up`, warm hosts"
WARM_THREE_AND_TWO: Final = "3 + 2 by `up`, warm hosts"
BY_HAND: Final = "1 + 1 by hand"
_RATIOS: Final = (
    (ONE_AND_ONE, BY_HAND, 1.25),
    (THREE_AND_TWO, ONE_AND_ONE, 3.5),
    (WARM_THREE_AND_TWO, WARM_ONE_AND_ONE, 3.5),
)


_Made = TypeVar("_Made")


def timed(what: str, action: Callable[[], _Made]) -> _Made:
    """Do something, and remember how long it took."""
    started = time.monotonic()
    made = action()
    SECONDS[what] = time.monotonic() - started
    return made


def lines() -> Iterator[str]:
    """The figures, then the ratios that can be made of them with the most that each may be."""
    for what, seconds in SECONDS.items():
        yield f"{seconds:8.1f} s  {what}"
    for above, below, most in _RATIOS:
        if above in SECONDS and below in SECONDS:
            yield f"{SECONDS[above] / SECONDS[below]:8.2f}    {above}, over {below} (at most {most})"
