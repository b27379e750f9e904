"""The files of a checkout: the stacks among them, and whether two checkouts would plan a stack alike."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from preview.errors import PreviewError
from preview.project import PROJECT_FILE

_SKIPPED: Final = frozenset({".git", ".hypothesis", "__pycache__", "node_modules"})
_MARKS: Final = ("pyvenv.cfg", "CACHEDIR.TAG")  # of environments, and of what tools may throw away
LOCKS: Final = ("requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock", "Pipfile.lock")
_SYSTEM: Final = tuple(
    Path(folder) for folder in (sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev")
)


class Tree:
    """The files of one checkout, read when they are asked for."""

    def __init__(self, root: Path, project: Path) -> None:
        self.root = root
        self.project = project
        self._contents: dict[str, bytes | None] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every file, relative to the root; environments, caches, bytecode and git's own files are left out."""
        return frozenset(path.relative_to(self.root).as_posix() for path in _walk(self.root))

    @cached_property
    def stacks(self) -> Mapping[str, str]:
        """The stack files by stack, relative to the project: `Pulumi.<stack>.yaml` there and in folders below it.

        Raises:
            PreviewError: two files are of one stack.
        """
        found = dict[str, str]()
        for file in sorted(_stack_files(self.project)):
            stack = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
            relative = file.relative_to(self.project).as_posix()
            if stack in found:
                raise PreviewError(f"{relative}: {found[stack]} is of stack {stack}, too; name each stack once")
            found[stack] = relative
        return found

    def content(self, name: str) -> bytes | None:
        """Return what is in a file, None where there is none; a link to a device is none."""
        if name not in self._contents:
            path = self.root / name
            try:
                self._contents[name] = path.read_bytes() if path.is_file() else None
            except OSError:
                self._contents[name] = None
        return self._contents[name]

    def in_root(self, name: str) -> str:
        """Return a name relative to the project as one relative to the root."""
        return (self.project / name).relative_to(self.root).as_posix()


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What planning a stack loaded from its checkout; None for `files` where that cannot be told."""

    files: frozenset[str] | None
    lists_folders: bool

    @classmethod
    def of(cls, seen: Mapping[str, Any], tree: Tree) -> Manifest:
        """Read what `preview.loaded` recorded."""
        files = [_inside(Path(file), tree.root) for file in seen["files"]]
        foreign = any(
            name is None and not _is_known(Path(file)) for name, file in zip(files, seen["files"], strict=True)
        )
        names = None if foreign or seen["elsewhere"] else frozenset(name for name in files if name)
        listed = any(_inside(Path(folder), tree.root) is not None for folder in seen["folders"])
        return cls(files=names, lists_folders=listed)


def plans_alike(stack_file: str, manifest: Manifest, base: Tree, head: Tree) -> bool:
    """Whether planning a stack at the head must give what it gave at the base.

    So it is where every file that was loaded is the same, with the stack's, the project's and the lock files, and
    where no file came or went: one that is there or not may decide what is imported.

    Args:
        stack_file: relative to the project.
        manifest: what the base's program loaded.
        base: where it was planned.
        head: the other tree.
    """
    if manifest.files is None or base.stacks.keys() != head.stacks.keys():
        return False
    if not manifest.lists_folders and _other_names(base, stack_file) != _other_names(head, stack_file):
        return False
    if manifest.lists_folders and base.names != head.names:
        return False
    own = {base.in_root(name) for name in (stack_file, PROJECT_FILE, *LOCKS)}
    return all(base.content(name) == head.content(name) for name in manifest.files | own)


def may_differ(stack_file: str, base: Tree, head: Tree) -> bool:
    """Whether anything but the files of other stacks differs at all; without that a stack need not be looked at."""
    if _other_names(base, stack_file) != _other_names(head, stack_file):
        return True
    return any(base.content(name) != head.content(name) for name in _other_names(base, stack_file))


def _other_names(tree: Tree, stack_file: str) -> frozenset[str]:
    """Return the tree's files without those of the other stacks."""
    return tree.names - {tree.in_root(other) for other in tree.stacks.values() if other != stack_file}


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [
            name
            for name in folders
            if name not in _SKIPPED and not any((here / name / mark).exists() for mark in _MARKS)
        ]
        yield from (here / name for name in files if not name.endswith(".pyc") and name != ".git")


def _stack_files(project: Path) -> Iterator[Path]:
    for file in _walk(project):
        nested = any((above / PROJECT_FILE).exists() for above in _between(file, project))
        hidden = any(part.startswith(".") for part in file.relative_to(project).parts)
        if file.match("Pulumi.*.yaml") and not nested and not hidden:
            yield file


def _between(file: Path, project: Path) -> Iterable[Path]:
    """Return the folders above `file` and below `project`; one with a project file is another project."""
    return (above for above in file.parents if above != project and above.is_relative_to(project))


def _inside(path: Path, root: Path) -> str | None:
    """Return a path relative to the root; None where it lies elsewhere, or in an environment."""
    if not path.is_relative_to(root) or path.is_relative_to(sys.prefix):
        return None
    return path.relative_to(root).as_posix()


def _is_known(path: Path) -> bool:
    """Whether a file outside the checkout is the same for both sides: the planner's own, Python's or the system's."""
    planner = Path(__file__).parents[2]
    temporary = Path(tempfile.gettempdir())
    return any(path.is_relative_to(folder) for folder in (*_SYSTEM, planner)) or path.parent == temporary
