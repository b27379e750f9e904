"""The jobs' own scripts run here, on a real git repository with a base and a head."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.preview.report.repository import PROGRAM, Repository
from tests.support import ROOT
from tests.workflows.forge import PAGE, RUN, pull, served, upload
from tests.workflows.jobs import jobs
from tools.comment import comment_on

STATEFUL = """
class Repository(pulumi.CustomResource):
    def __init__(self, name):
        super().__init__(
            "aws:ecr/repository:Repository", name, {"imageScanningConfiguration": {"scanOnPush": True}}
        )

Repository("images")
"""


def _scripts(workflow: str, job: str) -> dict[str, dict[str, Any]]:
    """The steps of a job that are scripts, by name."""
    return {step["name"]: step for step in jobs(workflow)[job]["steps"] if "run" in step}


def _run(step: dict[str, Any], workspace: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step as the runner does, with nothing but the environment that it is given."""
    base = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=workspace / step.get("working-directory", "."),
        env={**base, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _repository(root: Path) -> Repository:
    """A repository with a small program, and this project's planner and policies."""
    repository = Repository.create(root, **{"__main__.py": PROGRAM + STATEFUL, ".gitignore": ".venv\n__pycache__\n"})
    for name in ("policies", "preview", "tools"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    repository.commit()
    return repository


def _with_python(checkout: Path) -> None:
    """Give a checkout the environment that the action would set up."""
    (checkout / ".venv").symlink_to(Path(sys.prefix))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A runner's workspace, with the merged pull request checked out at `head`."""
    upstream = _repository(tmp_path / "upstream")
    upstream.git("checkout", "--quiet", "-b", "proposed")
    upstream.commit(**{"Pulumi.dev.yaml": "config: {size: 2}\n"})
    upstream.git("checkout", "--quiet", "main")
    upstream.commit(**{"unrelated.md": "the base has moved on\n"})
    upstream.git("merge", "--quiet", "--no-ff", "-m", "merge", "proposed")
    work = tmp_path / "workspace"
    subprocess.run(["git", "clone", "--quiet", "--depth=2", f"file://{upstream.root}", str(work / "head")], check=True)
    return work


def test_the_preview_plans_base_and_head_and_leaves_their_plans(workspace: Path) -> None:
    scripts = _scripts("preview", "plan")
    assert list(scripts) == ["Put the base beside it", "Plan"]
    assert _run(scripts["Put the base beside it"], workspace).returncode == 0
    assert (workspace / "base" / "unrelated.md").exists(), "the base is what the pull request would be merged into"
    assert (workspace / "base" / "Pulumi.dev.yaml").read_text() == "config: {}\n"
    _with_python(workspace / "base")
    planned = _run(scripts["Plan"], workspace)
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "Claimed by this pull request" in planned.stdout
    assert "1 update" in planned.stdout
    plans = sorted(str(file.relative_to(workspace / "plans")) for file in (workspace / "plans").rglob("*.json"))
    assert plans == ["base/dev.json", "head/dev.json", "notes.json"]
    comment = _commented(workspace / "plans")
    assert "1 of 1 stack changes: 1 changed" in comment, "what one job uploads is what the other reads"


def _commented(plans: Path) -> str:
    """What the comment's job writes for an artifact of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in plans.rglob("*"):
            archive.write(file, str(file.relative_to(plans)))
    content = buffer.getvalue()
    with served() as forge:
        forge.pulls = [pull(7)]
        upload(forge, content)
        comment_on(forge.github, RUN, PAGE)
        return forge.written[0][2]


@pytest.fixture
def merged(tmp_path: Path) -> Repository:
    """The checkout of the job that carries out what was merged."""
    repository = _repository(tmp_path / "merged")
    _with_python(repository.root)
    return repository


def _guard(merged: Repository, base: str) -> subprocess.CompletedProcess[str]:
    return _run(_scripts("up", "guard")["Guard"], merged.root, BASE=base)


def test_the_guard_stops_what_would_lose_something(merged: Repository) -> None:
    base = merged.git("rev-parse", "HEAD")
    merged.commit(**{"__main__.py": PROGRAM})
    stopped = _guard(merged, base)
    assert stopped.returncode == 1
    assert "BLOCKED" in stopped.stdout


def test_what_the_guard_stopped_is_still_in_the_way_of_the_next_merge(merged: Repository) -> None:
    base = merged.git("rev-parse", "HEAD")
    merged.commit(**{"__main__.py": PROGRAM})
    merged.commit(**{"Pulumi.dev.yaml": "config: {size: 2}\n"})
    assert _guard(merged, base).returncode == 1


def test_the_guard_passes_what_the_merged_commit_acknowledges(merged: Repository) -> None:
    base = merged.git("rev-parse", "HEAD")
    entries = [
        f"- {{urn: 'urn:pulumi:{stack}::demo::aws:ecr/repository:Repository::images', reason: r, until: 2999-12-31}}\n"
        for stack in ("dev", "prod")
    ]
    merged.commit(**{"__main__.py": PROGRAM, "preview.acknowledgements.yaml": "acknowledgements:\n" + "".join(entries)})
    passed = _guard(merged, base)
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_the_check_job_runs_what_ci_runs() -> None:
    assert [step["run"] for step in jobs("check")["check"]["steps"] if "run" in step] == [".ci/run"]
