"""Plans what two sides need, several stacks at a time, and reports on each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from preview.errors import PreviewError, StackNotFound
from preview.plan import Plan
from preview.report import acknowledgements, notes
from preview.report.acknowledgements import Acknowledgement
from preview.report.checkouts import Checkout, PlanFiles, Side
from preview.report.files import Manifest, Tree, may_differ, plans_alike
from preview.report.model import Report, StackReport, StackStatus
from preview.report.planning import Planned, Planner
from preview.report.stack import report_on

PACKAGE_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to compare, and how.

    Attributes:
        stacks: those to plan; none for all that may differ.
        acknowledgements: the file to read instead of the head's own.
        as_of: the day to judge acknowledgements by.
        untrusted: whether the head's program is not one's own.
        jobs: how many programs run at a time.
        timeout_seconds: after which a program that has not ended is stopped.
        policy_packs: folders of the policy packs that judge both sides, never a head's own where it is not trusted.
    """

    as_of: date
    timeout_seconds: float
    stacks: Sequence[str] = ()
    acknowledgements: Path | None = None
    untrusted: bool = False
    jobs: int = 2
    policy_packs: Sequence[Path] = ()


def compare(base: Side, head: Side, options: Options) -> Report:
    """Return the report of what changes from `base` to `head`.

    Raises:
        PreviewError: a file is broken or a stack is unknown. A program that fails is no such error: the report has it.
    """
    file = options.acknowledgements or head.folder / acknowledgements.FILE_NAME
    given = acknowledgements.read(file)
    sides = (
        _Plans(base, _planner(base, head, options, is_head=False)),
        _Plans(head, _planner(base, head, options, is_head=True)),
    )
    names = sorted(sides[0].stacks | sides[1].stacks)
    if missing := set(options.stacks) - set(names):
        raise StackNotFound(f"no stack named {', '.join(sorted(missing))}; there are {', '.join(names) or 'none'}")
    chosen = [name for name in names if _is_chosen(name, sides, options.stacks)]
    reports = _reports(chosen, sides, given, options)
    if not options.stacks:
        reports += [StackReport(stack=name, status=StackStatus.UNCHANGED) for name in names if name not in chosen]
    return Report(
        base=base.label,
        head=head.label,
        as_of=options.as_of,
        claimed=options.untrusted,
        stacks=tuple(sorted(reports, key=lambda report: report.stack)),
        notes=notes.about(base, head),
        findings=notes.of_no_stack(given, names, options.as_of),
    )


class _Plans:
    """One side's plans, made or read when they are asked for."""

    def __init__(self, side: Side, planner: Planner) -> None:
        self.side = side
        self._planner = planner

    @cached_property
    def tree(self) -> Tree | None:
        return Tree(self.side.root, self.side.project) if isinstance(self.side, Checkout) else None

    @property
    def stacks(self) -> set[str]:
        return set(self.side.files if isinstance(self.side, PlanFiles) else self.tree.stacks if self.tree else ())

    def plan(self, stack: str) -> Planned | None:
        """Return a stack's plan, None where this side has no such stack."""
        if isinstance(self.side, PlanFiles):
            plan = self.side.plan(stack)
            return Planned(plan=plan) if plan else None
        file = self.tree.stacks.get(stack) if self.tree else None
        return self._planner.plan(self.side.project, stack, self.side.project / file) if file else None


def _planner(base: Side, head: Side, options: Options, *, is_head: bool) -> Planner:
    """Return who plans a side; a head that is not trusted must not bring its own planner."""
    root = PACKAGE_ROOT
    if options.untrusted:
        if isinstance(head, Checkout) and root.is_relative_to(head.root):
            raise PreviewError(f"this planner is the head's own ({head.root}): run the base's, in the base's folder")
        if isinstance(base, Checkout) and (base.root / "preview" / "__main__.py").is_file():
            root = base.root
    monitor = "parent" if options.untrusted and is_head else "child"
    return Planner(
        package_root=root,
        monitor=monitor,
        timeout_seconds=options.timeout_seconds,
        policy_packs=options.policy_packs,
    )


def _is_chosen(stack: str, sides: tuple[_Plans, _Plans], named: Sequence[str]) -> bool:
    if named:
        return stack in named
    base, head = (plans.tree for plans in sides)
    if base is None or head is None or stack not in base.stacks or base.stacks.get(stack) != head.stacks.get(stack):
        return True
    return may_differ(base.stacks[stack], base, head)


def _reports(
    stacks: Iterable[str], sides: tuple[_Plans, _Plans], given: Sequence[Acknowledgement], options: Options
) -> list[StackReport]:
    """Plan the bases first: a head that must come out the same is not planned then."""
    base, head = sides
    with ThreadPoolExecutor(options.jobs) as pool:
        bases = {stack: pool.submit(base.plan, stack) for stack in stacks}
        heads = {stack: pool.submit(_head_plan, stack, head, base, bases[stack]) for stack in bases}
        found = list[StackReport]()
        for stack, future in heads.items():
            planned, planned_once = future.result()
            before = bases[stack].result()
            found.append(
                report_on(
                    stack,
                    before.plan if before else None,
                    planned.plan if planned else None,
                    given,
                    as_of=options.as_of,
                    planned_once=planned_once,
                )
            )
    return found


def _head_plan(stack: str, head: _Plans, base: _Plans, before: Future[Planned | None]) -> tuple[Planned | None, bool]:
    """Return the head's plan, and whether it is the base's."""
    if base.tree is not None and head.tree is not None:
        file = base.tree.stacks.get(stack)
        if file and base.tree.content(base.tree.in_root(file)) == head.tree.content(head.tree.in_root(file)):
            planned = before.result()  # worth waiting for; where the stack's own file changed it would not be
            if planned and planned.seen and not planned.plan.broken:
                manifest = Manifest.of(planned.seen, base.tree)
                if head.tree.stacks.get(stack) == file and plans_alike(file, manifest, base.tree, head.tree):
                    return planned, True
    return head.plan(stack), False


def plans_of(report: Report) -> Iterable[tuple[str, str, Plan]]:
    """Yield every plan in a report with its side and its stack, for who writes them down."""
    for stack in report.stacks:
        for side, plan in (("base", stack.base), ("head", stack.head)):
            if plan is not None:
                yield side, stack.stack, plan
