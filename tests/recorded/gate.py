"""The library-upgrade gate: what a newer version of this project would do to stacks that an older one made.

`tests/recorded/<version>/` holds, for each stack, its file as it was and its plan as that version made it. The current
code plans the same file; the two plans are compared as a pull request's are. A replacement, a deletion and a creation
that belong together, or the loss of something stateful stops the release, unless `intended.yaml` beside them names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from preview.documents import read_mapping
from preview.plan import Operation, Plan, Resource, Step
from preview.report.blast_radius import blast_radius
from preview.report.compare import changes_of, missing_aliases, steps_between
from preview.report.model import Impact
from preview.runner import preview
from tests.support import ROOT

RECORDED: Final = Path(__file__).parent
INTENDED: Final = "intended.yaml"


@dataclass(frozen=True)
class Recorded:
    """One stack of one version."""

    version: str
    stack: str

    @property
    def folder(self) -> Path:
        return RECORDED / self.version

    @property
    def stack_file(self) -> Path:
        return self.folder / f"{self.stack}.yaml"  # not Pulumi.<stack>.yaml: it is no stack of the project any more

    @property
    def plan_file(self) -> Path:
        return self.folder / f"{self.stack}.json"


@dataclass(frozen=True)
class Complaint:
    """A resource that does not outlive the upgrade."""

    type: str
    name: str
    what: str


def recorded() -> list[Recorded]:
    """Every stack of every recorded version."""
    return [Recorded(file.parent.name, file.stem) for file in sorted(RECORDED.glob("*/*.json"))]


def planned_now(stack: Recorded, project: Path = ROOT) -> Plan:
    """The plan that the code in `project` makes of a recorded stack file."""
    return preview(project, stack.stack, config_file=stack.stack_file)


def complaints(before: Plan, now: Plan) -> list[Complaint]:
    """What an upgrade would replace or lose."""
    steps = steps_between(before, now)
    found = [
        Complaint(step.resource.type, step.resource.name, f"is replaced, because of {', '.join(step.replace_reasons)}")
        for step in steps
        if step.operation is Operation.REPLACE
    ]
    by_urn = {step.urn: step.resource for step in steps}
    for pair in missing_aliases(steps):
        old, new = by_urn[pair.deleted], by_urn[pair.created]
        found.append(Complaint(old.type, old.name, f"is deleted, and {new.name} created: alias the new name"))
    told = {(item.type, item.name) for item in found}
    found += [item for item in _lost(steps) if (item.type, item.name) not in told]
    return found


def intended(version: str) -> Mapping[tuple[str, str], str]:
    """The reasons for what is meant to go at the next upgrade from `version`, by type and logical name."""
    path = RECORDED / version / INTENDED
    entries: list[dict[str, Any]] = read_mapping(path).get("intended", []) if path.exists() else []
    return {(entry["type"], entry["name"]): cast("str", entry["reason"]) for entry in entries}


def compact(plan: Plan) -> Plan:
    """A plan without what no comparison looks at: config, outputs, and where the sources register a resource."""
    steps = tuple(Step(operation=step.operation, new=_compact(step.resource)) for step in plan.steps)
    return replace(plan, config={}, outputs={}, diagnostics=(), steps=steps)


def _compact(resource: Resource) -> Resource:
    return replace(resource, outputs={}, source=None)


def _lost(steps: tuple[Step, ...]) -> Iterator[Complaint]:
    for entry in blast_radius(steps, changes_of(steps)):
        if entry.stateful and entry.impact is Impact.LOSS:
            yield Complaint(entry.change.type, entry.change.name, entry.what)
