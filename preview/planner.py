"""Decides what an update would do to each registered resource, and what the program is told meanwhile.

Against a state this follows the engine with a provider whose `Check` returns the inputs and whose `Diff` is
`diff.compare`: an unchanged or updated resource keeps its id and its recorded outputs under the new inputs, a new or
replaced one knows only its inputs. Source: pulumi/pkg v3.259.0 resource/deploy (step_generator.go, step.go), read
2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from preview import urn
from preview.aliases import AliasTaken, OldResources, possible
from preview.goal import Goal, Registration
from preview.outputs import KEEPS_IDENTITY, known_outputs
from preview.plan import (
    UNKNOWN,
    Diagnostic,
    Operation,
    Resource,
    Secret,
    Severity,
    Step,
)
from preview.provider_outputs import forgets_outputs
from preview.recorded import Record, RecordKind
from preview.undecided import settle
from preview.wire import contains_unknown

_PROTECTED: Final = "currently marked for protection; first remove `protect` from it in an update of its own"
_EMPTY: Final = Record(kind=RecordKind.PLAN)


class Planner:
    """The steps of one run. Not thread-safe: the monitor calls it under its lock."""

    def __init__(self, record: Record | None = None) -> None:
        self._record = record or _EMPTY
        self._compares = self._record.kind is RecordKind.STATE
        self._olds = OldResources(self._record.resources)
        self._condemned: dict[str, tuple[str, ...]] = {}
        self.steps: dict[str, Step] = {}
        self.diagnostics: list[Diagnostic] = []

    def register(self, goal: Goal) -> Registration:
        """Plan one resource and return what the program may know of it."""
        first = self.steps.get(goal.resource.urn)
        if first is not None:
            twice = f"Duplicate resource URN {goal.resource.urn!r}: {_first_line(first.resource)}"
            self._error(goal.resource, f"{twice}; give the two different names")
            return Registration(urn=goal.resource.urn, failed=True)
        old, alias = self._find_old(goal)
        wanted = replace(
            goal.resource,
            aliases=(alias,) if alias else (),
            possible_aliases=self._possible_aliases(goal) if old is None else (),
        )
        resource = wanted if old is None else self._with_ignored_changes(wanted, old)
        step = self._plan(goal, old, resource)
        if step.operation is Operation.REPLACE:  # the new one is made as the program says, ignored changes too
            step = replace(step, new=replace(wanted, delete_before_replace=step.resource.delete_before_replace))
        outputs = self._outputs(step)
        step = replace(step, new=replace(step.resource, id=self._id(goal, step), outputs=outputs))
        self.steps[resource.urn] = step
        return Registration(urn=resource.urn, id=step.resource.id, outputs=outputs if resource.custom else {})

    def read(self, resource: Resource, outputs: Mapping[str, Any]) -> Registration:
        """Plan a resource that is only read; what is not known of it stays unknown to the program."""
        old = self._record.resources.get(resource.urn)
        known = dict(outputs) or (dict(old.outputs) if old and old.external and old.id == resource.id else {})
        gone = old is not None and not old.external and old.id != resource.id
        operation = Operation.REPLACE if gone and self._compares else Operation.READ
        read = replace(resource, outputs=known)
        self.steps[resource.urn] = Step(operation=operation, old=old, new=read)
        return Registration(urn=resource.urn, id=resource.id, outputs=known)

    def set_outputs(self, of: str, outputs: Mapping[str, Any]) -> None:
        """Record the outputs that a component or the stack registered.

        Raises:
            KeyError: nothing was registered under this URN.
        """
        step = self.steps[of]
        self.steps[of] = replace(step, new=replace(step.resource, outputs=outputs))

    def finish(self) -> None:
        """Plan the deletion of what the state holds and the program no longer registers."""
        if not self._compares:
            return
        for old in self._record.awaiting_deletion:
            self.steps[f"{old.urn} (awaiting deletion)"] = Step(operation=Operation.DELETE, old=old)
        for old in self._record.resources.values():
            if old.urn in self.steps or self._olds.new_urn(old.urn):
                continue
            if old.protect:
                self._error(
                    old,
                    f"Resource {old.urn!r} cannot be deleted because it is protected; remove `protect` from it"
                    f" in an update of its own, or run `pulumi state unprotect {old.urn!r}`",
                )
            self.steps[old.urn] = Step(operation=Operation.DELETE, old=old)

    def _plan(self, goal: Goal, old: Resource | None, new: Resource) -> Step:
        if goal.import_id and (old is None or old.external or old.id != goal.import_id):
            return Step(operation=Operation.IMPORT, old=old if self._compares else None, new=new)
        if old is None or not self._compares:
            return Step(operation=Operation.CREATE, new=new)
        if old.urn in self._condemned:
            new = replace(new, delete_before_replace=True)
            return Step(operation=Operation.REPLACE, old=old, new=new, replace_reasons=self._condemned.pop(old.urn))
        if old.external:
            return Step(operation=Operation.REPLACE, old=old, new=new)
        step = self._compare(old, new)
        if step.operation is not Operation.REPLACE:
            return step
        from preview.diff import deleted_first  # as in _compare

        goes_first = deleted_first(step, old)
        self._replace(old, new, goes_first=goes_first)
        return replace(step, new=replace(new, delete_before_replace=True)) if goes_first else step

    def _compare(self, old: Resource, new: Resource) -> Step:
        from preview.diff import compare  # its tables are read only where there is something to compare

        if any(self._is_replaced(other) for other in new.replace_with):
            return Step(operation=Operation.REPLACE, old=old, new=new, replace_reasons=("replaceWith",))
        if _triggers(new.replacement_trigger, old.replacement_trigger):
            return Step(operation=Operation.REPLACE, old=old, new=new)
        compared_old, new = settle(old, new, self._is_open)
        step = replace(compare(compared_old, new, provider_replaced=self._provider_replaces(old, new)), old=old)
        if step.replace_reasons != ("provider",) and new.custom and self._has_unconfigured_provider(new):
            step = self._undecided(old, new)
        if step.operation in KEEPS_IDENTITY and old.urn in self._record.awaiting_replacement:
            return replace(step, operation=Operation.REPLACE)
        if step.operation is Operation.SAME and old.urn in self._record.with_init_errors:
            return replace(step, operation=Operation.UPDATE)
        return step

    def _undecided(self, old: Resource, new: Resource) -> Step:
        """Return what the engine plans where the provider cannot be asked: an update, whatever the differences are."""
        message = (
            "The provider for this resource has inputs that are not known during preview.\n"
            "This preview may not correctly represent the changes that will be applied during an update."
        )
        self.diagnostics.append(Diagnostic(severity=Severity.WARNING, message=message, urn=new.urn, source=new.source))
        return Step(operation=Operation.UPDATE, old=old, new=new)

    def _provider_replaces(self, old: Resource, new: Resource) -> bool:
        """Whether the resource's provider is another one now, and one that cannot serve what the old one made."""
        if old.provider == new.provider:
            return False
        if not old.provider or not new.provider:
            return True
        old_urn, new_urn = urn.provider_urn(old.provider), urn.provider_urn(new.provider)
        if self._olds.new_urn(old_urn) == new_urn and not self._is_replaced(new_urn):
            return False
        before, after = self._record.resources.get(old_urn), self.steps.get(new_urn)
        if before is None or after is None:
            return True
        from preview.diff import provider_replaces  # as in _compare

        return provider_replaces(before, after.resource)

    def _is_open(self, of: str) -> bool:
        """Whether some output of this resource will only be known after the update."""
        step = self.steps.get(of)
        if step is None or step.operation is Operation.READ:  # the update reads what we cannot; it need not be another
            return step is not None and step.resource.id is None
        if step.operation is Operation.UPDATE and forgets_outputs(step.resource.type):
            return True
        return step.operation not in KEEPS_IDENTITY or contains_unknown(step.resource.outputs)

    def _is_replaced(self, of: str) -> bool:
        step = self.steps.get(of)
        return step is not None and step.operation is Operation.REPLACE

    def _replace(self, old: Resource, new: Resource, *, goes_first: bool) -> None:
        """Follow up a replacement: what is protected may not go, and what goes first takes its dependents along."""
        if old.protect and new.protect:
            self._error(new, f"unable to replace resource {new.urn!r} as it is {_PROTECTED}")
        if not goes_first:
            return
        from preview.dependents import condemned  # as in _compare

        for dependent, reasons in condemned(old.urn, self._record.resources, self.steps).items():
            self._condemned.setdefault(dependent, reasons)
            if self._record.resources[dependent].protect:
                message = (
                    f"unable to replace resource {dependent!r} as part of replacing {new.urn!r} as it is {_PROTECTED}"
                )
                self._error(new, message)

    def _find_old(self, goal: Goal) -> tuple[Resource | None, str | None]:
        try:
            return self._olds.find(goal.resource, goal.aliases, self.steps)
        except AliasTaken as error:
            self._error(goal.resource, str(error))
            return None, None

    def _possible_aliases(self, goal: Goal) -> tuple[str, ...]:
        if self._compares:
            return ()
        parent = self.steps.get(goal.resource.parent or "")
        return possible(goal.resource, goal.aliases, parent.resource.possible_aliases if parent else ())

    def _with_ignored_changes(self, resource: Resource, old: Resource) -> Resource:
        if not resource.ignore_changes:
            return resource
        from preview.ignored import keep_recorded  # as in _compare

        inputs, lost = keep_recorded(resource.inputs, old.inputs, resource.ignore_changes)
        if lost:
            message = f"cannot ignore changes in added or removed elements of the path: {', '.join(lost)}"
            self.diagnostics.append(
                Diagnostic(severity=Severity.INFO, message=message, urn=resource.urn, source=resource.source)
            )
        return replace(resource, inputs=inputs)

    def _outputs(self, step: Step) -> dict[str, Any]:
        return known_outputs(step, configured=not self._has_unconfigured_provider(step.resource))

    def _has_unconfigured_provider(self, resource: Resource) -> bool:
        """Whether the resource's provider waits for an unknown input; the engine asks such a one nothing."""
        provider = self.steps.get(urn.provider_urn(resource.provider)) if resource.provider else None
        return provider is not None and contains_unknown(provider.resource.inputs)

    def _id(self, goal: Goal, step: Step) -> str | None:
        if step.operation is Operation.IMPORT:
            return goal.import_id
        return step.old.id if step.old is not None and step.operation in KEEPS_IDENTITY else None

    def _error(self, resource: Resource, message: str) -> None:
        self.diagnostics.append(
            Diagnostic(severity=Severity.ERROR, message=message, urn=resource.urn, source=resource.source)
        )


def _first_line(resource: Resource) -> str:
    return f"{resource.source} registered it first" if resource.source else "it is registered already"


def _triggers(new: Any, old: Any) -> bool:
    """Whether a replacement trigger fires: both are set and differ; an unknown one may."""
    new, old = (value.value if isinstance(value, Secret) else value for value in (new, old))
    return new is UNKNOWN or (new is not None and old is not None and new != old)
