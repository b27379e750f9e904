"""The blast radius: what holds state or runs workloads and is touched by a change, how, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from preview.changes import reveal
from preview.plan import Operation, Step
from preview.report.model import BlastEntry, Change, Impact, Order
from preview.report.parts import Facts, facts_of

_GOES: Final = (Operation.DELETE, Operation.REPLACE)
_IN_PLACE: Final = (Operation.UPDATE, Operation.MAY_CHANGE)


def blast_radius(steps: Sequence[Step], changes: Sequence[Change]) -> tuple[BlastEntry, ...]:
    """Return what is touched, in the order of the update.

    Args:
        steps: what an update would do.
        changes: the same steps as the report shows them, in the same order.
    """
    depths = _depths(steps)
    found = list[BlastEntry]()
    for step, change in zip(steps, changes, strict=True):
        facts = facts_of(change.type) if change.custom else None
        if facts is None:
            continue
        told = _told(step, change, facts)
        if told is not None:
            impact, what = told
            found.append(
                BlastEntry(
                    change=change,
                    part=facts.part,
                    impact=impact,
                    what=what,
                    rank=depths[change.urn],
                    stateful=facts.stateful,
                )
            )
    return _in_order(found)


def _told(step: Step, change: Change, facts: Facts) -> tuple[Impact, str] | None:
    """Return what a change does to what the table speaks of; None where nobody notices."""
    if change.operation in _GOES:
        if _stays(step, facts):
            return Impact.NONE, "is no longer managed, but stays where it is"
        return _gone(change, facts)
    if change.operation in _IN_PLACE:
        moved = [item.path for item in change.properties if facts.is_moved_by(item.path)]
        if moved:
            certain = "is changed in place" if change.operation is Operation.UPDATE else "may be changed in place"
            return Impact.MOVES, f"{certain} ({', '.join(moved)}): {facts.by}"
        uncertain = [item.path for item in change.properties if item.may_replace]
        if uncertain:
            return (
                Impact.NONE,
                f"is changed in place, as far as is known: no table says what {', '.join(uncertain)} does",
            )
    return None


def _gone(change: Change, facts: Facts) -> tuple[Impact, str]:
    if change.operation is Operation.DELETE:
        impact, how = facts.ends, "is deleted"
    else:
        impact = Impact.OUTAGE if change.order is Order.DELETE_FIRST else Impact.MOVES
        how = f"is replaced: {change.order or Order.CREATE_FIRST}"
    if facts.stateful:
        impact = Impact.LOSS
    verb = "moves" if impact is Impact.MOVES else "goes"
    return impact, f"{how}. What {verb} with it: {facts.holds}"


def _stays(step: Step, facts: Facts) -> bool:
    """Whether the provider leaves the thing itself alone when the resource goes."""
    old = step.old
    return old is not None and (
        old.retain_on_delete or any(reveal(old.inputs.get(key)) is True for key in facts.kept_when)
    )


def _depths(steps: Sequence[Step]) -> dict[str, int]:
    """Return each resource's place in the update: creations and updates by what they depend on, then deletions."""
    by_urn = {step.urn: step for step in steps}
    depths: dict[str, int] = {}
    for urn in by_urn:
        _depth(urn, by_urn, depths)
    last = max(depths.values(), default=0)
    return {
        urn: 2 * last + 1 - depth if by_urn[urn].operation is Operation.DELETE else depth
        for urn, depth in depths.items()
    }


def _depth(start: str, by_urn: Mapping[str, Step], depths: dict[str, int]) -> None:
    """Fill in the depth of `start` and of all that it depends on; a plan is deeper than Python's stack may be."""
    open_ = [start]
    entered = set[str]()
    while open_:
        urn = open_[-1]
        if urn in depths:
            open_.pop()
            continue
        resource = by_urn[urn].resource
        above = {*resource.dependencies, resource.parent or ""} & by_urn.keys() - {urn}
        waiting = [item for item in above if item not in depths]
        if waiting and urn not in entered:
            entered.add(urn)
            open_ += waiting
            continue
        depths[urn] = 1 + max((depths[item] for item in above if item in depths), default=-1)
        open_.pop()


def _in_order(found: list[BlastEntry]) -> tuple[BlastEntry, ...]:
    """Return the entries by rank, with ranks that count from 1 without gaps."""
    ranks = {rank: number for number, rank in enumerate(sorted({entry.rank for entry in found}), start=1)}
    ordered = sorted(found, key=lambda entry: (entry.rank, entry.part, entry.change.name))
    return tuple(replace(entry, rank=ranks[entry.rank]) for entry in ordered)
