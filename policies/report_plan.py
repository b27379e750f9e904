"""A recorded plan, as `pulumi preview --json` and `python -m preview --json` write it: its resources and configuration.

A secret is masked in a plan; to a rule it is unknown, since what stands there is not its value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from policies.properties import UNKNOWN, Properties
from policies.rule import Circumstances, Resource
from policies.wire import UNKNOWNS

_MASKED: Final = "[secret]"
_GONE: Final = ("delete", "delete-replaced", "discard", "discard-replaced")


class PlanError(Exception):
    """A plan that cannot be read; the message names its file and what to do."""


@dataclass(frozen=True, kw_only=True)
class RecordedPlan:
    """What a plan leaves standing, and the configuration that it was made from."""

    project: str
    stack: str
    config: Mapping[str, str]
    resources: tuple[Resource, ...]

    def under(self, circumstances: Circumstances) -> tuple[Resource, ...]:
        """The resources as rules see them under these circumstances."""
        return tuple(
            Resource(
                urn=resource.urn,
                type=resource.type,
                name=resource.name,
                inputs=resource.inputs,
                parent=resource.parent,
                dependencies=resource.dependencies,
                circumstances=circumstances,
            )
            for resource in self.resources
        )


def read_plan(path: Path) -> RecordedPlan:
    """The plan in a file.

    Raises:
        PlanError: there is no such file, or it is no plan.
    """
    try:
        return parse_plan(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}") from error


def parse_plan(text: str, source: str) -> RecordedPlan:
    """The plan in a text; `source` names it in messages.

    Raises:
        PlanError: it is no plan, or a plan of nothing.
    """
    try:
        document: object = json.loads(text)
    except ValueError as error:
        raise PlanError(f"{source}: is no JSON: {error}; write it with `pulumi preview --json --show-sames`") from error
    plan = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    steps = plan.get("steps")
    if not isinstance(steps, list):
        raise PlanError(f"{source}: has no steps; write it with `pulumi preview --json --show-sames`")
    states = [step["newState"] for step in cast("list[dict[str, Any]]", steps) if _stands(step)]
    if not states:
        raise PlanError(f"{source}: plans no resource, so there is nothing to judge")
    _, _, rest = str(states[0]["urn"]).partition("urn:pulumi:")
    stack, project, *_ = rest.split("::")
    return RecordedPlan(
        project=project,
        stack=stack,
        config=plan.get("config") or {},
        resources=tuple(map(_resource, states)),
    )


def _stands(step: Mapping[str, Any]) -> bool:
    return step.get("op") not in _GONE and bool(step.get("newState"))


def _resource(state: Mapping[str, Any]) -> Resource:
    inputs: dict[str, Any] = state.get("inputs") or {}
    dependencies: dict[str, list[str]] = state.get("propertyDependencies") or {}
    return Resource(
        urn=state["urn"],
        type=state["type"],
        name=state["urn"].split("::", 3)[-1],
        inputs=Properties({key: _value(value) for key, value in inputs.items() if not key.startswith("__")}),
        parent=state.get("parent") or "",
        dependencies={key: tuple(urns or ()) for key, urns in dependencies.items()},
    )


def _value(value: Any) -> Any:
    match value:
        case str():
            return UNKNOWN if value in UNKNOWNS or value == _MASKED else value
        case dict():
            return {key: _value(item) for key, item in cast("dict[str, Any]", value).items()}
        case list():
            return [_value(item) for item in cast("list[Any]", value)]
        case _:
            return value
