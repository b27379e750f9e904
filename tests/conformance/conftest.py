"""Fixtures of the conformance tests: each tool runs only where it is built, and a skip says how to build it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conformance import build, definitions
from tests.conformance.cases import Case
from tests.conformance.dry_run import define
from tests.conformance.engine import Workspace
from tests.conformance.kubernetes import ApiServer, api_server


def _require(*tools: str) -> None:
    missing = [tool for tool in tools if _find(tool) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)}: not built here; run `make conformance`")


def _find(tool: str) -> Path | None:
    return definitions.find() if tool == definitions.NAME else build.find(tool)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Workspace]:
    """A function that gives a case's stack in the real engine, not yet created."""
    _require("pulumi")

    def new(case: Case) -> Workspace:
        folder = tmp_path_factory.mktemp("engine")
        return Workspace(case.project_dir, case.stack, folder, config_file=case.config_file)

    return new


@pytest.fixture(scope="session")
def created(workspace: Callable[[Case], Workspace]) -> Callable[[Case], tuple[Workspace, Path]]:
    """A function that gives a case's stack as the engine created it, with its exported state; created once."""
    stacks: dict[str, tuple[Workspace, Path]] = {}

    def get(case: Case) -> tuple[Workspace, Path]:
        if case.name not in stacks:
            stack = workspace(case)
            stacks[case.name] = (stack, stack.up())
        return stacks[case.name]

    return get


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """A real Kubernetes API server that knows the pinned custom resources; one for the session."""
    _require("etcd", "kube-apiserver", definitions.NAME)
    with api_server(tmp_path_factory.mktemp("kubernetes")) as running:
        define(running, definitions.read())
        yield running
