"""What Azure charges for, by resource type.

Sources of the rules: the pricing pages of AKS, virtual machines, managed disks, NAT Gateway, Container Registry and
Log Analytics (known, not read again). A managed disk is charged as the smallest tier that it fits in; their sizes
are known, not read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from preview.cost.model import Gap, Need, Range
from preview.cost.scene import fixed, flag, items, number, text, value
from preview.cost.subject import Estimator, Part, Subject, each, single, unknown, used

_TIER_GIB: Final = (4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32767)
_TIERS: Final = (1, 2, 3, 4, 6, 10, 15, 20, 30, 40, 50, 60, 70, 80)
_LETTERS: Final = {"Premium": "P", "StandardSSD": "E", "Standard": "S"}
_FREE: Final = "Free"


def cluster(it: Subject) -> Iterator[Part]:
    """An AKS control plane by its tier, and the pools that the cluster holds itself."""
    tier = text(it.inputs, "sku", "tier") or _FREE
    yield Need(item=f"azure/aks/{tier}", unit="hour", quantity=fixed(1), what=f"control plane, {tier} tier")
    pools = items(it.inputs, "agentPoolProfiles")
    apart = it.scene.fed("azure-native:containerservice:AgentPool", "resourceName", it.resource)
    own = {text(pool.inputs, "agentPoolName") for pool in apart}
    if pools and apart and "agentPoolProfiles" in it.resource.ignore_changes:
        yield Gap(what="pools of the cluster's own", why="the program ignores what becomes of them")
        pools = list[Any]()
    for pool in pools:
        if text(pool, "name") not in own:  # a pool that is a resource of its own is counted there
            yield from _pool(pool)
    if text(it.inputs, "nodeProvisioningProfile", "mode") == "Auto":
        yield Gap(what="machines of node auto-provisioning", why="AKS starts them as pods ask for them")


def agent_pool(it: Subject) -> Iterator[Part]:
    """An AKS node pool's machines and their disks."""
    yield from _pool(it.inputs)


def machine(it: Subject) -> Iterator[Part]:
    """One virtual machine with its disk."""
    size = text(it.inputs, "hardwareProfile", "vmSize")
    if size is None:
        yield Gap(what="machine", why="its size is not known before the update")
        return
    yield _machines(size, fixed(1), spot=text(it.inputs, "priority") == "Spot")
    disk = value(it.inputs, "storageProfile", "osDisk")
    sku = text(disk, "managedDisk", "storageAccountType")
    yield from _disk(sku, number(disk, "diskSizeGB"), fixed(1), "system disk")


def disk(it: Subject) -> Iterator[Part]:
    """One managed disk."""
    sku = text(it.inputs, "sku", "name")
    yield from _disk(sku, number(it.inputs, "diskSizeGB"), fixed(1), "disk")


def address(it: Subject) -> Iterator[Part]:
    """A public address of the Standard SKU."""
    if text(it.inputs, "sku", "tier") == "Global":
        yield Gap(what="public address, global tier", why="its price is not in the table")
        return
    yield Need(item="azure/public-ip", unit="hour", quantity=fixed(1), what="public address")


def registry(it: Subject) -> Iterator[Part]:
    """A registry by its tier; each has storage within it."""
    tier = text(it.inputs, "sku", "name") or "Basic"
    yield Need(item=f"azure/registry/{tier}", unit="month", quantity=fixed(1), what=f"registry, {tier} tier")


def _pool(pool: Mapping[str, Any]) -> Iterator[Part]:
    least, most = number(pool, "minCount"), number(pool, "maxCount")
    if not flag(pool, "enableAutoScaling") or least is None or most is None:
        least = most = number(pool, "count")
    size = text(pool, "vmSize")
    if least is None or most is None or size is None:
        yield Gap(what="machines", why="their number or size is not known before the update")
        return
    nodes = Range(least, most)
    yield _machines(size, nodes, spot=text(pool, "scaleSetPriority") == "Spot")
    if text(pool, "osDiskType") == "Ephemeral":
        return  # it is the machine's own
    if text(pool, "osDiskType") is None:
        yield Gap(what="system disks", why="AKS chooses between its machines' own disks and managed ones")
        return
    yield from _disk("Premium_LRS", number(pool, "osDiskSizeGB"), nodes, "system disk")


def _machines(size: str, nodes: Range, *, spot: bool) -> Need:
    on_demand = f"azure/machine/{size}"
    if not spot:
        return Need(item=on_demand, unit="hour", quantity=nodes, what=size)
    return Need(item=f"azure/spot/{size}", unit="hour", quantity=nodes, what=f"{size}, spot", instead=on_demand)


def _disk(sku: str | None, gib: Decimal | None, count: Range, what: str) -> Iterator[Part]:
    kind, _, redundancy = (sku or "").partition("_")
    letter = _LETTERS.get(kind)
    if letter is None or gib is None or redundancy != "LRS":
        yield Gap(what=what, why=f"no price for {sku or 'a disk without a SKU'} of {gib or 'unknown'} GiB")
        return
    tiers = [tier for tier, size in zip(_TIERS, _TIER_GIB, strict=True) if gib <= size]
    if not tiers:
        yield Gap(what=what, why=f"{gib} GiB is more than the largest tier")
        return
    tier = f"{letter}{tiers[0]}"
    yield Need(item=f"azure/disk/{tier}", unit="month", quantity=count, what=f"{what} {tier}, {gib} GiB")


ESTIMATORS: Final[Mapping[str, Estimator]] = {
    "azure-native:containerservice:ManagedCluster": cluster,
    "azure-native:containerservice:AgentPool": agent_pool,
    "azure-native:compute:VirtualMachine": machine,
    "azure-native:compute:Disk": disk,
    "azure-native:network:NatGateway": each(
        single("azure/nat", "hour", "NAT gateway"), used("azure/nat/data", "GiB", "nat_gib", "data through it")
    ),
    "azure-native:network:PublicIPAddress": address,
    "azure-native:network:LoadBalancer": each(
        used("azure/load-balancer/data", "GiB", "load_balancer_gib", "data through it"),
        unknown("load balancing rules", "their price is not in the table"),
    ),
    "azure-native:containerregistry:Registry": registry,
    "azure-native:dataprotection:BackupInstance": unknown("backups", "they are charged by what is stored"),
    "azure-native:keyvault:Key": unknown("requests", "they follow the use"),
    "azure-native:keyvault:Secret": unknown("requests", "they follow the use"),
    "azure-native:network:FlowLog": unknown("flow logs", "they are charged by what is recorded"),
    "azure-native:network:PrivateEndpoint": single("azure/endpoint", "hour", "private endpoint"),
    "azure-native:privatedns:PrivateZone": single("azure/dns-zone", "month", "private DNS zone"),
    "azure-native:storage:FileShare": unknown("stored files", "they are charged by what is stored, and its class"),
    "azure-native:storage:StorageAccount": unknown("stored data", "it is charged by what is stored, and its class"),
    "azure-native:operationalinsights:Workspace": used("azure/logs", "GiB", "logs_gib", "log data taken in"),
}
