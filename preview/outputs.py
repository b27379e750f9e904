"""What the program may know of a resource's outputs during a preview.

This is what the engine's previews answer with a provider that supports previews: a creation knows its inputs, an update
the recorded outputs with the new inputs over them, and an unchanged resource everything. Source: pulumi/pkg v3.259.0
resource/deploy/step.go and sdk go/common/resource/plugin/provider_plugin.go, read 2026-11-23.
"""

from __future__ import annotations

from typing import Any, Final

from preview.plan import PROVIDER_PREFIX, Operation, Secret, Step
from preview.provider_outputs import planned_outputs
from preview.providers import INTERNAL

KEEPS_IDENTITY: Final = (Operation.SAME, Operation.UPDATE)


def known_outputs(step: Step, *, configured: bool) -> dict[str, Any]:
    """Return the outputs that are known; the program takes every other one for unknown.

    Args:
        step: what would be done to the resource.
        configured: whether the resource's provider has all its inputs. One that has not is asked nothing.
    """
    new = step.resource
    if step.operation is Operation.SAME:
        return dict(step.old.outputs) if step.old is not None else {}
    if not new.custom or not configured:
        return {}
    outputs = planned_outputs(step)
    if new.type.startswith(PROVIDER_PREFIX):
        outputs.pop(INTERNAL, None)
    for key in new.additional_secret_outputs:
        if key in outputs and not isinstance(outputs[key], Secret):
            outputs[key] = Secret(outputs[key])
    return outputs
