"""The outputs that a provider's preview answers with, for a step that it is asked about.

A creation or a replacement has its inputs, an update the recorded outputs with the changed inputs over them; what only
the cloud can tell is `UNKNOWN` where it lies inside an input or was known before, and otherwise missing.
Terraform's plans do so, which pulumi's bridge passes on; that rule is from knowledge, no source of it was read. Which
outputs it concerns is written in `replacements/*.yaml`, each with its source; also that azure-native forgets most
outputs in the preview of an update.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from preview.changes import is_mapping, is_sequence, reveal
from preview.paths import Path, parse_path
from preview.plan import UNKNOWN, Operation, Secret, Step
from preview.replacements import computed, keeps_outputs, recomputed, reshaped

_NOTHING: Final[Mapping[str, Any]] = {}


def planned_outputs(step: Step) -> dict[str, Any]:
    """Return the outputs of a custom resource that its provider knows before the step is carried out."""
    new = step.resource
    recorded = step.old.outputs if step.old is not None and step.operation in _KEEPS_OUTPUTS else _NOTHING
    if step.operation is Operation.SAME:
        return dict(recorded)
    kept = keeps_outputs(new.type)
    recorded = recorded if kept is None else {key: recorded[key] for key in kept if key in recorded}
    # Inputs that the recorded outputs do not repeat are known all the same.
    outputs: dict[str, Any] = _overlay({**new.inputs, **recorded}, new.inputs, map(parse_path, step.changes))
    for path in computed(new.type):
        outputs = _filled(outputs, path, recorded)
    for path in reshaped(new.type):
        outputs = _unknown_at(outputs, path)
    for (output,) in recomputed(step):
        outputs[str(output)] = UNKNOWN
    return outputs


def forgets_outputs(resource_type: str) -> bool:
    """Whether the provider's preview of an update knows fewer outputs than are recorded."""
    return keeps_outputs(resource_type) is not None


_KEEPS_OUTPUTS: Final = (Operation.SAME, Operation.UPDATE)


def _overlay(outputs: Any, inputs: Any, changed: Iterable[Path]) -> Any:
    """Return `outputs` with the inputs at the paths `changed` over them; what is no input any more goes.

    A list and a secret count as one value. An input that did not change keeps its output: the provider may have
    written it in another form.
    """
    paths = set(changed)
    if not paths:
        return outputs
    if () in paths or not (is_mapping(outputs) and is_mapping(inputs)):
        return inputs
    result = dict(outputs)
    for key in sorted({str(path[0]) for path in paths}):
        if inputs.get(key) is None:
            result.pop(key, None)
        elif key in result:
            result[key] = _overlay(result[key], inputs[key], {path[1:] for path in paths if path[0] == key})
        else:
            result[key] = inputs[key]
    return result


def _unknown_at(value: Any, path: Path) -> Any:
    """Return `value` with `UNKNOWN` at `path`, where it is there."""
    if not path:
        return UNKNOWN
    key = str(path[0])
    if not is_mapping(value) or value.get(key) is None:
        return value
    return {**value, key: _unknown_at(value[key], path[1:])}


def _filled(value: Any, path: Path, recorded: Any) -> Any:
    """Return `value` with the computed key at `path`: as recorded, or `UNKNOWN` where its object was not recorded."""
    before = reveal(recorded)
    if isinstance(value, Secret):
        return Secret(_filled(value.value, path, before))
    if is_sequence(value):
        items = before if is_sequence(before) else ()
        return [_filled(item, path, items[index] if index < len(items) else None) for index, item in enumerate(value)]
    if not is_mapping(value):
        return value
    key, rest = str(path[0]), path[1:]
    if key == "*":
        return {
            name: _filled(item, rest, before.get(name) if is_mapping(before) else None) for name, item in value.items()
        }
    known = before.get(key) if is_mapping(before) else None
    if rest:
        return {**value, key: _filled(value[key], rest, known)} if key in value else value
    if value.get(key) is not None or (known is None and is_mapping(before)):
        return value  # given by the program, or left empty by the cloud
    return {**value, key: UNKNOWN if known is None else known}
