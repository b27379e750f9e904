"""The way out: properties that the settings do not model, set on the typed resource by its Pulumi type token.

    infraplatform:cluster:
      overrides:
        aws:eks/cluster:Cluster:
          zonalShiftConfig: {enabled: true}

Objects are merged key by key; lists and plain values replace what the part set. The preview checks the result against
the resource's own types, so a misspelt property is an error there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.settings.base import Overrides


def transforms(overrides: Overrides) -> list[pulumi.ResourceTransform]:
    """The transforms that a part's component gets in its options; none where nothing is overridden."""
    if not overrides:
        return []

    def override(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        properties = overrides.get(args.type_)
        if properties is None:
            return None
        return pulumi.ResourceTransformResult(props=merged(args.props, properties), opts=args.opts)

    return [override]


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `over` put over it, key by key through nested objects."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        nested = isinstance(below, Mapping) and isinstance(value, Mapping)
        result[key] = merged(below, value) if nested else value
    return result
