"""Comments on a pull request what its preview planned: `python -m tools.comment`, in a `workflow_run` job.

The pull request is the open one whose head is the run's own commit, as GitHub has it; the artifact is not asked. The
artifact's plans are read as the untrusted text that they are, and the comment is made of them here.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from preview.errors import PreviewError
from preview.report.checkouts import PlanFiles
from preview.report.cli import NOTES
from preview.report.escape import prose
from preview.report.markdown import LIMIT, MARKER
from preview.report.model import Report
from preview.report.outputs import html_of, markdown_of
from preview.report.run import Options, compare
from tools.artifact import MAX_ARTIFACT_MIB, ArtifactError, unpack
from tools.github import GitHub, GitHubError

ROOT: Final = Path(__file__).resolve().parents[1]
ARTIFACT: Final = "plans"
REPORT: Final = "report.html"
_BOT: Final = "github-actions[bot]"


def main() -> int:
    """Comment on the pull request of the run that this job was started by."""
    event: dict[str, Any] = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    try:
        print(comment_on(GitHub.of_job(), event["workflow_run"], Page.of_job()))
    except GitHubError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True)
class Page:
    """Where the whole report is written, for the job to upload, and where a reader finds it then."""

    file: Path
    address: str

    @classmethod
    def of_job(cls) -> Page:
        """Return the page of the job that this runs in."""
        server, repository = os.environ["GITHUB_SERVER_URL"], os.environ["GITHUB_REPOSITORY"]
        return cls(Path(REPORT), f"{server}/{repository}/actions/runs/{os.environ['GITHUB_RUN_ID']}")


def comment_on(github: GitHub, run: Mapping[str, Any], page: Page) -> str:
    """Write the comment for a finished preview; return what was done.

    Raises:
        GitHubError: GitHub said no.
    """
    number = _pull_request(github, run)
    if number is None:
        return "no open pull request has this commit as its head: it was closed, or there is a newer one"
    text = _text(github, run, page)
    if text is None:
        return "the preview wrote no plans"
    own = _own_comment(github, number)
    if own is None:
        github.post(f"issues/{number}/comments", {"body": text})
        return f"commented on #{number}"
    github.patch(f"issues/comments/{own}", {"body": text})
    return f"edited the comment on #{number}"


def _pull_request(github: GitHub, run: Mapping[str, Any]) -> int | None:
    """Return the number of the open pull request whose head is the run's commit.

    A run for a fork's branch lists no pull requests itself.
    """
    if not run["head_repository"]:
        return None  # the fork is gone
    branch = f"{run['head_repository']['owner']['login']}:{run['head_branch']}"
    for pull in github.pages("pulls", state="open", head=branch):
        same_repository = pull["head"]["repo"] and pull["head"]["repo"]["id"] == run["head_repository"]["id"]
        if pull["head"]["sha"] == run["head_sha"] and same_repository:
            return int(pull["number"])
    return None


def _text(github: GitHub, run: Mapping[str, Any], page: Page) -> str | None:
    """Return the comment, None where the run left no artifact; what is wrong with one is the comment."""
    listed = github.get(f"actions/runs/{run['id']}/artifacts", name=ARTIFACT)["artifacts"]
    if not listed:
        return None
    try:
        content = _download(github, listed[0])
        with tempfile.TemporaryDirectory() as folder:
            unpack(content, Path(folder))
            report = report_on(Path(folder), run["head_sha"])
        page.file.write_text(html_of(report, ROOT), encoding="utf-8")
        link = (
            f'\n<p>The page with the topology: artifact <i>report</i> of <a href="{page.address}">this run</a>.</p>\n'
        )
        return markdown_of(report, ROOT, LIMIT - len(link.encode())) + link
    except GitHubError:
        raise
    except Exception as error:  # noqa: BLE001  whatever an odd plan makes fail, the pull request is to say so
        what = f"{type(error).__name__}: " if not isinstance(error, (ArtifactError, PreviewError)) else ""
        return f"{MARKER}\n\nThis pull request's preview cannot be shown: {prose(what + str(error)[:2000])}\n"


def _download(github: GitHub, artifact: Mapping[str, Any]) -> bytes:
    size_mib = artifact["size_in_bytes"] / 2**20
    if size_mib > MAX_ARTIFACT_MIB:
        raise ArtifactError(f"the artifact is {size_mib:.0f} MiB; at most {MAX_ARTIFACT_MIB} are read")
    return github.download(f"actions/artifacts/{artifact['id']}/zip", MAX_ARTIFACT_MIB * 2**20)


def report_on(folder: Path, head_sha: str) -> Report:
    """Return the report on the plans in `folder`/base and `folder`/head, with the notes beside them.

    Raises:
        PreviewError: a plan, the acknowledgements or the notes are not as they should be.
    """
    base, head = (
        PlanFiles(
            label=label,
            folder=folder / side,
            files={file.stem: file for file in sorted((folder / side).glob("*.json"))},
        )
        for side, label in (("base", "base"), ("head", head_sha[:12]))
    )
    options = Options(as_of=datetime.now(tz=UTC).date(), timeout_seconds=1, untrusted=True)
    report = compare(base, head, options)
    return replace(report, notes=(*report.notes, *_notes(folder / NOTES)))


def _notes(path: Path) -> tuple[str, ...]:
    notes: Any = json.loads(path.read_bytes()) if path.exists() else []
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in cast("list[Any]", notes)):
        raise PreviewError(f"{path.name}: is no list of texts")
    return tuple(cast("list[str]", notes))


def _own_comment(github: GitHub, number: int) -> int | None:
    """Return the id of the comment that an earlier run wrote; a person's that looks like it is left alone."""
    for item in github.pages(f"issues/{number}/comments"):
        if item["user"] and item["user"]["login"] == _BOT and MARKER in item["body"]:
            return int(item["id"])
    return None


if __name__ == "__main__":
    sys.exit(main())
