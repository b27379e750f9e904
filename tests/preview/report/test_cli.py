"""`python -m preview diff`, on a real git repository, plans and folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from preview.report import planning
from tests.preview.report.repository import PROGRAM, Repository


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is planned from here on: the stack and the checkout's folder."""
    found = list[tuple[str, str]]()
    original = planning.Planner.plan

    def recorded(self: planning.Planner, project: Path, stack: str, config_file: Path) -> planning.Planned:
        found.append((stack, project.name))
        return original(self, project, stack, config_file)

    monkeypatch.setattr(planning.Planner, "plan", recorded)
    return found


def test_two_commits_are_compared_and_leave_nothing_behind(
    repository: Repository, diff: Callable[..., tuple[int, str]]
) -> None:
    repository.commit(**{"Pulumi.dev.yaml": "config: {size: 2}\n"})
    code, printed = diff("HEAD~1", "HEAD", "--stack", "dev")
    assert code == 0
    assert "1 update" in printed
    assert repository.git("worktree", "list").count("\n") == 0
    assert repository.git("status", "--porcelain") == ""


def test_no_hook_runs_when_a_commit_is_checked_out(
    repository: Repository, diff: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    hook = repository.root / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    hook.chmod(0o755)
    diff("HEAD", "HEAD", "--stack", "dev")
    assert not (tmp_path / "ran").exists()


def test_a_working_tree_is_compared_with_a_commit(repository: Repository, diff: Callable[..., tuple[int, str]]) -> None:
    repository.write(**{"Pulumi.dev.yaml": "config: {size: 2}\n"})
    assert "1 update" in diff("HEAD", str(repository.root), "--stack", "dev")[1]


def test_only_the_stack_whose_file_changed_is_planned(
    repository: Repository, diff: Callable[..., tuple[int, str]], planned: list[tuple[str, str]]
) -> None:
    repository.commit(**{"Pulumi.dev.yaml": "config: {size: 2}\n"})
    _, printed = diff("HEAD~1", "HEAD")
    assert sorted(planned) == [("dev", "base"), ("dev", "head")]
    assert "stacks that load nothing that differs: prod" in printed


def test_a_stack_that_loads_nothing_that_changed_is_planned_once(
    repository: Repository, diff: Callable[..., tuple[int, str]], planned: list[tuple[str, str]]
) -> None:
    repository.commit(**{"unused.py": "x = 1\n"})
    repository.commit(**{"unused.py": "x = 2\n"})
    assert diff("HEAD~1", "HEAD")[0] == 0
    assert sorted(planned) == [("dev", "base"), ("prod", "base")]


def test_a_change_of_the_program_plans_every_stack_twice(
    repository: Repository, diff: Callable[..., tuple[int, str]], planned: list[tuple[str, str]]
) -> None:
    repository.commit(**{"__main__.py": PROGRAM + "Thing('second')\n"})
    _, printed = diff("HEAD~1", "HEAD")
    assert len(planned) == 4
    assert printed.count("1 create") == 2


def test_a_base_that_does_not_plan_is_told_and_the_head_shown_alone(
    repository: Repository, diff: Callable[..., tuple[int, str]]
) -> None:
    repository.commit(**{"__main__.py": "raise RuntimeError('broken once')\n"})
    repository.commit(**{"__main__.py": PROGRAM})
    code, printed = diff("HEAD~1", "HEAD", "--stack", "dev")
    assert code == 0
    assert "could not be planned at the base" in printed
    assert "broken once" in printed
    assert "1 create" in printed


def test_a_head_with_a_syntax_error_fails_with_its_line(
    repository: Repository, diff: Callable[..., tuple[int, str]]
) -> None:
    repository.commit(**{"__main__.py": "def f(:\n"})
    code, printed = diff("HEAD~1", "HEAD", "--stack", "dev")
    assert code == 1
    assert "__main__.py" in printed
    assert "SyntaxError" in printed
    assert "preview-diff-" not in printed, "the path of this run's own checkout is nobody's business"


def test_a_broken_stack_file_fails_its_stack_only(repository: Repository, diff: Callable[..., tuple[int, str]]) -> None:
    repository.commit(**{"Pulumi.dev.yaml": "config: {a: 1, a: 2}\n"})
    code, printed = diff("HEAD~1", "HEAD")
    assert code == 1
    assert "error at the head: Pulumi.dev.yaml:1" in printed
    assert "written twice" in printed


def test_a_renamed_component_carries_its_children_over_by_its_alias(
    repository: Repository, diff: Callable[..., tuple[int, str]]
) -> None:
    program = """
import pulumi
from pulumi import ResourceOptions as Options
from things import Part, Thing

part = Part({name!r}, {options})
Thing({name!r} + "-child", Options(parent=part))
Thing("other", Options(parent=part, aliases=[pulumi.Alias(name="former")]))
"""
    before = program.format(name="old", options="None").replace('"other"', '"former"')
    after = program.format(name="new", options="Options(aliases=[pulumi.Alias(name='old')])")
    repository.commit(**{"__main__.py": before})
    repository.commit(**{"__main__.py": after})
    printed = diff("HEAD~1", "HEAD", "--stack", "dev")[1]
    assert "dev: 2 same" in printed
    assert "alias" not in printed
    repository.commit(**{"__main__.py": program.format(name="new", options="None")})
    assert "an alias is probably missing" in diff("HEAD~2", "HEAD", "--stack", "dev")[1]


def test_other_requirements_are_noted(repository: Repository, diff: Callable[..., tuple[int, str]]) -> None:
    repository.commit(**{"requirements.txt": "pulumi==1\n"})
    assert "note: requirements.txt differs" in diff("HEAD~1", "HEAD", "--stack", "dev")[1]


def test_a_secret_in_an_output_is_in_no_file_and_on_no_screen(
    repository: Repository, diff: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    secret = """
hidden = pulumi.Output.secret("hunter2")
pulumi.export("password", hidden)
Thing("with-a-secret", tags={"t": hidden})
"""
    repository.commit(**{"__main__.py": PROGRAM + secret})
    _, printed = diff("HEAD~1", "HEAD", "--stack", "dev", "--save-plans", str(tmp_path / "plans"))
    files = [file.read_text() for file in (tmp_path / "plans").rglob("*") if file.is_file()]
    assert len(files) == 3
    assert all("hunter2" not in text for text in (printed, *files))


def test_saved_plans_are_compared_to_the_same_report(
    repository: Repository, diff: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    repository.commit(**{"Pulumi.dev.yaml": "config: {size: 2}\n"})
    first = diff("HEAD~1", "HEAD", "--stack", "dev", "--save-plans", str(tmp_path))[1]
    second = diff(str(tmp_path / "base"), str(tmp_path / "head"))[1]
    assert first.splitlines()[1:] == second.splitlines()[1:]


def test_a_stack_that_is_not_there_is_named(diff: Callable[..., tuple[int, str]]) -> None:
    code, printed = diff("HEAD", "HEAD", "--stack", "staging")
    assert code == 6
    assert "no stack named staging; there are dev, prod" in printed


def test_what_is_neither_a_file_nor_a_folder_nor_a_commit_is_refused(diff: Callable[..., tuple[int, str]]) -> None:
    code, printed = diff("no-such-thing", "HEAD")
    assert code == 1
    assert "no-such-thing: is no file, no folder, and no commit" in printed


def test_a_folder_without_a_project_or_plans_is_refused(diff: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, printed = diff(str(tmp_path / "empty"), "HEAD")
    assert code == 1
    assert "has neither Pulumi.yaml nor plans" in printed
