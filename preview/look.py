"""How the text of a preview looks: the CLI's symbols and colours, and values without secrets."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from preview.plan import UNKNOWN, Operation, Secret
from preview.wire import UNKNOWN_TEXT, mask

Paint = Callable[[str, str], str]  # text and a rich style to text

SYMBOLS: Final[Mapping[Operation, str]] = {
    Operation.CREATE: "+ ",
    Operation.UPDATE: "~ ",
    Operation.REPLACE: "+-",
    Operation.DELETE: "- ",
    Operation.SAME: "  ",
    Operation.READ: "> ",
    Operation.IMPORT: "= ",
    Operation.MAY_CHANGE: "? ",
}
STYLES: Final[Mapping[Operation, str]] = {
    Operation.CREATE: "green",
    Operation.UPDATE: "yellow",
    Operation.REPLACE: "magenta",
    Operation.DELETE: "red",
    Operation.READ: "cyan",
    Operation.IMPORT: "cyan",
    Operation.MAY_CHANGE: "yellow",
}


def plain(text: str, style: str) -> str:  # noqa: ARG001  the shape of Paint
    """Paint nothing."""
    return text


def shown(value: Any) -> str:
    """Return a value as text, without secrets."""
    if value is UNKNOWN:
        return "[unknown]"
    if isinstance(value, Secret):
        return "[secret]"
    return json.dumps(mask(value), ensure_ascii=False).replace(UNKNOWN_TEXT, "[unknown]")
