"""Stacks that stand in the engine: each is created once, however many tests and processes of pytest look at it."""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.conformance.engine import Workspace

_CREATION: Final = "creation.json"
_STATE: Final = "state.json"


@dataclass(frozen=True)
class Stack:
    """A stack that stands.

    Attributes:
        engine: the stack in the engine. A preview leaves it as it is, so every change starts from the same state.
        creation: the digest of the preview of its creation.
        state: its state, as `pulumi stack export` writes it.
    """

    engine: Workspace
    creation: dict[str, Any]
    state: Path


def standing(workspace: Workspace, shared: Path) -> Stack:
    """Return the stack of a new workspace as it stands after its creation.

    Args:
        workspace: the stack, not yet created.
        shared: a folder that every process of pytest has for this stack: the first that comes previews and creates it,
            the others take over the state that it has exported.

    Raises:
        EngineError: the creation failed.
    """
    shared.mkdir(parents=True, exist_ok=True)
    creation, state = shared / _CREATION, shared / _STATE
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if state.exists():
            workspace.take_over(state)
        else:
            creation.write_text(json.dumps(workspace.preview()), encoding="utf-8")
            workspace.up().rename(state)
    return Stack(workspace, json.loads(creation.read_text(encoding="utf-8")), state)
