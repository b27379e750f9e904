"""What a picture says of a resource in one line, and the zones that it lies in, from its inputs alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from preview.cost.scene import Scene, items, number, text, value
from preview.plan import Resource
from preview.report.model import Part
from preview.report.parts import part_of

_CIDR_KEYS: Final = ("cidrBlock", "ipCidrRange", "addressPrefix")
_VERSION_KEYS: Final = ("version", "kubernetesVersion", "minMasterVersion")
_ZONE_KEYS: Final = ("availabilityZone", "zone")


def note(resource: Resource) -> str:
    """Return a cluster's version, a group's machines and size, a network's range, a disk's size; else nothing."""
    inputs = resource.inputs
    if part_of(resource.type) is Part.CLUSTER:
        version = next((found for key in _VERSION_KEYS if (found := text(inputs, key))), None)
        return f"Kubernetes {version}" if version else ""
    machines = _machines(inputs)
    if machines:
        return machines
    cidr = next((found for key in _CIDR_KEYS if (found := text(inputs, key))), None)
    cidr = cidr or text(inputs, "addressSpace", "addressPrefixes", 0)
    if cidr:
        return cidr
    gib = number(inputs, "size") or number(inputs, "diskSizeGB")
    return f"{gib} GiB" if gib else ""


def zones_of(resource: Resource, scene: Scene) -> tuple[str, ...]:
    """Return the zones that a resource lies in, or none where it is of the whole region."""
    inputs = resource.inputs
    own = [found for key in _ZONE_KEYS if (found := text(inputs, key))]
    several = [str(zone) for key in ("nodeLocations", "availabilityZones", "zones") for zone in items(inputs, key)]
    if own or several:
        return tuple(sorted({*own, *several}))
    subnets = [it for key in ("subnetIds", "subnetId") for it in scene.feeding(resource, key)]
    return tuple(sorted({zone for subnet in subnets if (zone := text(subnet.inputs, "availabilityZone"))}))


def _machines(inputs: Mapping[str, Any]) -> str:
    kinds = [str(kind) for kind in items(inputs, "instanceTypes")]
    kind = kinds[0] if kinds else text(inputs, "nodeConfig", "machineType") or text(inputs, "vmSize")
    kind = kind or text(inputs, "instanceType") or text(inputs, "machineType")
    if not kind:
        return ""
    more = f" and {len(kinds) - 1} more types" if len(kinds) > 2 else f" or {kinds[1]}" if len(kinds) == 2 else ""
    size = _size(inputs)
    return f"{size} {kind}{more}".strip()


def _size(inputs: Mapping[str, Any]) -> str:
    scaling = value(inputs, "scalingConfig") or value(inputs, "autoscaling") or inputs
    for low, high, each in (
        ("minSize", "maxSize", ""),
        ("totalMinNodeCount", "totalMaxNodeCount", ""),
        ("minNodeCount", "maxNodeCount", " a zone"),
        ("minCount", "maxCount", ""),
    ):
        least, most = number(scaling, low), number(scaling, high)
        if most is not None:
            return f"{most if least == most else f'{least or 0} to {most}'}{each} \u00d7"
    count = number(inputs, "count") or number(inputs, "nodeCount")
    return f"{count} \u00d7" if count else ""
