"""Runs the rules on a stack's settings: within each model, between the parts, on each node group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

from components.errors import Mistake
from components.settings.base import Fault, Settings, repeated, rules_of
from components.settings.clouds import AwsStack, AzureStack, GcpStack, ServersStack
from components.settings.keys import key_of
from components.settings.rules import RULES
from components.settings.rules_aws import AWS_RULES
from components.settings.rules_azure import AZURE_RULES
from components.settings.rules_gcp import GCP_RULES
from components.settings.rules_node_groups import GROUP_RULES, WITHOUT_GROUPS
from components.settings.rules_node_groups_aws import AWS_GROUP_RULES
from components.settings.rules_node_groups_azure import AZURE_GROUP_RULES
from components.settings.rules_node_groups_gcp import GCP_GROUP_RULES
from components.settings.rules_servers import SERVERS_RULES
from components.settings.sound import UnsoundError
from components.settings.stack import StackSettings
from components.settings.values import EachOnce

Path = tuple[str | int, ...]
AnyRule = Callable[..., Iterable[Fault]]

_CLOUDS: Final[Mapping[str, tuple[Callable[[StackSettings], Any], tuple[AnyRule, ...], tuple[AnyRule, ...]]]] = {
    "aws": (AwsStack, AWS_RULES, AWS_GROUP_RULES),
    "azure": (AzureStack, AZURE_RULES, AZURE_GROUP_RULES),
    "gcp": (GcpStack, GCP_RULES, GCP_GROUP_RULES),
    "servers": (ServersStack, SERVERS_RULES, ()),
}
"""By the provider's kind: how its rules see a stack, those on the stack, those on each node group."""


def broken_rules(stack: StackSettings) -> list[Mistake]:
    """Every rule's faults as mistakes. A rule that asks for an unsound value ends there."""
    mistakes: list[Mistake] = []
    for path, settings in _models((), stack):
        mistakes += _run(path, entries_are_there_once, settings)
        for rule in rules_of(type(settings)):
            mistakes += _run(path, rule, settings)
    provider = _provider_kind(stack)
    mistakes += _rules_run(stack, stack, RULES, () if provider in WITHOUT_GROUPS else GROUP_RULES)
    if provider is not None:
        seen_as, rules, group_rules = _CLOUDS[provider]
        mistakes += _rules_run(stack, seen_as(stack), rules, group_rules)
    return mistakes


def entries_are_there_once(settings: Settings) -> Iterator[Fault]:
    """No entry of a list marked `EachOnce` is there twice."""
    for name, field in type(settings).model_fields.items():
        value = settings.__dict__[name]
        if EachOnce in field.metadata and isinstance(value, tuple):
            for entry in repeated(cast("tuple[Any, ...]", value)):
                yield Fault((name,), f"has {entry} twice", "write each entry once")


def _rules_run(
    stack: StackSettings, seen: Any, rules: Iterable[AnyRule], group_rules: Iterable[AnyRule]
) -> Iterator[Mistake]:
    """What the rules find, on the stack as they see it and on each of its node groups."""
    for rule in rules:
        yield from _run((), rule, seen)
    for name, group in _node_groups(stack).items():
        for rule in group_rules:
            yield from _run(("node_groups", name), rule, seen, group)


def _run(path: Path, rule: AnyRule, *settings: Any) -> Iterator[Mistake]:
    try:
        for fault in rule(*settings):
            yield Mistake(key_of((*path, *fault.path)), fault.problem, fault.remedy)
    except UnsoundError:
        return


def _models(path: Path, value: Any) -> Iterator[tuple[Path, Settings]]:
    """Every model of the tree with its place, parents first."""
    if isinstance(value, Settings):
        yield path, value
        for name, item in value.__dict__.items():
            yield from _models((*path, name), item)
    elif isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            if isinstance(item, Settings):
                yield from _models((*path, key), item)


def _node_groups(stack: StackSettings) -> Mapping[str, Any]:
    try:
        return stack.node_groups
    except UnsoundError:
        return {}


def _provider_kind(stack: StackSettings) -> str | None:
    try:
        return stack.provider.kind
    except UnsoundError:
        return None
