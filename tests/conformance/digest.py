"""The digest that the CLI writes with `--json`: reads it, completes it from the event log, and tells what failed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any, Final

STACK_TYPE: Final = "pulumi:pulumi:Stack"
SECRET: Final = "4dabf18193072939515e22adb298388d"  # the key that marks a secret in a serialised value


def complete(digest: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Put into the steps of a digest what only the event log says: ids, outputs, and the order of a replacement."""
    states: dict[str, dict[str, Any]] = {}
    begun: list[tuple[str, str]] = []
    for event in events:
        metadata = event.get("resOutputsEvent", {}).get("metadata", {})
        if metadata.get("new") and not metadata["op"].startswith("delete"):
            states[metadata["urn"]] = metadata["new"]  # a component's last outputs count
        if started := event.get("resourcePreEvent", {}).get("metadata"):
            begun.append((started["urn"], started["op"]))
    for step in digest.get("steps", []):
        state = states.get(step["urn"])
        if state and "newState" in step:
            step["newState"] |= {"id": state["id"] or None, "outputs": _masked(state.get("outputs"))}
        deleted, created = (step["urn"], "delete-replaced"), (step["urn"], "create-replacement")
        if deleted in begun and begun.index(deleted) < begun.index(created):
            step["deletedFirst"] = True


def _masked(value: Any) -> Any:
    """Return a value of the event log with its secrets as the digest writes them."""
    if isinstance(value, dict):
        return "[secret]" if SECRET in value else {key: _masked(item) for key, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list) else value


def refused(digest: Mapping[str, Any]) -> set[str]:
    """The resources that a digest has errors of; the stack, which stands for the program, is none of them."""
    errors = (item for item in digest.get("diagnostics", []) if item["severity"] == "error")
    return {item["urn"] for item in errors if "urn" in item and f"::{STACK_TYPE}::" not in item["urn"]}


def read(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The digest that a run wrote, with `--json`; empty where it wrote none."""
    try:
        digest: dict[str, Any] = json.loads(result.stdout)
    except ValueError:
        return {}
    return digest


def said(result: subprocess.CompletedProcess[str]) -> str:
    """What a failed run said: with `--json` its diagnostics only, not the whole digest."""
    if not (digest := read(result)):
        return f"{result.stdout}\n{result.stderr}"
    return "\n".join([*(item["message"] for item in digest.get("diagnostics", [])), result.stderr])
