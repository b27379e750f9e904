"""How each machine of a node pool starts: its image, disk, GPUs, identity and guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.machine_gpus import Gpus, gcp_gpus
from components.machine_types import gcp_disk_types, gcp_machine_type
from components.settings import Capacity, GcpDiskType, GcpStack, GkeMode, GpuDriver, Image, NodeGroupSettings
from components.terms import Taint, TaintEffect

_IMAGE_TYPES: Final = {Image.CONTAINER_OPTIMIZED_OS: "COS_CONTAINERD", Image.UBUNTU: "UBUNTU_CONTAINERD"}
_TAINT_EFFECTS: Final = {
    TaintEffect.NO_SCHEDULE: "NO_SCHEDULE",
    TaintEffect.PREFER_NO_SCHEDULE: "PREFER_NO_SCHEDULE",
    TaintEffect.NO_EXECUTE: "NO_EXECUTE",
}
_GPU_DRIVERS: Final = {
    GpuDriver.DEFAULT: "DEFAULT",
    GpuDriver.LATEST: "LATEST",
    GpuDriver.DISABLED: "INSTALLATION_DISABLED",
}
_SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)
"""All scopes: what nodes may do is their service account's roles alone, as Google recommends."""


def node_config(
    settings: NodeGroupSettings,
    taints: Sequence[Taint],
    service_account: pulumi.Output[str],
    resource_labels: Mapping[str, str],
) -> gcp.container.NodePoolNodeConfigArgs:
    """The machines of a group: Shielded VMs on encrypted disks, whose metadata server hides the node from its pods.

    The group's taints are all that its nodes carry, so that groups mean the same on every cloud: GKE's own taint on
    arm64 is turned off. (Its taint on GPUs, `nvidia.com/gpu`, cannot be.)
    """
    (machine_type,) = settings.machine_types
    gpus = Gpus(settings.gcp.gpu.kind.value, settings.gcp.gpu.count) if settings.gcp.gpu else gcp_gpus(machine_type)
    image = settings.image or Image.CONTAINER_OPTIMIZED_OS
    own = settings.gcp
    return gcp.container.NodePoolNodeConfigArgs(
        machine_type=machine_type,
        image_type=_IMAGE_TYPES[image],
        boot_disk=gcp.container.NodePoolNodeConfigBootDiskArgs(
            disk_type=(own.disk_type or boot_disk_type(machine_type)).value, size_gb=settings.disk_gib
        ),
        boot_disk_kms_key=own.disk_key,
        guest_accelerators=[_accelerator(gpus.kind, gpus.count, own.gpu_driver)] if gpus is not None else None,
        spot=settings.capacity is Capacity.SPOT,
        service_account=service_account,
        oauth_scopes=list(_SCOPES),
        labels=dict(settings.labels),
        taints=_taints(taints),
        taint_config=_no_taint_of_gkes_own(machine_type),
        resource_labels=dict(resource_labels),
        metadata={"disable-legacy-endpoints": "true"},
        workload_metadata_config=gcp.container.NodePoolNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
        shielded_instance_config=gcp.container.NodePoolNodeConfigShieldedInstanceConfigArgs(
            enable_integrity_monitoring=True, enable_secure_boot=own.secure_boot
        ),
        kubelet_config=gcp.container.NodePoolNodeConfigKubeletConfigArgs(
            insecure_kubelet_readonly_port_enabled="FALSE"
        ),
        gcfs_config=gcp.container.NodePoolNodeConfigGcfsConfigArgs(enabled=streams_images(settings)),
        gvnic=gcp.container.NodePoolNodeConfigGvnicArgs(enabled=True),
    )


def streams_images(settings: NodeGroupSettings) -> bool:
    """Whether containers start while their images are still read; on Ubuntu images are read whole."""
    return settings.gcp.image_streaming and settings.image is not Image.UBUNTU


def any_node_streams_images(settings: GcpStack) -> bool:
    """Whether any node of the stack does; Autopilot's always do.

    Source: GKE documentation, "Use Image streaming to pull container images", read 2026-11-29.
    """
    return settings.cluster.mode is GkeMode.AUTOPILOT or any(map(streams_images, settings.node_groups.values()))


def _taints(taints: Sequence[Taint]) -> list[gcp.container.NodePoolNodeConfigTaintArgs]:
    """Taints in GKE's words."""
    return [
        gcp.container.NodePoolNodeConfigTaintArgs(key=taint.key, value=taint.value, effect=_TAINT_EFFECTS[taint.effect])
        for taint in taints
    ]


def boot_disk_type(machine_type: str) -> GcpDiskType:
    """The balanced disk that a machine type starts from: Hyperdisk where it takes no Persistent Disk."""
    only_hyperdisk = GcpDiskType.PD_BALANCED not in gcp_disk_types(machine_type)
    return GcpDiskType.HYPERDISK_BALANCED if only_hyperdisk else GcpDiskType.PD_BALANCED


def _accelerator(kind: str, count: int, driver: GpuDriver) -> gcp.container.NodePoolNodeConfigGuestAcceleratorArgs:
    """GPUs, and the driver that GKE installs for them before a node becomes ready."""
    return gcp.container.NodePoolNodeConfigGuestAcceleratorArgs(
        type=kind,
        count=count,
        gpu_driver_installation_config=gcp.container.NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgs(
            gpu_driver_version=_GPU_DRIVERS[driver]
        ),
    )


def _no_taint_of_gkes_own(machine_type: str) -> gcp.container.NodePoolNodeConfigTaintConfigArgs | None:
    """Turns GKE's taint `kubernetes.io/arch=arm64` off; None where GKE sets none."""
    machine = gcp_machine_type(machine_type)
    if machine is None or machine.architecture != "arm64":
        return None
    return gcp.container.NodePoolNodeConfigTaintConfigArgs(architecture_taint_behavior="NONE")
