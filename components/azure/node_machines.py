"""How each machine of a node pool starts: its size, image, disk and guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from components.machine_types_azure import azure_machine
from components.settings import AzureDisk, Capacity, Image, NodeGroupSettings
from components.terms import Taint, TaintEffect

_OS_SKUS: Final = {Image.AZURE_LINUX_3: "AzureLinux3", Image.UBUNTU: "Ubuntu"}
_DISK_TYPES: Final = {AzureDisk.EPHEMERAL: "Ephemeral", AzureDisk.MANAGED: "Managed"}
SPOT_TAINT: Final = Taint(key="kubernetes.azure.com/scalesetpriority", value="spot", effect=TaintEffect.NO_SCHEDULE)
"""What AKS puts on spot nodes, whoever asks for them. Source: AKS documentation, "Spot node pools", known, not read."""
_ANY_PRICE: Final = -1.0
"""Up to the price of an on-demand machine, which is also when Azure takes spot machines for their price: never."""


@dataclass(frozen=True, kw_only=True)
class Machines:
    """What AKS fixes when a pool is made; a change of any makes another pool, beside the old one.

    `fixed` are `AgentPool`'s inputs by their names in the API, as values that JSON has; their names and values are
    part of the pool's own name.
    """

    fixed: Mapping[str, Any]
    secure_boot: bool
    vtpm: bool
    nvidia: bool


def machines(settings: NodeGroupSettings, zones: Sequence[str], pods_per_node: int) -> Machines:
    """The machines of a group: encrypted disks, secure boot and a virtual TPM where size and image can."""
    (vm_size,) = settings.machine_types
    known = azure_machine(vm_size)
    nvidia = known is not None and known.machine.accelerator == "nvidia"
    trusted = known is not None and known.trusted_launch
    own = settings.azure
    secure_boot = own.secure_boot if own.secure_boot is not None else trusted and not (nvidia and own.gpu_driver)
    vtpm = own.vtpm if own.vtpm is not None else trusted
    spot = settings.capacity is Capacity.SPOT
    fixed: dict[str, Any] = {
        "vmSize": vm_size,
        "availabilityZones": sorted(zones),
        "osSKU": _OS_SKUS[settings.image or Image.AZURE_LINUX_3],
        "osDiskType": _DISK_TYPES[own.disk],
        "osDiskSizeGB": settings.disk_gib,
        "maxPods": pods_per_node,
        "enableEncryptionAtHost": own.encryption_at_host,
        "scaleSetPriority": "Spot" if spot else "Regular",
        "enableSecureBoot": secure_boot,
        "enableVTPM": vtpm,
        "gpuDriver": ("Install" if own.gpu_driver else "None") if nvidia else None,
    }
    return Machines(fixed=fixed, secure_boot=secure_boot, vtpm=vtpm, nvidia=nvidia)


def spot_max_price(settings: NodeGroupSettings) -> float | None:
    """What a spot machine may cost; None where machines are not spot."""
    return _ANY_PRICE if settings.capacity is Capacity.SPOT else None


def taint_text(taint: Taint) -> str:
    """A taint as AKS writes it."""
    return f"{taint.key}={taint.value}:{taint.effect.value}"
