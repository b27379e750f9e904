"""What a rule is: a pure function over a resource, and what people must know of it.

A check yields one sentence for each thing that is wrong and nothing where all is well. Where it reads what is unknown
before the update, the read itself ends the check (`CannotTell`); the rule's other checks still run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.properties import UNKNOWN, CannotTell, Path, Properties
from policies.terms import Environment, Severity


@dataclass(frozen=True)
class Circumstances:
    """What a rule may know beside the resource."""

    environment: Environment = Environment.DEV
    as_of: dt.date = dt.date.max
    """The day on which versions and exceptions are judged; the pack sets it, rules read no clock."""
    registries: tuple[str, ...] = ()
    """Registries that images may come from, as prefixes; all may be used where there is none."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource as rules see it: its inputs, before the update."""

    urn: str
    type: str
    name: str
    inputs: Properties
    parent: str = ""
    circumstances: Circumstances = Circumstances()
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """URNs that each top-level input was computed from; only in stack rules."""


class Stack:
    """All resources of a stack, for rules that relate them."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = tuple(resources)
        self._by_urn = {resource.urn: resource for resource in self.resources}
        self._by_type: dict[str, list[Resource]] = {}
        for resource in self.resources:
            self._by_type.setdefault(resource.type, []).append(resource)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of these types."""
        return (resource for type_ in types for resource in self._by_type.get(type_, ()))

    def fed_by(self, resource: Resource, key: str, *types: str) -> list[Resource]:
        """The resources of these types that an input was computed from: what an unknown id points to."""
        urns = resource.dependencies.get(key, ())
        return [self._by_urn[urn] for urn in urns if urn in self._by_urn and self._by_urn[urn].type in types]

    def referrers(self, target: Resource, type_: str, key: str) -> Iterator[Resource]:
        """The resources of a type whose input `key` was computed from `target`: that belong to it.

        Raises:
            CannotTell: at the end, where some belong to what nobody knows yet.
        """
        unknown: list[str] = []
        for other in self.of_type(type_):
            owners = other.dependencies.get(key, ())
            if target.urn in owners:
                yield other
            elif not owners and other.inputs.at(key).raw is UNKNOWN:
                unknown.append(f"{key} of {other.name}")
        if unknown:
            raise CannotTell(*unknown)


Check = Callable[[Resource], Iterable[str]]
StackCheck = Callable[[Resource, Stack], Iterable[str]]
Fix = Callable[[Resource], Iterable[tuple[Path, Any]]]


@dataclass(frozen=True, kw_only=True)
class _Described:
    """What people must know of a rule."""

    id: str
    """`<cloud>-<subject>`, as configuration and messages name it."""
    title: str
    """What must hold, as one sentence."""
    severity: Severity
    types: tuple[str, ...]
    """Pulumi's type tokens of the resources it judges."""
    controls: tuple[str, ...]
    """What it serves, as `<framework>:<control>`: `cis-eks:5.4.1`, `isms-p:2.6.1`. See `policies/frameworks/`."""
    problem: str
    """What is wrong where the rule is broken, and what follows from it."""
    remedy: str
    """How to fix it."""
    source: str
    """Where the property's name, default and meaning were read, with the date."""
    checkov: tuple[str, ...] = ()
    """The checks of checkov that ask the same."""
    speaks_of: Callable[[Resource], bool] | None = None
    """Which resources of its types it judges; all where this is None. What it does not speak of, it does not pass."""


@dataclass(frozen=True, kw_only=True)
class Rule(_Described):
    """A rule on one resource by itself."""

    checks: tuple[Check, ...]
    shows: Mapping[str, tuple[Check, ...]] = field(default_factory=dict[str, tuple[Check, ...]])
    """Controls that some of the checks show by themselves, with these; the other controls take all checks."""
    fix: Fix | None = None
    """The inputs to change, by path, where that is safe; yields nothing where nothing is to be changed."""


@dataclass(frozen=True, kw_only=True)
class StackRule(_Described):
    """A rule on one resource among all others of its stack. Stack rules have no fix: Pulumi cannot apply one."""

    checks: tuple[StackCheck, ...]


AnyRule = Rule | StackRule
