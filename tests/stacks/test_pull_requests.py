"""What a reviewer is told of the changes that users make most, on this project's own stacks in a real git history."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from preview.plan import Operation, Plan, Step
from preview.recorded import Record
from preview.report.checkouts import opened
from preview.report.compare import steps_between
from preview.report.files import Tree
from preview.report.model import Impact, StackReport, Standing
from preview.report.run import Options, compare
from tests.changes import CHANGES, Change, Config, applicable, changed
from tests.preview.report.repository import Repository
from tests.stacks.stack_files import STACK_FILES, applied, plan
from tests.support import ROOT

_PROGRAM = ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py", "preview.fixtures.yaml", "requirements.txt")
_COMPARED = (Operation.CREATE, Operation.REPLACE, Operation.DELETE)


def _registry_deleted(config: Config) -> None:
    config["infraplatform:registry"]["repositories"].pop()


REGISTRY_DELETED = Change("a registry's repository removed", _registry_deleted)


def test_the_stacks_that_are_compared_are_those_of_this_project() -> None:
    assert {stack: ROOT / file for stack, file in Tree(ROOT, ROOT).stacks.items()} == STACK_FILES


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository with this project's program in it."""
    repository = Repository.create(tmp_path_factory.mktemp("pull-requests") / "repository")
    for name in _PROGRAM:
        shutil.copyfile(ROOT / name, repository.root / name)
    for name in ("components", "examples", "policies"):
        shutil.copytree(ROOT / name, repository.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    repository.commit(**{"things.py": None, "Pulumi.prod.yaml": None})
    return repository


@pytest.fixture
def reported(repository: Repository, tmp_path: Path) -> Callable[[Change], StackReport]:
    """Commit a change of the dev stack's file on a branch of its own, and compare it with main."""

    def of(change: Change) -> StackReport:
        repository.git("checkout", "--quiet", "-B", "proposed", "main")
        repository.commit(**{"Pulumi.dev.yaml": changed(ROOT / "Pulumi.dev.yaml", change)})
        with (
            opened("main", repository.root, tmp_path / "base") as base,
            opened("proposed", repository.root, tmp_path / "head") as head,
        ):
            report = compare(base, head, Options(as_of=date(2026, 11, 29), timeout_seconds=120))
        planned = [stack for stack in report.stacks if stack.head is not None]
        assert [stack.stack for stack in planned] == ["dev"], "no other stack's file has changed"
        return planned[0]

    return of


def _blocked(report: StackReport) -> list[str]:
    return [finding.urn.split("::")[-1] for finding in report.findings if finding.standing is Standing.BLOCKED]


def _touched(report: StackReport) -> Mapping[str, Impact]:
    return {entry.change.name: entry.impact for entry in report.blast_radius}


def test_a_tag_touches_nothing(reported: Callable[[Change], StackReport]) -> None:
    report = reported(CHANGES["tag"])
    assert (report.failed, report.blast_radius) == (False, ())
    assert set(report.counts) == {Operation.UPDATE, Operation.SAME, Operation.MAY_CHANGE}


def test_a_network_zone_is_only_created(reported: Callable[[Change], StackReport]) -> None:
    report = reported(CHANGES["network-zone"])
    assert (report.failed, report.blast_radius) == (False, ())
    assert set(report.counts) == {Operation.CREATE, Operation.SAME}


def test_a_machine_type_moves_the_pods_of_its_group_only(reported: Callable[[Change], StackReport]) -> None:
    report = reported(CHANGES["machine-type"])
    assert not report.failed
    assert _touched(report) == {"node-group-general-a": Impact.MOVES, "node-group-general-b": Impact.MOVES}
    assert all("the new one is created before" in entry.what for entry in report.blast_radius)


def test_a_minor_version_moves_the_pods_of_every_group(reported: Callable[[Change], StackReport]) -> None:
    report = reported(CHANGES["minor-version"])
    assert not report.failed
    assert set(_touched(report).values()) == {Impact.MOVES}
    assert {name for name in _touched(report) if name.startswith("node-group")} == {
        "node-group-batch-a", "node-group-batch-b", "node-group-general-a", "node-group-general-b",
    }  # fmt: skip


def test_a_renamed_cluster_is_stopped_and_the_missing_alias_named(reported: Callable[[Change], StackReport]) -> None:
    report = reported(CHANGES["cluster-renamed"])
    assert report.failed
    assert sorted(_blocked(report)) == ["cluster-logs", "dev"]
    assert _touched(report)["dev"] is Impact.LOSS
    assert report.blast_radius[-1].change.name == "dev", "the old cluster goes last"
    assert [pair.type for pair in report.missing_aliases] == ["aws:eks/cluster:Cluster"]


def test_a_deleted_registry_is_stopped(reported: Callable[[Change], StackReport]) -> None:
    report = reported(REGISTRY_DELETED)
    assert _blocked(report) == ["registry-web"]
    assert _touched(report) == {"registry-web": Impact.LOSS}


@pytest.mark.parametrize(
    ("stack", "name"), [(stack, name) for stack in ("dev", "gcp-gke") for name in applicable(STACK_FILES[stack])]
)
def test_two_plans_show_what_a_plan_shows_beside_a_state(stack: str, name: str) -> None:
    """A report has no state to look at; what comes, goes and is replaced must still be what an update would do."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / STACK_FILES[stack].name
        file.write_text(changed(STACK_FILES[stack], CHANGES[name]), encoding="utf-8")
        found = _operations(steps_between(_base(stack), plan(file)))
        wanted = _operations(plan(file, record=_state(stack)).steps)
    assert found == wanted


@cache
def _base(stack: str) -> Plan:
    return plan(STACK_FILES[stack])


@cache
def _state(stack: str) -> Record:
    return applied(STACK_FILES[stack])


def _operations(steps: tuple[Step, ...]) -> set[tuple[str, Operation]]:
    return {(step.urn, step.operation) for step in steps if step.operation in _COMPARED and step.resource.custom}
