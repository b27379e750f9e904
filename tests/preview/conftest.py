"""Small programs, each run as the CLI would run it: in a child process of its own."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from preview.plan import Plan, Resource, Step
from preview.runner import preview

THINGS = '''
import pulumi


class Thing(pulumi.CustomResource):
    """A resource of an SDK that has no schema: what it is given is what it has, and `made` is known after creation."""

    made: pulumi.Output[str]
    size: pulumi.Output[int]
    tags: pulumi.Output[dict]

    def __init__(self, name, opts=None, **props):
        super().__init__("demo:index:Thing", name, {"made": None, "size": None, "tags": None, **props}, opts)


class Part(pulumi.ComponentResource):
    def __init__(self, name, opts=None, props=None):
        super().__init__("demo:index:Part", name, props, opts)
'''


class Program(Protocol):
    """Plans a program that is given as its source."""

    def __call__(self, source: str, stack_file: str = "", **arguments: Any) -> Plan: ...


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Write a project; return its directory."""

    def write(source: str, stack_file: str = "", project_file: str = "") -> Path:
        root = tmp_path / "project"
        root.mkdir(exist_ok=True)
        shutil.rmtree(root / "__pycache__", ignore_errors=True)  # Python does not see an edit within the same second
        (root / "Pulumi.yaml").write_text("name: demo\nruntime: python\n" + textwrap.dedent(project_file))
        (root / "Pulumi.dev.yaml").write_text(textwrap.dedent(stack_file))
        (root / "things.py").write_text(THINGS)
        (root / "__main__.py").write_text(textwrap.dedent(source))
        return root

    return write


@pytest.fixture
def program(project: Callable[..., Path]) -> Program:
    def plan(source: str, stack_file: str = "", **arguments: Any) -> Plan:
        arguments.setdefault("timeout_seconds", 60.0)
        return preview(project(source, stack_file), **arguments)

    return plan


@pytest.fixture
def state_file(tmp_path: Path) -> Callable[[Plan], Path]:
    """Write what an update of a plan would leave: every resource with an id and with its inputs as outputs."""

    def write(plan: Plan, **changes: dict[str, Any]) -> Path:
        from preview.resource_json import resource_to_json

        entries = [_created(resource_to_json(resource)) for resource in plan.resources]
        entries = [*_default_providers(entries), *entries]
        for entry in entries:
            entry.update(changes.get(entry["urn"].split("::")[-1], {}))
        path = tmp_path / "state.json"
        path.write_text(json.dumps({"version": 3, "deployment": {"resources": entries}}))
        return path

    return write


def _default_providers(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the providers that the engine makes by itself: a preview does not show them, a state holds them."""
    references = sorted({entry["provider"] for entry in entries if "::default" in entry.get("provider", "")})
    pairs = [reference.rpartition("::")[::2] for reference in references]
    return [{"urn": urn, "custom": True, "type": urn.split("::")[2], "id": identity} for urn, identity in pairs]


def _created(entry: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(entry).replace("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "known")
    created: dict[str, Any] = json.loads(text)
    if created["custom"]:
        name = created["urn"].split("::")[-1]
        created["id"] = f"id-of-{name}"
        created["outputs"] = {**created.get("inputs", {}), "made": f"made-{name}"}
    return created


def resource(plan: Plan, name: str) -> Resource:
    """Return the one planned resource with this logical name."""
    (found,) = [item for item in plan.resources if item.name == name]
    return found


def step(plan: Plan, name: str) -> Step:
    (found,) = [item for item in plan.steps if item.resource.name == name]
    return found


def operations(plan: Plan) -> dict[str, str]:
    """Return the operation of each resource by its logical name, without the stack."""
    return {item.resource.name: item.operation.value for item in plan.steps if item.resource.parent}


def messages(plan: Plan) -> str:
    return "\n".join(item.message for item in plan.diagnostics)
