"""The file of acknowledgements says what is wrong with it, all at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from preview.errors import PreviewError
from preview.report.acknowledgements import read

URN = "urn:pulumi:dev::demo::aws:ecr/repository:Repository::images"


def _read(tmp_path: Path, text: str) -> str:
    """The mistakes in a file with this text."""
    path = tmp_path / "preview.acknowledgements.yaml"
    path.write_text(text)
    with pytest.raises(PreviewError) as raised:
        read(path)
    return str(raised.value)


def test_an_entry_names_what_may_go_why_and_until_when(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(f"acknowledgements:\n- urn: {URN}\n  reason: moved, see 7\n  until: 2026-12-31\n")
    (entry,) = read(path)
    assert (entry.urn, entry.reason, entry.until) == (URN, "moved, see 7", date(2026, 12, 31))


@pytest.mark.parametrize("text", ["", "acknowledgements:\n", "acknowledgements: []\n"])
def test_a_file_may_have_no_entries(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text)
    assert read(path) == ()


def test_no_file_has_no_entries(tmp_path: Path) -> None:
    assert read(tmp_path / "nothing.yaml") == ()


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("other: 1\n", "is not a list of acknowledgements"),
        ("acknowledgements: {a: b}\n", "is not a list of acknowledgements"),
        ("acknowledgements: [text]\n", "entry 1: is a str"),
        (f"acknowledgements:\n- {{urn: '{URN}', until: 2026-12-31}}\n", "reason: is missing"),
        (f"acknowledgements:\n- {{urn: '{URN}', reason: ' ', until: 2026-12-31}}\n", "reason: is missing"),
        (f"acknowledgements:\n- {{urn: '{URN}', reason: r}}\n", "until: is missing"),
        (f"acknowledgements:\n- {{urn: '{URN}', reason: r, until: next week}}\n", "'next week' is no day"),
        (f"acknowledgements:\n- {{urn: '{URN}', reason: r, until: 2026-W01-1}}\n", "is no day"),
        (f"acknowledgements:\n- {{urn: '{URN}', reason: r, until: 2026-02-30}}\n", "is no day"),
        ("acknowledgements:\n- {urn: images, reason: r, until: 2026-12-31}\n", "'images' is no URN"),
        (f"acknowledgements:\n- {{urn: '{URN}', reason: r, until: 2026-12-31, who: me}}\n", "who: no such key"),
    ],
)
def test_a_broken_entry_is_refused(tmp_path: Path, text: str, mistake: str) -> None:
    assert mistake in _read(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = _read(tmp_path, "acknowledgements:\n- {urn: images, reason: r, until: soon}\n- {}\n")
    assert len(told.splitlines()) == 5


def test_an_entry_may_not_be_there_twice(tmp_path: Path) -> None:
    entry = f"- {{urn: '{URN}', reason: r, until: 2026-12-31}}\n"
    assert f"{URN} is there twice" in _read(tmp_path, "acknowledgements:\n" + entry * 2)
