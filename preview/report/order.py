"""Which goes first in a replacement: the old resource or the new one.

The engine creates first, unless the program says otherwise or the provider must: two resources cannot have one name.
Sources, read 2026-11-29: pulumi-terraform-bridge pkg/tfbridge `nameRequiresDeleteBeforeReplace` (a name that the
program gave, under a name property that the bridge would fill, makes its diff delete first), and pulumi-kubernetes
tests/sdk/nodejs/delete-before-replace (an object whose `metadata.name` is given and stays is deleted first).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from preview.changes import ABSENT, value_at
from preview.paths import Path, parse_path
from preview.plan import Operation, Resource, Step
from preview.replacements import autonamed

_KUBERNETES_IDENTITY: Final[tuple[Path, ...]] = (("metadata", "name"), ("metadata", "namespace"))


def deletes_first(step: Step) -> bool:
    """Whether this replacement deletes the old resource before it creates the new one, as far as a plan tells."""
    old, new = step.old, step.new
    if old is None or new is None:
        return False
    if new.delete_before_replace is not None:
        return new.delete_before_replace
    if step.replace_reasons == ("provider",):
        return False  # it is made elsewhere, beside the old one, and no provider is asked
    if new.type.startswith("kubernetes:"):
        same = all(value_at(old.inputs, path) == value_at(new.inputs, path) for path in _KUBERNETES_IDENTITY)
        return same and _is_given(new, _KUBERNETES_IDENTITY[0])
    name = autonamed(new.type)
    return name is not None and _is_given(new, parse_path(name))


def deleted_first(steps: Sequence[Step]) -> frozenset[str]:
    """Return the URNs of the replacements whose old resource goes first.

    What depends on such a resource and is replaced, too, must go before it. Source: pulumi/pkg v3.259.0
    resource/deploy/step_generator.go (`calculateDependentReplacements`), read 2026-11-23.
    """
    replaced = {step.urn: step for step in steps if step.operation is Operation.REPLACE}
    found = {urn for urn, step in replaced.items() if deletes_first(step)}
    pending = list(found)
    dependents = dict[str, list[str]]()
    for urn, step in replaced.items():
        for dependency in step.resource.dependencies:
            dependents.setdefault(dependency, []).append(urn)
    while pending:
        new = [urn for urn in dependents.pop(pending.pop(), ()) if urn not in found]
        found.update(new)
        pending += new
    return frozenset(found)


def _is_given(resource: Resource, path: Path) -> bool:
    return value_at(resource.inputs, path) not in (ABSENT, None)
