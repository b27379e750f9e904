"""A real git repository with a small program in it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.preview.conftest import THINGS

PROGRAM = """
import pulumi
from things import Thing

config = pulumi.Config()
Thing("first", size=config.get_int("size") or 1)
"""
_IDENTITY = {
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
}  # fmt: skip


@dataclass(frozen=True)
class Repository:
    """A working tree; every commit's files are what it had before and those that are given."""

    root: Path

    @classmethod
    def create(cls, root: Path, **files: str) -> Repository:
        root.mkdir()
        repository = cls(root)
        repository.git("init", "--quiet", "--initial-branch=main")
        repository.commit(
            **{
                "Pulumi.yaml": "name: demo\nruntime: python\n",
                "Pulumi.dev.yaml": "config: {}\n",
                "Pulumi.prod.yaml": "config: {}\n",
                "__main__.py": PROGRAM,
                "things.py": THINGS,
                **files,
            }
        )
        return repository

    def git(self, *arguments: str) -> str:
        environment = {**os.environ, **_IDENTITY}
        command = ["git", "-C", str(self.root), *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, **files: str | None) -> None:
        """Write files; None takes one away."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True) if text is None else path.write_text(text)

    def commit(self, **files: str | None) -> str:
        """Commit the working tree with these files; return the commit."""
        self.write(**files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD")
