"""One case of a rule: a resource that it judges, and what it must say. Each rule has one of each outcome."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.catalogue import CATALOGUE
from policies.judge import Finding, Outcome, judge
from policies.properties import Path, Properties
from policies.rule import Circumstances, Resource, Stack


@dataclass(frozen=True)
class Case:
    """Inputs of one resource that pass, and changes to them, by dotted path, that break the rule or hide the answer."""

    rule: str
    type: str
    passing: Mapping[str, Any]
    broken: tuple[Mapping[Any, Any], ...]
    """Each breaks the rule by itself; None removes an input."""
    unknown: tuple[str | Path, ...]
    """Paths, each unknown by itself, on which the rule's answer depends."""
    circumstances: Circumstances = field(default_factory=Circumstances)

    def __str__(self) -> str:
        return f"{self.rule} {self.type}"

    def subject(self, changes: Mapping[Any, Any]) -> Resource:
        """The passing resource with some inputs changed."""
        inputs = dict(self.passing)
        for path, value in changes.items():
            inputs = with_input(inputs, path, value)
        return resource(self.type, inputs, circumstances=self.circumstances)


@dataclass(frozen=True)
class StackCase:
    """A resource that a stack rule judges, and other resources among which it passes, is broken or cannot be judged."""

    rule: str
    subject: Resource
    passing: tuple[Resource, ...]
    broken: tuple[tuple[Resource, ...], ...] = ()
    unknown: tuple[tuple[Resource, ...], ...] = ()
    broken_subjects: tuple[Resource, ...] = ()
    """Other subjects, broken among what the first one passes among."""
    unknown_subjects: tuple[Resource, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule} {self.subject.type}"

    @property
    def all_broken(self) -> list[tuple[Resource, tuple[Resource, ...]]]:
        """Each subject with what it is broken among."""
        among = [(self.subject, others) for others in self.broken]
        return among + [(subject, self.passing) for subject in self.broken_subjects]

    @property
    def all_unknown(self) -> list[tuple[Resource, tuple[Resource, ...]]]:
        """Each subject with what it cannot be judged among."""
        among = [(self.subject, others) for others in self.unknown]
        return among + [(subject, self.passing) for subject in self.unknown_subjects]


def resource(type_: str, inputs: Mapping[str, Any], name: str = "subject", **more: Any) -> Resource:
    """A resource as the pack hands it to rules."""
    urn = f"urn:pulumi:dev::project::{type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, inputs=Properties(inputs), **more)


def findings(rule: str, subject: Resource, *others: Resource) -> list[Finding]:
    """What a rule of the catalogue says of a resource among others."""
    return list(judge(CATALOGUE[rule], subject, Stack((subject, *others))))


def outcomes(rule: str, subject: Resource, *others: Resource) -> set[Outcome]:
    """The outcomes alone; empty where the rule passes."""
    return {finding.outcome for finding in findings(rule, subject, *others)}


def with_input(inputs: Mapping[str, Any], path: str | Path, value: Any) -> dict[str, Any]:
    """The inputs with one changed: `vpcConfig.publicAccessCidrs.0`, or steps where a key has dots. None removes it."""
    changed: Any = copy.deepcopy(dict(inputs))  # UNKNOWN stays itself: it copies to itself
    steps = path.split(".") if isinstance(path, str) else path
    *above, last = (int(step) if str(step).isdigit() else str(step) for step in steps)
    holder = changed
    for step in above:
        holder = holder[step] if isinstance(step, int) else holder.setdefault(step, {})
    if value is None:
        holder.pop(last)
    else:
        holder[last] = value
    return changed
