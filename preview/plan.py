"""What a preview found: resources, the operation planned for each, and what went wrong.

The values inside `inputs` and `outputs` are plain JSON values with two additions: `UNKNOWN` stands for what only
the update will tell, and `Secret` wraps what must never be shown. Nothing here reads or writes files; `digest.py`
turns a plan into the JSON of `pulumi preview --json` and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from preview.policy_results import PackResult

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PROVIDER_PREFIX: Final = "pulumi:providers:"
MASKED: Final = "[secret]"  # what a plan or a state shows in place of a secret's value


class Unknown:
    """The value that only the update will tell; there is one, `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"  # a copy that crossed a process border is the same object again


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that is masked wherever it would be shown or written."""

    value: Any

    def __repr__(self) -> str:
        return "Secret([secret])"


class Operation(StrEnum):
    """What an update would do to a resource, in the words of `pulumi preview --json`."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    SAME = "same"
    READ = "read"
    IMPORT = "import"
    MAY_CHANGE = "may-change"  # against a plan only: an input is fed by a resource that changes


@dataclass(frozen=True)
class SourcePosition:
    """The user's own line that registered a resource."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource as the program registered it, or as a state or an earlier plan recorded it.

    `inputs` and `outputs` have the provider's own (camelCase) keys. `id` is None while only the update can tell it.
    """

    urn: str
    type: str
    custom: bool
    parent: str | None = None
    id: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    provider: str | None = None
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    aliases: tuple[str, ...] = ()  # the recorded URN that it was found under, where that is another one
    possible_aliases: tuple[str, ...] = ()  # where nothing was recorded: every URN that it may have had
    protect: bool = False
    retain_on_delete: bool = False
    deleted_with: str | None = None
    replace_with: tuple[str, ...] = ()
    replacement_trigger: Any = None
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, str] = field(default_factory=dict[str, str])
    hooks: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )  # names by BeforeCreate, ...
    external: bool = False  # read, not managed
    source: SourcePosition | None = None

    @property
    def name(self) -> str:
        """The logical name: the rest of the URN, which may itself hold `::`."""
        return self.urn.split("::", 3)[-1]


class PropertyChange(StrEnum):
    """How one property differs, in the words of the CLI's `detailedDiff`."""

    ADD = "add"
    ADD_REPLACE = "add-replace"
    DELETE = "delete"
    DELETE_REPLACE = "delete-replace"
    UPDATE = "update"
    UPDATE_REPLACE = "update-replace"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One operation on one resource. `old` is None for a creation, `new` is None for a deletion."""

    operation: Operation
    old: Resource | None = None
    new: Resource | None = None
    changes: Mapping[str, PropertyChange] = field(default_factory=dict[str, PropertyChange])  # by property path
    replace_reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.old is None and self.new is None:
            raise ValueError("a step needs an old or a new resource")

    @property
    def resource(self) -> Resource:
        """What the step is about: the new resource, or the old one where it is deleted."""
        resource = self.new or self.old
        if resource is None:
            raise AssertionError("__post_init__ has refused this")
        return resource

    @property
    def urn(self) -> str:
        """The URN of the resource that the step is about."""
        return self.resource.urn


class Severity(StrEnum):
    """How bad a message is."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """A message for the user: the program's own log lines and what the preview's checks found."""

    severity: Severity
    message: str
    urn: str | None = None
    source: SourcePosition | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The result of one preview. `complete` is False where the program stopped before its end."""

    project: str
    stack: str
    config: Mapping[str, str] = field(default_factory=dict[str, str])  # secrets masked
    steps: tuple[Step, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])  # the stack's exports
    diagnostics: tuple[Diagnostic, ...] = ()
    duration_seconds: float = 0.0
    complete: bool = True
    policies: tuple[PackResult, ...] = ()  # what each policy pack said of it

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Every resource that stands after the update."""
        return tuple(step.new for step in self.steps if step.new is not None)

    @property
    def broken(self) -> bool:
        """Whether the program stopped early, or anything is wrong with what it planned."""
        return not self.complete or any(item.severity is Severity.ERROR for item in self.diagnostics)

    @property
    def failed(self) -> bool:
        """Whether it is broken, or a policy forbids it."""
        return self.broken or any(pack.forbids for pack in self.policies)
