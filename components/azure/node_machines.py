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
"""Up to what an on-demand machine costs, so that no price alone takes a machine away. Source: as above."""


@dataclass(frozen=True, kw_only=True)
class Machines:
    """What AKS fixes when a pool is made; a change of any makes another pool, beside the old one.

    `fixed` are `AgentPool`'s inputs by their names in the API, as values that JSON has; their names and values are
    part of the pool's own name.
    """

    fixed: Mapping[str, Any]
    spot_max_price: float | None


def machines(settings: NodeGroupSettings, zones: Sequence[str], pods_per_node: int) -> Machines:
    """The machines of a group: encrypted disks, secure boot and a virtual TPM where size and image can."""
    (vm_size,) = settings.machine_types
    known, own = azure_machine(vm_size), settings.azure
    nvidia = known is not None and known.machine.accelerator == "nvidia"
    trusted = known is not None and known.trusted_launch
    secure_boot = own.secure_boot if own.secure_boot is not None else trusted and not (nvidia and own.gpu_driver)
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
        "scaleSetEvictionPolicy": "Delete" if spot else None,
        "enableSecureBoot": secure_boot,
        "enableVTPM": own.vtpm if own.vtpm is not None else trusted,
        "gpuDriver": ("Install" if own.gpu_driver else "None") if nvidia else None,
    }
    return Machines(fixed=fixed, spot_max_price=_ANY_PRICE if spot else None)


def taint_text(taint: Taint) -> str:
    """A taint as AKS writes it."""
    return f"{taint.key}={taint.value}:{taint.effect.value}"
