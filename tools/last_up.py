"""Finds the commit that was last carried out: `python -m tools.last_up up.yml`, in a job of that workflow.

Prints `commit=<sha>` for the job's output: the commit of the newest run on this branch whose jobs named `up` have all
succeeded, else the commit before this push, else this commit's own parent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tools.github import GitHub, GitHubError

_NO_COMMIT: Final = "0" * 40  # what a push of a new branch has for the commit before
_RUNS: Final = 50


def main() -> int:
    """Print the commit."""
    github, workflow = GitHub.of_job(), sys.argv[1]
    try:
        commit = last_up(github, workflow, os.environ["GITHUB_REF_NAME"]) or _before()
    except GitHubError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"commit={commit}")
    return 0


def last_up(github: GitHub, workflow: str, branch: str) -> str | None:
    """Return the commit of the newest run that carried anything out, None where none of the last runs did.

    Raises:
        GitHubError: GitHub said no.
    """
    listed = github.get(f"actions/workflows/{workflow}/runs", branch=branch, status="success", per_page=_RUNS)
    for run in listed["workflow_runs"]:
        jobs = github.get(f"actions/runs/{run['id']}/jobs", per_page=100)["jobs"]
        ups = [job for job in jobs if job["name"].partition(" ")[0] == "up"]
        if ups and all(job["conclusion"] == "success" for job in ups):  # a skipped job carried nothing out
            return str(run["head_sha"])
    return None


def _before() -> str:
    event: dict[str, Any] = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    before = str(event.get("before") or _NO_COMMIT)
    if before != _NO_COMMIT:
        return before
    done = subprocess.run(["git", "rev-parse", "HEAD^1"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
