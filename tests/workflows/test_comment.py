"""The comment goes to the pull request that GitHub names, and is made of plans that anyone may have written."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.plan import Plan
from preview.report.markdown import LIMIT, MARKER
from preview.report.planning import write_plan
from tests.preview.report.cases import REPOSITORY, plan, resource
from tests.workflows.forge import PAGE, RUN, Forge, pull, served, upload
from tools.comment import Page, comment_on
from tools.github import GitHubError
from tools.last_up import last_up


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    """A forge with one open pull request of a fork, and the artifact of its preview."""
    with served() as found:
        found.pulls = [pull(7)]
        upload(found, _zip(tmp_path, plan(resource(REPOSITORY, "images")), plan()))
        yield found


def _zip(folder: Path, base: Plan, head: Plan, **others: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for side, each in (("base", base), ("head", head)):
            write_plan(each, folder / "plan.json")
            archive.write(folder / "plan.json", f"{side}/dev.json")
        for name, content in others.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _comment(forge: Forge) -> str:
    """The one comment that was written for the run."""
    comment_on(forge.github, RUN, PAGE)
    ((_, _, text),) = forge.written
    return text


def test_a_first_preview_is_commented_once(forge: Forge) -> None:
    text = _comment(forge)
    assert forge.written[0][:2] == ("POST", "issues/7/comments")
    assert MARKER in text
    assert "laimed by this pull request" in text
    assert "every image in it" in text


def test_the_whole_report_is_left_for_the_job_to_upload_and_the_comment_says_where(
    forge: Forge, tmp_path: Path
) -> None:
    page = Page(tmp_path / "report.html", PAGE.address)
    comment_on(forge.github, RUN, page)
    assert page.address in forge.written[0][2]
    assert page.file.read_text().startswith("<!doctype html>")


def test_what_the_preview_noted_is_in_the_comment_as_text(forge: Forge, tmp_path: Path) -> None:
    notes = json.dumps(["requirements.txt differs", "<script>@all</script>"]).encode()
    upload(forge, _zip(tmp_path, plan(), plan(), **{"notes.json": notes}))
    text = _comment(forge)
    assert "requirements.txt differs" in text
    assert "<script>" not in text


@pytest.mark.parametrize("notes", [b"{}", b"[1]", b"no json", b"[" * 60_000])
def test_notes_that_are_none_are_told_in_the_comment(forge: Forge, tmp_path: Path, notes: bytes) -> None:
    upload(forge, _zip(tmp_path, plan(), plan(), **{"notes.json": notes}))
    assert "cannot be shown" in _comment(forge)


def test_a_later_preview_edits_the_comment_wherever_it_is(forge: Forge) -> None:
    others = [{"id": number, "body": "hello", "user": {"login": "person"}} for number in range(150)]
    forge.comments = [*others, {"id": 999, "body": f"x {MARKER}", "user": {"login": "github-actions[bot]"}}]
    comment_on(forge.github, RUN, PAGE)
    assert [(method, path) for method, path, _ in forge.written] == [("PATCH", "issues/comments/999")]


def test_a_persons_comment_that_looks_like_it_is_left_alone(forge: Forge) -> None:
    forge.comments = [{"id": 1, "body": MARKER, "user": {"login": "person"}}, {"id": 2, "body": MARKER, "user": None}]
    comment_on(forge.github, RUN, PAGE)
    assert forge.written[0][0] == "POST"


@pytest.mark.parametrize(
    "pulls",
    [
        [],
        [pull(7, sha="b" * 40)],
        [pull(7, repository=6)],
        [pull(7, branch="someone-else:proposed")],
    ],
    ids=["closed", "pushed since", "another fork", "another owner"],
)
def test_no_other_pull_request_is_commented(forge: Forge, pulls: list[dict[str, Any]]) -> None:
    forge.pulls = pulls
    assert "no open pull request" in comment_on(forge.github, RUN, PAGE)
    assert forge.written == []


def test_the_number_of_the_pull_request_is_not_taken_from_the_artifact(forge: Forge, tmp_path: Path) -> None:
    upload(forge, _zip(tmp_path, plan(), plan(), **{"number.txt": b"8"}))
    assert "number.txt" in _comment(forge)
    assert forge.written[0][1] == "issues/7/comments"


def test_a_run_of_a_fork_that_is_gone_is_left_alone(forge: Forge) -> None:
    assert "no open pull request" in comment_on(forge.github, {**RUN, "head_repository": None}, PAGE)


def test_a_run_without_an_artifact_is_left_alone(forge: Forge) -> None:
    forge.artifacts = []
    assert comment_on(forge.github, RUN, PAGE) == "the preview wrote no plans"
    assert forge.written == []


def test_the_storage_of_artifacts_is_not_shown_the_token(forge: Forge) -> None:
    _comment(forge)
    assert not forge.storage_saw_token


def test_an_artifact_that_says_that_it_is_too_large_is_not_fetched(forge: Forge) -> None:
    forge.artifacts = [{"id": 3, "size_in_bytes": 50 * 2**20}]
    forge.content = b"never read"
    assert "the artifact is 50 MiB; at most 20 are read" in _comment(forge)


def test_an_artifact_that_is_larger_than_it_says_fails_the_job(forge: Forge) -> None:
    forge.content = bytes(50 * 2**20)
    with pytest.raises(GitHubError, match="more than 20 MiB"):
        comment_on(forge.github, RUN, PAGE)
    assert forge.written == []


def test_what_a_plan_names_cannot_be_markup_or_a_mention(forge: Forge, tmp_path: Path) -> None:
    evil = "x</details><script>alert(1)</script> @maintainers [link](https://evil.example) ![](https://evil.example/i)"
    upload(forge, _zip(tmp_path, plan(resource(REPOSITORY, evil)), plan()))
    text = _comment(forge)
    assert "<script>" not in text
    assert "</details><script" not in text
    outside_of_code = re.sub(r"<code>.*?</code>", "", text.replace(PAGE.address, ""))
    assert "evil" in outside_of_code
    assert "@" not in outside_of_code
    assert "://" not in outside_of_code


def test_a_comment_is_never_longer_than_the_forge_takes(forge: Forge, tmp_path: Path) -> None:
    many = [resource(REPOSITORY, f"images-{number}-{'x' * 200}") for number in range(1500)]
    upload(forge, _zip(tmp_path, plan(*many), plan()))
    assert len(_comment(forge)) <= LIMIT


def test_a_plan_that_is_none_is_told_in_the_comment(forge: Forge) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("base/dev.json", json.dumps({"formatVersion": 99}))
    upload(forge, buffer.getvalue())
    assert "cannot be shown" in _comment(forge)
    assert "format version 99" in forge.written[0][2]


def _ran(number: int, sha: str, *conclusions: str) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    jobs = [{"name": f"up ({stack})", "conclusion": conclusion} for stack, conclusion in enumerate(conclusions)]
    return {"id": number, "head_sha": sha}, {str(number): [{"name": "guard", "conclusion": "success"}, *jobs]}


def test_the_commit_that_was_last_carried_out_is_the_newest_whose_every_up_succeeded(forge: Forge) -> None:
    runs = [_ran(3, "c", "skipped"), _ran(2, "b", "success", "failure"), _ran(1, "a", "success", "success")]
    forge.runs = [run for run, _ in runs]
    forge.jobs = {number: jobs for _, listed in runs for number, jobs in listed.items()}
    assert last_up(forge.github, "up.yml", "main") == "a"


def test_where_nothing_was_ever_carried_out_there_is_no_such_commit(forge: Forge) -> None:
    forge.runs, forge.jobs = [{"id": 3, "head_sha": "c"}], {"3": [{"name": "guard", "conclusion": "success"}]}
    assert last_up(forge.github, "up.yml", "main") is None
