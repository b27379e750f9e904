"""What a resource that is deleted before its replacement takes down with it.

Source: pulumi/pkg v3.259.0 resource/deploy/step_generator.go (`calculateDependentReplacements`), read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from preview import urn
from preview.diff import compare
from preview.plan import UNKNOWN, Operation, Resource


def condemned(
    root: str, recorded: Mapping[str, Resource], registered: Mapping[str, object]
) -> dict[str, tuple[str, ...]]:
    """Return the resources that must go before `root` can, with the properties that make each of them go.

    Those are the recorded dependents, direct and indirect, that a change of what they take from a condemned one would
    replace.

    Args:
        root: the URN of the resource that is deleted first.
        recorded: the old resources by URN, each after what it depends on.
        registered: the URNs that the program has registered already; they cannot depend on `root` any more.
    """
    found: dict[str, tuple[str, ...]] = {root: ()}
    for resource in recorded.values():
        if resource.urn in registered or resource.urn in found or not resource.custom or resource.external:
            continue
        if resource.provider and urn.provider_urn(resource.provider) in found:
            found[resource.urn] = ()
            continue
        fed = {
            key for key, sources in resource.property_dependencies.items() if any(source in found for source in sources)
        }
        if not fed & resource.inputs.keys():
            continue
        inputs = {key: UNKNOWN if key in fed else value for key, value in resource.inputs.items()}
        new = replace(resource, inputs=inputs, ignore_changes=())  # the engine ignores nothing here
        step = compare(resource, new, provider_replaced=False)
        if step.operation is Operation.REPLACE:
            found[resource.urn] = step.replace_reasons
    del found[root]
    return found
