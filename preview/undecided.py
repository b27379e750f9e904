"""Unknown inputs beside recorded secrets: which of them the update would change.

An input is unknown for one of two reasons. Something it is made from is created or replaced: then it changes. Or it is
made from a secret that nobody here can decrypt, in the stack's config, in the state or in another stack: then it is
what was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from preview.plan import Resource, Secret
from preview.wire import contains_unknown

_SOMETHING_ELSE: Final = Secret("another value than any")


def settle(old: Resource, new: Resource, is_open: Callable[[str], bool]) -> tuple[Resource, Resource]:
    """Return the two resources so that comparing them finds the changes that an update would find.

    Args:
        old: the recorded resource; a secret that is masked in it equals everything.
        new: the registered one.
        is_open: whether outputs of the resource with this URN will only be known after the update.
    """
    old_inputs, new_inputs = dict(old.inputs), dict(new.inputs)
    for key, value in new.inputs.items():
        if key not in old.inputs or not contains_unknown(value):
            continue
        if any(is_open(source) for source in new.property_dependencies.get(key, new.dependencies)):
            old_inputs[key] = _distinct(old.inputs[key], value)
        else:
            new_inputs[key] = _recorded(old.inputs[key], value)
    return replace(old, inputs=old_inputs), replace(new, inputs=new_inputs)


def _recorded(old: Any, new: Any) -> Any:
    """Return `new` with the recorded secret in place of what is unknown."""
    if isinstance(old, Secret):
        return old if contains_unknown(new) else new
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        fields = cast("Mapping[str, Any]", new)
        before = cast("Mapping[str, Any]", old)
        return {key: _recorded(before[key], item) if key in before else item for key, item in fields.items()}
    if isinstance(old, list) and isinstance(new, list):
        items, recorded = cast("list[Any]", new), cast("list[Any]", old)
        return [*(map(_recorded, recorded, items)), *items[len(recorded) :]]
    return new


def _distinct(old: Any, new: Any) -> Any:
    """Return `old` with a value that nothing equals in place of each secret that becomes unknown."""
    if isinstance(old, Secret):
        return _SOMETHING_ELSE if contains_unknown(new) else old
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        fields, after = cast("Mapping[str, Any]", old), cast("Mapping[str, Any]", new)
        return {key: _distinct(item, after[key]) if key in after else item for key, item in fields.items()}
    if isinstance(old, list) and isinstance(new, list):
        items, changed = cast("list[Any]", old), cast("list[Any]", new)
        return [*(map(_distinct, items, changed)), *items[len(changed) :]]
    return old
