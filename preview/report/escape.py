"""Text that others wrote, made safe to show: in HTML, in SVG and in the HTML blocks of a Markdown comment.

A plan's names, tags and values may hold anything. Nothing of them is ever markup, an address, a link or an identifier.
Escaped HTML alone is not enough in a comment: a forge looks for `@mentions`, issue numbers and addresses in its text,
except in code.
"""

from __future__ import annotations

import re
from html import escape as _escape
from typing import Final

_NEWLINE: Final = "\u21b5"  # an arrow for a line break: two of those would end an HTML block in Markdown
_UNSHOWN: Final = "\ufffd"  # for control characters, ANSI sequences, marks that turn the direction of the text
_LINKED: Final = re.compile(r"@|#(?=\d)|(?<=\bGH)-(?=\d)|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)


def text(words: str) -> str:
    """Return the words in one line, as text between two tags or in a quoted attribute."""
    return _escape(words if words.isprintable() else "".join(map(_shown, words)))


def code(words: str) -> str:
    """Return the words as code, in which no forge links or mentions anything."""
    return f"<code>{text(words)}</code>"


def prose(words: str) -> str:
    """Return a sentence with words of others in it, in which no forge links or mentions anything."""
    return _LINKED.sub(lambda found: f"<code>{found.group()}</code>", text(words))


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    return _NEWLINE if letter == "\n" else " " if letter == "\t" else _UNSHOWN
