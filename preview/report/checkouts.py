"""The two sides of a comparison: folders as they are, commits checked out beside each other, or files of plans."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preview.errors import PreviewError
from preview.plan import Plan
from preview.project import PROJECT_FILE
from preview.report.planning import read_plan


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A program's sources.

    Attributes:
        label: what the user called it.
        root: the whole tree, from which the program may read anything.
        project: the folder of `Pulumi.yaml` in it.
    """

    label: str
    root: Path
    project: Path

    @property
    def folder(self) -> Path:
        """Where files that belong to the whole side lie."""
        return self.project


@dataclass(frozen=True, kw_only=True)
class PlanFiles:
    """Plans that were written before.

    Attributes:
        label: what the user called them.
        folder: where files that belong to the whole side lie.
        files: the plan files by stack.
        read: those that were read already: a single file's stack is only in the file.
    """

    label: str
    folder: Path
    files: Mapping[str, Path]
    read: Mapping[str, Plan] = field(default_factory=dict[str, Plan])

    def plan(self, stack: str) -> Plan | None:
        """Return a stack's plan, None where there is none.

        Raises:
            PreviewError: its file is not as a plan file should be.
        """
        if stack in self.read:
            return self.read[stack]
        return read_plan(self.files[stack]) if stack in self.files else None


Side = Checkout | PlanFiles


@contextlib.contextmanager
def opened(name: str, cwd: Path, folder: Path) -> Iterator[Side]:
    """Yield what `name` stands for.

    Args:
        name: a plan file, a folder with a project or with plans in it, or else a commit of the repository around `cwd`.
        cwd: the folder of the project, or one below it.
        folder: an empty folder of this run's, for a commit's files.

    Raises:
        PreviewError: it is none of these.
    """
    path = Path(name)
    if path.is_file():
        plan = read_plan(path)
        yield PlanFiles(label=path.name, folder=path.parent, files={plan.stack: path}, read={plan.stack: plan})
    elif path.is_dir():
        yield _folder(name, path.resolve())
    else:
        with _commit(name, cwd.resolve(), folder) as checkout:
            yield checkout


def _folder(name: str, path: Path) -> Side:
    if (path / PROJECT_FILE).is_file():
        return Checkout(label=name, root=path, project=path)
    files = {file.stem: file for file in sorted(path.glob("*.json"))}
    if not files:
        raise PreviewError(f"{name}: has neither {PROJECT_FILE} nor plans (*.json) in it")
    return PlanFiles(label=name, folder=path, files=files)


@contextlib.contextmanager
def _commit(name: str, cwd: Path, folder: Path) -> Iterator[Checkout]:
    """Check a commit out into `folder`, with no hook of anyone's."""
    try:
        commit = _git(cwd, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
        top = Path(_git(cwd, "rev-parse", "--show-toplevel").strip()).resolve()
    except PreviewError:
        raise PreviewError(f"{name}: is no file, no folder, and no commit of the repository at {cwd}") from None
    project = next((at for at in (cwd, *cwd.parents) if (at / PROJECT_FILE).is_file() and at.is_relative_to(top)), cwd)
    no_hooks = ("-c", "core.hooksPath=/dev/null")
    _git(top, *no_hooks, "worktree", "add", "--quiet", "--detach", "--force", str(folder), commit)
    try:
        yield Checkout(label=name, root=folder, project=folder / project.relative_to(top))
    finally:
        _git(top, "worktree", "remove", "--force", str(folder))


def _git(cwd: Path, *arguments: str) -> str:
    """Run git.

    Raises:
        PreviewError: git is not there, or says no.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(cwd), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
        )
    except FileNotFoundError:
        raise PreviewError("git is not installed: name two folders or two plan files instead of commits") from None
    if done.returncode:
        raise PreviewError(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout
