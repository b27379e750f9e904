"""Fixtures of the conformance tests: each tool runs only where it is built, and a skip says how to build it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conformance import build, definitions
from tests.conformance.cases import Case
from tests.conformance.dry_run import define
from tests.conformance.engine import Workspace
from tests.conformance.kubernetes import ApiServer, api_server
from tests.conformance.small_aks import CONTROL_PLANE, SmallAks
from tests.conformance.stacks import Stack, standing


def _require(*tools: str) -> None:
    missing = [tool for tool in tools if _find(tool) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)}: not built here; run `make conformance`")


def _find(tool: str) -> Path | None:
    return definitions.find() if tool == definitions.NAME else build.find(tool)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Stack]:
    """A function that gives a case's stack as the engine created it."""
    _require("pulumi")
    # pytest-xdist gives each of its processes a folder of its own in the session's.
    own = tmp_path_factory.getbasetemp()
    session = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    @cache
    def get(case: Case) -> Stack:
        folder = tmp_path_factory.mktemp("engine")
        workspace = Workspace(case.project_dir, case.stack, folder, config_file=case.config_file)
        return standing(workspace, session / "stacks" / case.name)

    return get


@pytest.fixture
def small_aks(tmp_path: Path) -> SmallAks:
    """A stack of AKS node groups alone, not yet created."""
    _require("pulumi")
    return SmallAks(tmp_path)


@pytest.fixture
def small_control_plane(tmp_path: Path) -> SmallAks:
    """A stack of an AKS control plane alone, not yet created."""
    _require("pulumi")
    return SmallAks(tmp_path, CONTROL_PLANE)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """A real Kubernetes API server that knows the pinned custom resources; one for the session."""
    _require("etcd", "kube-apiserver", definitions.NAME)
    with api_server(tmp_path_factory.mktemp("kubernetes")) as running:
        define(running, definitions.read())
        yield running
