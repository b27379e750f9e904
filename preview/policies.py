"""Runs policy packs over a plan: the fixes first, then the policies on each resource, then those on the whole stack.

A pack starts beside the program and serves by the time the plan is there. This module loads no SDK and no gRPC; what
does, `preview.analyzer`, is loaded while the program runs.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from preview.changes import changes
from preview.differences import shown_at
from preview.errors import PreviewError
from preview.pack_process import PackProcess, started
from preview.paths import format_path
from preview.plan import Plan, Resource, Secret
from preview.policy_results import ADVISORY, PackResult, Remediation, Violation

if TYPE_CHECKING:
    from preview.analyzer import Analyzer
    from preview.project import Project


class Packs:
    """Policy packs that judge one project's plan."""

    def __init__(self, project: Project, running: Sequence[tuple[PackProcess, Mapping[str, Any]]]) -> None:
        self._project = project
        self._running = running
        self._loading = threading.Thread(target=importlib.import_module, args=("preview.analyzer",), daemon=True)
        if running:
            self._loading.start()

    def judge(self, plan: Plan) -> Plan:
        """The plan with what each pack says of it, and as the packs' fixes leave it.

        Raises:
            PreviewError: a pack did not start, refused its configuration, or failed.
        """
        for process, given in self._running:
            plan = self._judged_by(process, given, plan)
        return plan

    def _judged_by(self, process: PackProcess, given: Mapping[str, Any], plan: Plan) -> Plan:
        self._loading.join()
        from preview.analyzer import Analyzer  # gRPC and the SDK's messages; loaded by now

        with contextlib.closing(Analyzer(process.port(), str(process.folder))) as analyzer:
            analyzer.configure(self._project, given)
            plan, remediations, violations = _remediated(analyzer, plan)
            violations += analyzer.analyze([resource for resource in plan.resources if not resource.external])
            if plan.complete:  # of half a stack, what is missing says nothing
                violations += analyzer.analyze_stack(plan.resources)
            result = PackResult(
                name=analyzer.name,
                version=str(process.description.get("version") or analyzer.version),
                folder=_short(process.folder),
                violations=tuple(violations),
                remediations=tuple(remediations),
            )
        return replace(plan, policies=(*plan.policies, result))


@contextlib.contextmanager
def start_packs(
    folders: Sequence[Path], configs: Sequence[Path], project: Project, environment: Mapping[str, str]
) -> Iterator[Packs]:
    """Start the packs in these folders; they end with the context.

    Args:
        folders: where each pack's `PulumiPolicy.yaml` stands.
        configs: a Pulumi policy config file for each pack, in the same order; none, or as many as there are packs.
        project: what they judge.
        environment: what every process of a preview sees.

    Raises:
        PreviewError: a file is missing or broken, or there are more or fewer config files than packs.
    """
    if configs and len(configs) != len(folders):
        raise PreviewError(
            f"--policy-pack-config: {len(configs)} for {len(folders)} --policy-pack; write one for each, in their order"
        )
    given = [_read_config(path) for path in configs] or [{} for _ in folders]
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(started(folder, project, environment)) for folder in folders]
        yield Packs(project, list(zip(processes, given, strict=True)))


def _read_config(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8").strip()
        config: object = json.loads(text) if text else {}
    except (OSError, ValueError) as error:
        raise PreviewError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(config, dict):
        raise PreviewError(f'{path}: is no object; write {{"<policy>": "<level>"}}')
    return cast("dict[str, Any]", config)


def _remediated(analyzer: Analyzer, plan: Plan) -> tuple[Plan, list[Remediation], list[Violation]]:
    """The plan with the fixes applied, what they changed, and which could not be made."""
    from preview.wire import from_struct  # as above

    fixed, found, failed = dict[str, Resource](), list[Remediation](), list[Violation]()
    for resource, answers in analyzer.remediate([item for item in plan.resources if not item.external]):
        for answer in answers:
            if answer.diagnostic:
                failed.append(_not_fixed(answer, resource.urn))
                continue
            before = fixed.get(resource.urn, resource)
            after = _as_secret(before.inputs, from_struct(answer.properties))
            found.append(
                Remediation(policy=answer.policyName, urn=resource.urn, changes=_changes(before.inputs, after))
            )
            fixed[resource.urn] = _with_inputs(before, after)
    steps = tuple(
        replace(step, new=fixed[step.urn]) if step.new is not None and step.urn in fixed else step
        for step in plan.steps
    )
    return replace(plan, steps=steps), found, failed


def _not_fixed(answer: Any, urn: str) -> Violation:
    """A fix that could not be made is shown, and stops nothing by itself: what it left broken does."""
    return Violation(policy=answer.policyName, level=ADVISORY, severity="", urn=urn, message=answer.diagnostic)


def _with_inputs(resource: Resource, inputs: Mapping[str, Any]) -> Resource:
    """The resource with other inputs; internal ones, which no pack sees, stay, and what outputs repeat follows."""
    internal = {key: value for key, value in resource.inputs.items() if key.startswith("__")}
    outputs = {key: inputs.get(key, value) for key, value in resource.outputs.items()} | {
        key: value for key, value in inputs.items() if key not in resource.inputs
    }
    return replace(resource, inputs={**internal, **inputs}, outputs=outputs if resource.outputs else {})


def _as_secret(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What a fix returns, secret wherever it was: a pack that rebuilds properties from what it read loses that."""
    return {
        key: Secret(value) if isinstance(before.get(key), Secret) and not isinstance(value, Secret) else value
        for key, value in after.items()
    }


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    visible = {key: value for key, value in before.items() if not key.startswith("__")}
    paths = map(format_path, sorted(changes(visible, after), key=str))
    return {path: (shown_at(visible, path), shown_at(after, path)) for path in paths}


def _short(folder: Path) -> str:
    """A folder as the user would write it."""
    return os.path.relpath(folder) if folder.is_relative_to(Path.cwd()) else str(folder)
