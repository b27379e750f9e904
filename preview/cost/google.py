"""What Google Cloud charges for, by resource type.

Sources of the rules: the pricing pages of GKE, Compute Engine, Cloud NAT, Artifact Registry, Cloud KMS and Secret
Manager (known, not read again); Cloud NAT charges at most 32 machines (infracost golden `compute_router_nat`, read
2026-11-29). The monthly free credit of one zonal or Autopilot cluster per billing account is not taken off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from preview.cost.model import Gap, Need, Range, total
from preview.cost.scene import fixed, flag, items, number, text, value
from preview.cost.subject import Estimator, Part, Subject, single, unknown, used
from preview.plan import Resource

_DEFAULT_MACHINE_TYPE: Final = "e2-medium"
_DEFAULT_DISK_GIB: Final = Decimal(100)
_DEFAULT_DISK_TYPE: Final = "pd-balanced"
_ZONES_OF_A_REGION: Final = 3  # where GKE chooses the zones itself
_NAT_MACHINES: Final = Decimal(32)


def cluster(it: Subject) -> Iterator[Part]:
    """The cluster management fee, logs, and the nodes of a default pool that is kept."""
    yield Need(item="gcp/gke", unit="hour", quantity=fixed(1), what="cluster management fee")
    if text(it.inputs, "releaseChannel", "channel") == "EXTENDED":
        yield Gap(what="extended support", why="its price starts when standard support ends")
    if items(it.inputs, "loggingConfig", "enableComponents"):
        yield it.usage("gcp/logs", "GiB", "logs_gib", "log data taken in")
    if flag(it.inputs, "enableAutopilot"):
        yield Gap(what="pods of Autopilot", why="they are charged by what they ask for")
    elif not flag(it.inputs, "removeDefaultNodePool") and not items(it.inputs, "nodePools"):
        count = (number(it.inputs, "initialNodeCount") or Decimal(1)) * _zones(it.resource)
        yield from _nodes(value(it.inputs, "nodeConfig"), Range(count, count))
    for pool in items(it.inputs, "nodePools"):
        yield from _pool(pool, _zones(it.resource))


def node_pool(it: Subject) -> Iterator[Part]:
    """A node pool's machines and boot disks."""
    yield from _pool(it.inputs, _zones(it.resource))


def router_nat(it: Subject) -> Iterator[Part]:
    """Cloud NAT by the machines that may use it, with the data through it and the addresses that Google allots."""
    pools = it.scene.of_type("gcp:container:NodePool")
    sizes = [size for pool in pools if (size := _size(pool.inputs, _zones(pool)))]
    if sizes:
        nodes = total(sizes)
        charged = Range(min(nodes.low, _NAT_MACHINES), min(nodes.high, _NAT_MACHINES))
        yield Need(item="gcp/nat/machine", unit="hour", quantity=charged, what="machines behind NAT")
    else:
        yield Gap(what="machines behind NAT", why="no node pool of this stack says how many there are")
    yield it.usage("gcp/nat/data", "GiB", "nat_gib", "data through it")
    if text(it.inputs, "natIpAllocateOption") == "AUTO_ONLY":
        yield Need(item="gcp/public-ip", unit="hour", quantity=fixed(1), what="public address, at least one")


def address(it: Subject) -> Iterator[Part]:
    """A public address; internal ones are free."""
    if text(it.inputs, "addressType") != "INTERNAL":
        yield Need(item="gcp/public-ip", unit="hour", quantity=fixed(1), what="public address")


def instance(it: Subject) -> Iterator[Part]:
    """One machine with its boot disk."""
    named = text(it.inputs, "machineType")
    if named is None:
        yield Gap(what="machine", why="its type is not known before the update")
        return
    yield _machine(named, fixed(1), spot=text(it.inputs, "scheduling", "provisioningModel") == "SPOT")
    boot = value(it.inputs, "bootDisk", "initializeParams")
    yield from _disk(text(boot, "type") or "pd-standard", number(boot, "size"), fixed(1))


def disk(it: Subject) -> Iterator[Part]:
    """One persistent disk."""
    yield from _disk(text(it.inputs, "type") or "pd-standard", number(it.inputs, "size"), fixed(1))


def _pool(pool: Mapping[str, Any], zones: Decimal) -> Iterator[Part]:
    size = _size(pool, zones)
    if size is None:
        yield Gap(what="machines", why="their number is not known before the update")
        return
    yield from _nodes(value(pool, "nodeConfig"), size)


def _size(pool: Mapping[str, Any], zones: Decimal) -> Range | None:
    """Return how many nodes a pool has: totals as they are, numbers for each zone times the zones."""
    scaling = value(pool, "autoscaling")
    least, most = number(scaling, "totalMinNodeCount"), number(scaling, "totalMaxNodeCount")
    if most is not None:
        return Range(least or Decimal(0), most)
    least, most = number(scaling, "minNodeCount"), number(scaling, "maxNodeCount")
    if most is not None:
        return Range((least or Decimal(0)) * zones, most * zones)
    count = number(pool, "nodeCount") or number(pool, "initialNodeCount")
    return None if count is None else Range(count * zones, count * zones)


def _zones(resource: Resource) -> Decimal:
    named = items(resource.inputs, "nodeLocations")
    place = text(resource.inputs, "location") or ""
    regional = place.count("-") < 2
    if not regional:
        return Decimal(len({*map(str, named), place}))  # the cluster's own zone is not repeated among the others
    return Decimal(len(named) or _ZONES_OF_A_REGION)


def _nodes(config: Any, nodes: Range) -> Iterator[Part]:
    named = text(config, "machineType") or _DEFAULT_MACHINE_TYPE
    yield _machine(named, nodes, spot=flag(config, "spot") or flag(config, "preemptible"))
    if items(config, "guestAccelerators") and named.startswith("n1-"):
        yield Gap(what="accelerators", why="they are charged beside an N1 machine")
    kind = text(config, "bootDisk", "diskType") or text(config, "diskType") or _DEFAULT_DISK_TYPE
    gib = number(config, "bootDisk", "sizeGb") or number(config, "diskSizeGb") or _DEFAULT_DISK_GIB
    yield from _disk(kind, gib, nodes)


def _machine(named: str, nodes: Range, *, spot: bool) -> Need:
    on_demand = f"gcp/machine/{named}"
    if not spot:
        return Need(item=on_demand, unit="hour", quantity=nodes, what=named)
    return Need(item=f"gcp/spot/{named}", unit="hour", quantity=nodes, what=f"{named}, spot", instead=on_demand)


def _disk(kind: str, gib: Decimal | None, count: Range) -> Iterator[Part]:
    if gib is None:
        yield Gap(what=f"{kind} disk", why="its size is the image's, or not known before the update")
        return
    yield Need(item=f"gcp/disk/{kind}", unit="GiB-month", quantity=count * gib, what=f"{kind} disk of {gib} GiB")


ESTIMATORS: Final[Mapping[str, Estimator]] = {
    "gcp:container:Cluster": cluster,
    "gcp:container:NodePool": node_pool,
    "gcp:compute:RouterNat": router_nat,
    "gcp:compute:Address": address,
    "gcp:compute:GlobalAddress": address,
    "gcp:compute:Instance": instance,
    "gcp:compute:Disk": disk,
    "gcp:compute:ForwardingRule": single("gcp/forwarding-rule", "hour", "forwarding rule"),
    "gcp:compute:GlobalForwardingRule": single("gcp/forwarding-rule", "hour", "forwarding rule"),
    "gcp:artifactregistry:Repository": used("gcp/registry", "GiB-month", "registry_gib", "stored images"),
    "gcp:gkebackup:BackupPlan": unknown("backups", "they are charged by what is stored"),
    "gcp:kms:CryptoKey": used("gcp/key/version", "month", "key_versions", "active key versions"),
    "gcp:secretmanager:SecretVersion": single("gcp/secret/version", "month", "secret version"),
}
