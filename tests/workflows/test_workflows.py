"""The workflows keep the rules that make them safe."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT
from tests.workflows.jobs import ACTIONS, WORKFLOWS, jobs, linter, read, steps

EVERY = [*WORKFLOWS.values(), *ACTIONS.values()]
_PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def _name(path: Path) -> str:
    return path.parent.name if path.name == "action.yml" else path.stem


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_every_foreign_action_is_pinned_by_commit_with_its_version_beside(path: Path) -> None:
    used = [line.strip() for line in path.read_text().splitlines() if "uses:" in line]
    assert used
    loose = [line for line in used if "uses: ./" not in line and not _PINNED.search(line)]
    assert loose == []


def test_one_action_has_one_commit_everywhere() -> None:
    pins = set(re.findall(r"uses: ([\w./-]+@[0-9a-f]{40} # \S+)", "\n".join(path.read_text() for path in EVERY)))
    names = [pin.partition("@")[0] for pin in pins]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_nothing_but_what_a_job_asks_for(name: str) -> None:
    assert read(WORKFLOWS[name])["permissions"] == {}


@pytest.mark.parametrize(
    ("name", "job", "allowed"),
    [
        ("check", "check", {"contents": "read"}),
        ("preview", "plan", {}),
        ("preview-comment", "comment", {"actions": "read", "contents": "read", "pull-requests": "write"}),
        ("preview-cloud", "preview", {"contents": "read", "id-token": "write", "pull-requests": "write"}),
        ("up", "guard", {"actions": "read", "contents": "read"}),
        ("up", "up", {"contents": "read", "id-token": "write"}),
        ("drift", "drift", {"contents": "read", "id-token": "write"}),
    ],
)
def test_a_job_asks_for_no_more_than_it_needs(name: str, job: str, allowed: dict[str, str]) -> None:
    assert jobs(name)[job].get("permissions", {}) == allowed


def test_every_job_is_in_the_table_above() -> None:
    assert sum(len(jobs(name)) for name in WORKFLOWS) == 7


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_nothing_that_others_write_is_pasted_into_a_script(path: Path) -> None:
    pasted = [step["run"] for step in steps(path) if "${{" in step.get("run", "")]
    assert pasted == [], "an expression in a script is code: hand it over in `env`"


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_no_workflow_has_a_secret(path: Path) -> None:
    assert "secrets." not in path.read_text()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_workflow_runs_a_pull_requests_code_with_rights(name: str) -> None:
    assert "pull_request_target" not in WORKFLOWS[name].read_text()
    if "workflow_run" in read(WORKFLOWS[name])["on"]:
        checkouts = [step for step in steps(WORKFLOWS[name]) if "actions/checkout" in step.get("uses", "")]
        assert all("ref" not in step["with"] and "repository" not in step["with"] for step in checkouts)


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_no_checkout_leaves_a_token_behind(path: Path) -> None:
    for step in steps(path):
        if "actions/checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] == "false"


def test_the_jobs_that_sign_in_are_not_for_forks_and_have_an_environment() -> None:
    for name, job in (("preview-cloud", "preview"), ("up", "up"), ("drift", "drift")):
        assert jobs(name)[job]["environment"]
    assert "head.repo.full_name == github.repository" in jobs("preview-cloud")["preview"]["if"]
    assert list(read(WORKFLOWS["up"])["on"]) == ["push", "workflow_dispatch"]


def test_nothing_is_carried_out_before_the_guard_has_passed() -> None:
    assert jobs("up")["up"]["needs"] == "guard"
    assert any("preview diff" in step.get("run", "") for step in jobs("up")["guard"]["steps"])
    assert "if" not in jobs("up")["guard"], "a guard that is left out has not passed"


def test_every_job_ends() -> None:
    assert all("timeout-minutes" in job for name in WORKFLOWS for job in jobs(name).values())


@pytest.mark.skipif(linter() is None, reason="actionlint is not on PATH; docs/pull-requests.md says how to build it")
def test_actionlint_finds_nothing() -> None:
    done = subprocess.run([str(linter()), "-no-color"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_example_for_gitlab_runs_the_same_commands_and_guards_before_it_carries_out() -> None:
    example = read(ROOT / "docs" / "ci" / "gitlab-ci.yml")
    script = "\n".join(example["preview"]["script"])
    assert "preview diff" in script
    assert "--untrusted" in script
    assert "preview diff" in "\n".join(example["guard"]["script"])
    assert example["up"]["needs"] == ["guard"]
