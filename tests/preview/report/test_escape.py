"""What others wrote is shown and never read as anything else."""

from __future__ import annotations

import pytest

from preview.report.escape import code, prose, text
from tests.preview.report.markup import Markup
from tests.preview.report.samples import HARMFUL


@pytest.mark.parametrize("words", HARMFUL)
def test_nothing_that_others_wrote_becomes_markup(words: str) -> None:
    for made, allowed in ((text(words), set[str]()), (code(words), {"code"}), (prose(words), {"code"})):
        found = Markup(made)
        assert set(found.elements) <= allowed
        assert (found.comments, found.faults) == ([], [])


@pytest.mark.parametrize("words", ["plain-name_1", "a b", "\u00fc\u00df \u65e5\u672c \U0001f600", "1 < 2 & 3 > 2"])
def test_words_that_mean_no_harm_come_back_as_they_were(words: str) -> None:
    assert Markup(text(words)).text == words
    assert Markup(prose(words)).text == words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\n\nb", "a\u21b5\u21b5b"),
        ("a\tb", "a b"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\u202eabc", "\ufffdabc"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_would_move_or_turn_the_text_is_shown_as_a_mark(words: str, shown: str) -> None:
    assert Markup(text(words)).text == shown
    assert text(words).encode()


@pytest.mark.parametrize(
    "words", ["see @octocat", "fixes #12", "GH-12", "https://evil.example", "WWW.evil.example", "a@b.example"]
)
def test_a_sentence_links_and_mentions_nothing(words: str) -> None:
    pieces = Markup(prose(words)).plain  # what a forge would look at: text outside code, piece by piece
    for piece in pieces:
        for sign in ("@o", "@b", "#1", "gh-1", "://", "www."):
            assert sign not in piece.lower()
