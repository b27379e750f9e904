"""Runs the rules on a stack's settings: within each model, between the parts, on each node group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from components.errors import Mistake
from components.settings.base import Fault, Settings, repeated, rules_of
from components.settings.keys import key_of
from components.settings.rules import RULES
from components.settings.rules_node_groups import GROUP_RULES
from components.settings.sound import UnsoundError
from components.settings.stack import StackSettings
from components.settings.values import EachOnce

Path = tuple[str | int, ...]


def broken_rules(stack: StackSettings) -> list[Mistake]:
    """Every rule's faults as mistakes. A rule that asks for an unsound value ends there."""
    mistakes: list[Mistake] = []
    for path, settings in _models((), stack):
        mistakes += _run(path, entries_are_there_once, settings)
        for rule in rules_of(type(settings)):
            mistakes += _run(path, rule, settings)
    for rule in RULES:
        mistakes += _run((), rule, stack)
    for name, group in _node_groups(stack).items():
        for group_rule in GROUP_RULES:
            mistakes += _run(("node_groups", name), group_rule, stack, group)
    return mistakes


def entries_are_there_once(settings: Settings) -> Iterator[Fault]:
    """No entry of a list marked `EachOnce` is there twice."""
    for name, field in type(settings).model_fields.items():
        value = settings.__dict__[name]
        if EachOnce in field.metadata and isinstance(value, tuple):
            for entry in repeated(cast("tuple[Any, ...]", value)):
                yield Fault((name,), f"has {entry} twice", "write each entry once")


def _run(path: Path, rule: Callable[..., Iterable[Fault]], *settings: Settings) -> Iterator[Mistake]:
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
