"""What nodes download is known by its sum, for both kinds of processors, wherever upstream has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.binaries import BINARIES, known_patches, known_sum, upstream
from components.settings import KubeadmClusterSettings
from components.terms import Architecture

WRITTEN_BY_USERS = ["calico-chart", "calico-crds-chart", "longhorn-chart"]
"""Charts whose sums nobody could be asked for."""
LINES = (Path(__file__).parents[2] / "components/binaries.sha256").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("version", ["1.34.11", "1.35.8", "1.36.3"])
@pytest.mark.parametrize("architecture", Architecture)
@pytest.mark.parametrize("name", sorted({*BINARIES} - {*WRITTEN_BY_USERS}))
def test_every_binary_of_a_known_version_has_a_sum(name: str, architecture: Architecture, version: str) -> None:
    path = upstream(name, version, architecture)
    assert re.fullmatch(r"[0-9a-f]{64}", known_sum(path) or "")


def test_no_two_files_share_a_sum_and_no_file_has_two() -> None:
    sums, paths = zip(*(line.split("  ") for line in LINES), strict=True)
    assert len(set(sums)) == len(set(paths)) == len(LINES)


def test_both_architectures_are_there_alike() -> None:
    paths = {line.split("  ")[1] for line in LINES}
    assert {path.replace("amd64", "arm64") for path in paths if "amd64" in path} == {
        path for path in paths if "arm64" in path
    }


def test_the_known_patches_of_a_minor_are_in_their_order() -> None:
    assert known_patches("1.36") == ["1.36.0", "1.36.1", "1.36.2", "1.36.3", "1.36.4"]
    assert known_patches("1.34")[-2:] == ["1.34.10", "1.34.11"]
    assert known_patches("1.33") == []


def _downloads(**given: object) -> dict[str, tuple[str, str] | None]:
    settings = KubeadmClusterSettings.model_validate({"version": "1.36.3", **given})
    found = settings.downloads_for(Architecture.AMD64)
    return {name: None if each is None else (each.url, each.sha256) for name, each in found.items()}


RUNC = "github.com/opencontainers/runc/releases/download/v1.4.3/runc.amd64"


def test_a_version_alone_is_enough() -> None:
    assert all(_downloads().values())
    assert _downloads()["runc"] == (f"https://{RUNC}", known_sum(RUNC))


def test_a_mirror_has_upstreams_layout() -> None:
    found = _downloads(download_mirror="http://mirror.example/files")
    assert found["runc"] == (f"http://mirror.example/files/{RUNC}", known_sum(RUNC))


def test_an_entry_of_the_user_wins_over_mirror_and_upstream() -> None:
    mine = {"url": "https://elsewhere.example/runc", "sha256": "1" * 64}
    found = _downloads(download_mirror="http://mirror.example", downloads={"runc": mine})
    assert found["runc"] == (mine["url"], mine["sha256"])
    assert (found["kubectl"] or ("",))[0].startswith("http://mirror.example/dl.k8s.io/")


def test_an_entry_for_an_architecture_wins_over_one_for_all() -> None:
    entries = {"runc": {"sha256": "1" * 64}, "runc/amd64": {"sha256": "2" * 64}, "runc/arm64": {"sha256": "3" * 64}}
    assert _downloads(downloads=entries)["runc"] == (f"https://{RUNC}", "2" * 64)


def test_a_sum_alone_makes_an_unknown_version_known() -> None:
    assert _downloads(version="1.36.99")["kubeadm"] is None
    found = _downloads(version="1.36.99", downloads={"kubeadm": {"sha256": "1" * 64}})
    assert found["kubeadm"] == ("https://dl.k8s.io/release/v1.36.99/bin/linux/amd64/kubeadm", "1" * 64)


def test_what_hosts_bring_themselves_is_not_downloaded() -> None:
    assert _downloads().keys() - _downloads(preinstalled=["runc", "containerd"]).keys() == {"runc", "containerd"}


@pytest.mark.parametrize("name", WRITTEN_BY_USERS)
def test_a_sum_that_nobody_published_is_not_made_up(name: str) -> None:
    assert known_sum(upstream(name, "1.36.3", Architecture.AMD64)) is None
