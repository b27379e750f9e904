"""The builder of the conformance tools, with a `go` that only pretends."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance import build

# Writes its arguments to the file after `-o`, as a compiler would write a binary.
COMPILES = """#!/bin/sh
all="$*"
while [ "$1" != -o ]; do shift; done
mkdir -p "$(dirname "$2")"
echo "$all" > "$2"
"""
FAILS = """#!/bin/sh
while [ "$1" != -o ]; do shift; done
mkdir -p "$(dirname "$2")"
echo half > "$2"
exit 1
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no `go`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")

    def which(name: str) -> str | None:
        return str(tmp_path / name) if (tmp_path / name).exists() else None

    monkeypatch.setattr(build.shutil, "which", which)
    return tmp_path / "cache" / "infraplatform"


def install_go(tmp_path: Path, script: str) -> None:
    go = tmp_path / "go"
    go.write_text(script, encoding="utf-8")
    go.chmod(0o755)


def test_a_tool_is_built_into_a_folder_named_by_its_version_and_platform(cache: Path, tmp_path: Path) -> None:
    install_go(tmp_path, COMPILES)
    path = build.build(build.TOOLS["etcd"])
    assert path.parent.parent == cache
    assert path.parent.name.startswith("etcd-v3.6.11-")
    assert "go.etcd.io/etcd/server/v3" in path.read_text(encoding="utf-8")


def test_a_build_leaves_nothing_but_the_binary(cache: Path, tmp_path: Path) -> None:
    install_go(tmp_path, COMPILES)
    path = build.build(build.TOOLS["etcd"])
    assert [item.relative_to(cache) for item in sorted(cache.rglob("*"))] == [
        path.parent.relative_to(cache),
        path.relative_to(cache),
    ]


def test_a_failed_build_leaves_the_cache_as_it_was(cache: Path, tmp_path: Path) -> None:
    install_go(tmp_path, FAILS)
    with pytest.raises(build.BuildError, match=r"etcd v3\.6\.11: `go build` ended with 1"):
        build.build(build.TOOLS["etcd"])
    assert list(cache.iterdir()) == []
    assert build.find("etcd") is None


@pytest.mark.usefixtures("cache")
def test_a_built_tool_is_not_built_again(tmp_path: Path) -> None:
    install_go(tmp_path, COMPILES)
    path = build.build(build.TOOLS["etcd"])
    (tmp_path / "go").unlink()
    assert build.build(build.TOOLS["etcd"]) == path


@pytest.mark.usefixtures("cache")
def test_a_machine_without_go_is_told_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["etcd"]) == 1
    assert "install Go 1.26 or newer" in capsys.readouterr().err


def test_the_binary_is_stamped_with_the_version_that_go_mod_pins() -> None:
    flags = build.TOOLS["kube-apiserver"].linker_flags()
    assert "-X k8s.io/component-base/version.gitVersion=v1.36.3" in flags
    assert "-X k8s.io/component-base/version.gitMinor=36" in flags


def test_a_pin_that_is_missing_is_named() -> None:
    tool = replace(build.TOOLS["etcd"], module="example.com/other")
    with pytest.raises(build.BuildError, match=r"modules/etcd/go\.mod pins no version of example\.com/other"):
        print(tool.version)


@pytest.mark.parametrize("name", build.TOOLS)
def test_every_tool_has_the_hashes_of_its_sources(name: str) -> None:
    tool = build.TOOLS[name]
    sums = (build.MODULES / name / "go.sum").read_text(encoding="utf-8")
    assert f"{tool.module} {tool.version} h1:" in sums
