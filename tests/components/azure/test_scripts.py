"""The scripts that az and kubectl run in: what they call, in which order, and where they stop."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from components.azure.scripts import DRAIN_POOL, REMOVE_POOL

PLACE: Final = {"SUBSCRIPTION": "sub", "RESOURCE_GROUP": "group", "CLUSTER": "cluster-1", "POOL": "general1a2b"}
DRAIN: Final = {**PLACE, "MINUTES": "30", "PROXY": ""}
WHERE: Final = "--subscription sub --resource-group group"
TOOL: Final = """#!/bin/sh
echo "{name} $*" >>"$CALLS"
case "{name} $*" in
{answers}
esac
"""
NODES: Final = {"kubectl get nodes*": "echo node/one; echo node/two"}


@dataclass(frozen=True)
class Run:
    """What a script called, and how it ended."""

    calls: list[str]
    code: int
    errors: str


Runner = Callable[..., Run]


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Runs a script with made-up tools, which write down how they were called; `answers` are commands by call."""

    def runner(
        script: str,
        environment: Mapping[str, str],
        answers: Mapping[str, str] | None = None,
        tools: tuple[str, ...] = ("az", "kubectl", "kubelogin"),
    ) -> Run:
        folder, calls = tmp_path / "bin", tmp_path / "calls"
        folder.mkdir()
        calls.touch()
        for name in tools:
            lines = [f"  {call.replace(' ', chr(92) + ' ')}) {answer} ;;" for call, answer in (answers or {}).items()]
            tool = folder / name
            tool.write_text(TOOL.format(name=name, answers="\n".join(lines)), encoding="utf-8")
            tool.chmod(0o755)
        for name in ("mktemp", "rm"):
            (folder / name).symlink_to(
                next(path for path in (Path("/bin") / name, Path("/usr/bin") / name) if path.exists())
            )
        variables = {**environment, "PATH": str(folder), "CALLS": str(calls), "TMPDIR": str(tmp_path)}
        done = subprocess.run(["/bin/sh", "-c", script], env=variables, capture_output=True, text=True, check=False)
        return Run(calls.read_text(encoding="utf-8").splitlines(), done.returncode, done.stderr)

    return runner


def test_a_drain_logs_in_stops_the_autoscaler_and_moves_the_pods(run: Runner, tmp_path: Path) -> None:
    done = run(DRAIN_POOL, DRAIN, NODES)
    assert done.code == 0
    kubeconfig = done.calls[0].partition("--file ")[2].partition(" ")[0]
    selector = "--selector kubernetes.azure.com/agentpool=general1a2b"
    assert done.calls == [
        f"az aks get-credentials {WHERE} --name cluster-1 --file {kubeconfig} --only-show-errors --output none",
        "kubelogin convert-kubeconfig --login azurecli",
        f"kubectl get nodes {selector} --output name",
        (
            f"az aks nodepool update --disable-cluster-autoscaler {WHERE} --cluster-name cluster-1"
            " --name general1a2b --only-show-errors --output none"
        ),
        f"kubectl drain {selector} --ignore-daemonsets --delete-emptydir-data --timeout 30m",
    ]
    assert not Path(kubeconfig).parent.exists()
    assert os.fspath(tmp_path) in kubeconfig


def test_a_pool_without_nodes_needs_no_drain(run: Runner) -> None:
    done = run(DRAIN_POOL, DRAIN)
    assert done.code == 0
    assert [call for call in done.calls if "drain" in call or "update" in call] == []


def test_a_drain_goes_by_the_proxy_that_the_settings_name(run: Runner) -> None:
    done = run(DRAIN_POOL, {**DRAIN, "PROXY": "http://proxy:3128"}, NODES)
    assert "kubectl config set-cluster cluster-1 --proxy-url http://proxy:3128" in done.calls


@pytest.mark.parametrize("failing", ["az aks get-credentials*", "kubectl get nodes*", "kubectl drain*"])
def test_a_drain_that_fails_stops_the_update(run: Runner, failing: str) -> None:
    done = run(DRAIN_POOL, DRAIN, {**NODES, failing: "echo refused >&2; exit 3"})
    assert done.code == 3
    assert "refused" in done.errors


@pytest.mark.parametrize("missing", ["az", "kubectl", "kubelogin"])
def test_a_missing_tool_is_named_before_anything_happens(run: Runner, missing: str) -> None:
    tools = tuple(name for name in ("az", "kubectl", "kubelogin") if name != missing)
    done = run(DRAIN_POOL, DRAIN, NODES, tools)
    assert (done.code, done.calls) == (1, [])
    assert done.errors.startswith(f"{missing} is not installed: the pods of the group's nodes cannot leave")


LIST: Final = f"az aks nodepool list {WHERE} --cluster-name cluster-1 --query [].name --only-show-errors --output tsv"


def test_a_pool_that_is_there_is_removed(run: Runner) -> None:
    done = run(REMOVE_POOL, PLACE, {"az aks nodepool list*": "echo first; echo general1a2b; echo last"})
    assert done.code == 0
    delete = (
        f"az aks nodepool delete {WHERE} --cluster-name cluster-1 --name general1a2b --only-show-errors --output none"
    )
    assert done.calls == [LIST, delete]


@pytest.mark.parametrize("others", ["echo first", "echo general1a2bc", "echo xgeneral1a2b", ":"])
def test_a_pool_that_is_gone_is_no_error(run: Runner, others: str) -> None:
    done = run(REMOVE_POOL, PLACE, {"az aks nodepool list*": others})
    assert (done.code, done.calls) == (0, [LIST])


def test_a_pool_that_cannot_be_looked_for_stops_the_update(run: Runner) -> None:
    done = run(REMOVE_POOL, PLACE, {"az aks nodepool list*": "exit 5"})
    assert (done.code, len(done.calls)) == (5, 1)
