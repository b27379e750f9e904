"""A change report: what each stack's plan was, what it is now, and what of it a reviewer must see.

All text in here is as the programs wrote it: whoever renders a report escapes it. No secret is in here: values are the
text that `look.shown` makes of them. How it is made: `compare.py` (a pair of plans), `blast_radius.py`, `guard.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from preview.plan import Diagnostic, Operation, Plan, PropertyChange, Severity, SourcePosition
from preview.policy_results import MANDATORY


class Part(StrEnum):
    """What a resource is to a platform, in the words of `parts.yaml`."""

    CLUSTER = "cluster"
    NODE_GROUP = "node group"
    NETWORK = "network"
    ADDRESS = "address"
    VOLUME = "volume"
    FILE_SYSTEM = "file system"
    REGISTRY = "registry"
    KEY = "key"
    DATABASE = "database"
    BUCKET = "bucket"
    BACKUP = "backup"
    LOGS = "logs"
    RESOURCE_GROUP = "resource group"
    NAMESPACE = "namespace"
    WORKLOAD = "workload"


class Order(StrEnum):
    """What a replacement does first."""

    CREATE_FIRST = "the new one is created before the old one is deleted"
    DELETE_FIRST = "the old one is deleted before the new one is created"


class Impact(StrEnum):
    """What workloads and data notice, from least to worst."""

    NONE = "no interruption"
    MOVES = "workloads move"
    OUTAGE = "interruption"
    LOSS = "loss"


@dataclass(frozen=True, kw_only=True)
class PropertyDifference:
    """One changed input; `old` and `new` are text (`[secret]`, `[unknown]`), None where there is no value."""

    path: str
    change: PropertyChange
    old: str | None
    new: str | None
    may_replace: bool = False  # no table says what this change does

    @property
    def replaces(self) -> bool:
        """Whether this change makes the provider replace the resource."""
        return self.change.value.endswith("-replace")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happens to one resource.

    Attributes:
        urn: the new URN, or the old one of what is deleted.
        component: the URN of the nearest component above it; None where that is the stack.
        old_urn: the URN that it had, where an alias carries it over.
        order: only for replacements.
        part: None for a type that holds nothing.
    """

    urn: str
    type: str
    name: str
    custom: bool
    operation: Operation
    component: str | None = None
    old_urn: str | None = None
    properties: tuple[PropertyDifference, ...] = ()
    replace_reasons: tuple[str, ...] = ()
    order: Order | None = None
    part: Part | None = None
    protect: bool = False
    source: SourcePosition | None = None


@dataclass(frozen=True, kw_only=True)
class BlastEntry:
    """Something that holds state or runs workloads, and what the update does to it.

    Attributes:
        change: the change that it is about.
        part: what it is.
        impact: what is noticed.
        what: one sentence: what goes, moves or restarts, and in which order.
        rank: its place in the update; what has the same rank happens side by side.
        stateful: whether it holds what a new one will not have.
    """

    change: Change
    part: Part
    impact: Impact
    what: str
    rank: int
    stateful: bool


@dataclass(frozen=True, kw_only=True)
class MissingAlias:
    """A deletion and a creation of one type that look like one renamed resource."""

    type: str
    deleted: str  # URN
    created: str  # URN


class Standing(StrEnum):
    """How the guard sees the loss of one resource, or an acknowledgement."""

    BLOCKED = "blocked"
    ACKNOWLEDGED = "acknowledged"
    WARNED = "warned"


@dataclass(frozen=True, kw_only=True)
class GuardFinding:
    """What the replacement guard says of one URN; BLOCKED fails the check."""

    standing: Standing
    urn: str
    message: str
    reason: str | None = None  # the acknowledgement's
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class PolicyResult:
    """One finding of a policy pack, where a plan has them."""

    policy: str
    level: str  # advisory, mandatory, ...
    message: str
    urn: str | None = None


class StackStatus(StrEnum):
    """What could be compared."""

    COMPARED = "compared"
    NEW = "new"  # base has no such stack
    REMOVED = "removed"  # head has no such stack
    UNCHANGED = "unchanged"  # nothing that the stack's program loads differs, so it was planned once
    BASE_FAILED = "base failed"  # head alone is shown
    HEAD_FAILED = "head failed"


@dataclass(frozen=True, kw_only=True)
class StackReport:
    """One stack. `changes` are in the order of the head's plan, deletions last; `base` and `head` are its plans."""

    stack: str
    status: StackStatus
    changes: tuple[Change, ...] = ()
    blast_radius: tuple[BlastEntry, ...] = ()  # in the order of the update
    missing_aliases: tuple[MissingAlias, ...] = ()
    findings: tuple[GuardFinding, ...] = ()
    policies: tuple[PolicyResult, ...] = ()
    base: Plan | None = None
    head: Plan | None = None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the head's plan."""
        found = self.head.diagnostics if self.head else ()
        return tuple(item for item in found if item.severity is Severity.ERROR)

    @property
    def base_errors(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the base's plan."""
        found = self.base.diagnostics if self.base else ()
        return tuple(item for item in found if item.severity is Severity.ERROR)

    @property
    def counts(self) -> Mapping[Operation, int]:
        """How many resources, components not counted, see each operation."""
        counts = dict.fromkeys(Operation, 0)
        for change in self.changes:
            counts[change.operation] += change.custom
        return {operation: count for operation, count in counts.items() if count}

    @property
    def failed(self) -> bool:
        """Whether this stack fails the check."""
        blocked = any(finding.standing is Standing.BLOCKED for finding in self.findings)
        forbidden = any(result.level == MANDATORY for result in self.policies)
        return blocked or forbidden or self.status is StackStatus.HEAD_FAILED


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole change.

    Attributes:
        base: what was compared, as a reviewer names it: a commit, a folder or a file.
        head: with what.
        claimed: whether the head's program is not trusted, so that its plan is only what it claims.
        stacks: in the order of their names.
        notes: what a reviewer must know beside: other requirements, an unused acknowledgement, stacks left out.
        as_of: the day that acknowledgements were judged by.
    """

    base: str
    head: str
    as_of: date
    claimed: bool = False
    stacks: tuple[StackReport, ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple[str, ...])
    findings: tuple[GuardFinding, ...] = ()  # acknowledgements that fit no stack

    @property
    def touched(self) -> tuple[StackReport, ...]:
        """The stacks of which there is anything to say."""
        return tuple(stack for stack in self.stacks if stack.status is not StackStatus.UNCHANGED or stack.findings)

    @property
    def untouched(self) -> tuple[str, ...]:
        """The names of the stacks that load nothing that differs."""
        return tuple(stack.stack for stack in self.stacks if stack not in self.touched)

    @property
    def failed(self) -> bool:
        """Whether the check fails."""
        own = any(finding.standing is Standing.BLOCKED for finding in self.findings)
        return own or any(stack.failed for stack in self.stacks)
