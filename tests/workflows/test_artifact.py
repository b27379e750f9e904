"""An artifact is a zip file from anyone: what no preview writes is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tools import artifact
from tools.artifact import ArtifactError, unpack


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_plans_and_acknowledgements_are_taken_out(tmp_path: Path) -> None:
    members = {"base/dev.json": b"{}", "head/dev.json": b"[]", "head/preview.acknowledgements.yaml": b""}
    unpack(_zip(**members), tmp_path / "plans")
    found = {
        str(file.relative_to(tmp_path / "plans")): file.read_bytes()
        for file in tmp_path.rglob("*.*ml")
        if file.is_file()
    }
    found |= {str(file.relative_to(tmp_path / "plans")): file.read_bytes() for file in tmp_path.rglob("*.json")}
    assert found == members


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "head/../../evil.json",
        "/etc/evil.json",
        "head/.json",
        "head/..json/evil.json",
        "head/sub/dev.json",
        "head\\dev.json",
        "head/dev.py",
        "base/preview.acknowledgements.yaml",
        "other/dev.json",
        "head/dev.json\n",
        f"head/{'x' * 200}.json",
    ],
)
def test_a_name_that_no_preview_writes_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArtifactError, match="no preview writes"):
        unpack(_zip(**{name: b"{}"}), tmp_path / "plans")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "MAX_UNPACKED_MIB", 2)
    bomb = _zip(**{"base/a.json": bytes(2**20), "base/b.json": bytes(2**20), "head/c.json": b"x"})
    assert len(bomb) < 10_000
    with pytest.raises(ArtifactError, match="holds more than 2 MiB"):
        unpack(bomb, tmp_path / "plans")


def test_acknowledgements_that_would_take_long_to_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="more than 256 KiB"):
        unpack(_zip(**{"head/preview.acknowledgements.yaml": b"#" * 300_000}), tmp_path / "plans")


def test_very_many_files_are_refused(tmp_path: Path) -> None:
    many = {f"head/{number}.json": b"" for number in range(artifact.MAX_FILES + 1)}
    with pytest.raises(ArtifactError, match="holds 401 files"):
        unpack(_zip(**many), tmp_path / "plans")


@pytest.mark.parametrize("content", [b"", b"no zip", _zip(**{"head/dev.json": b"{}" * 99})[:-30]])
def test_what_is_no_zip_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ArtifactError, match="no zip file"):
        unpack(content, tmp_path / "plans")


def test_a_file_whose_content_is_damaged_is_refused(tmp_path: Path) -> None:
    content = bytearray(_zip(**{"head/dev.json": b"0123456789" * 100}))
    content[45] ^= 0xFF
    with pytest.raises(ArtifactError):
        unpack(bytes(content), tmp_path / "plans")
