"""How each machine starts: its image, disk, secure boot, drivers, price."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.azure.groups import pool

GPU = "Standard_NC24ads_A100_v4"
ARM = "Standard_D4ps_v5"


def test_disks_are_managed_and_encrypted_by_the_host_too_unless_told_otherwise() -> None:
    found = pool().inputs
    assert (found["osDiskType"], found["osDiskSizeGB"], found["enableEncryptionAtHost"]) == ("Managed", 50, True)
    own = pool(
        machine_types=("Standard_D4ds_v5",), disk_gib=128, azure={"disk": "ephemeral", "encryption_at_host": False}
    )
    assert (own.inputs["osDiskType"], own.inputs["osDiskSizeGB"]) == ("Ephemeral", 128)
    assert own.inputs["enableEncryptionAtHost"] is False


@pytest.mark.parametrize(
    ("image", "sku"), [(None, "AzureLinux3"), ("azure-linux-3", "AzureLinux3"), ("ubuntu", "Ubuntu")]
)
def test_the_image_is_azure_linux_unless_told_otherwise(image: str | None, sku: str) -> None:
    assert pool(image=image).inputs["osSKU"] == sku
    assert pool(image=image).inputs["osType"] == "Linux"


@pytest.mark.parametrize(
    ("settings", "secure_boot", "vtpm"),
    [
        ({}, True, True),
        ({"machine_types": (ARM,)}, False, False),
        ({"machine_types": (GPU,)}, False, True),
        ({"machine_types": (GPU,), "azure": {"gpu_driver": False}}, True, True),
        ({"azure": {"secure_boot": False}}, False, True),
        ({"azure": {"vtpm": False}}, True, False),
    ],
    ids=str,
)
def test_boot_is_guarded_where_size_and_driver_can(settings: dict[str, Any], *, secure_boot: bool, vtpm: bool) -> None:
    assert pool(**settings).inputs["securityProfile"] == {"enableSecureBoot": secure_boot, "enableVTPM": vtpm}


def test_gpus_get_a_driver_unless_told_otherwise_and_other_nodes_none() -> None:
    assert pool(machine_types=(GPU,)).inputs["gpuProfile"] == {"driver": "Install"}
    assert pool(machine_types=(GPU,), azure={"gpu_driver": False}).inputs["gpuProfile"] == {"driver": "None"}
    assert "gpuProfile" not in pool().inputs


def test_spot_machines_cost_what_they_cost_and_vanish_when_they_are_taken() -> None:
    found = pool(capacity="spot").inputs
    assert (found["scaleSetPriority"], found["scaleSetEvictionPolicy"], found["spotMaxPrice"]) == ("Spot", "Delete", -1)
    assert "spotMaxPrice" not in pool().inputs
    assert "scaleSetEvictionPolicy" not in pool().inputs


def test_pods_per_node_are_the_groups_or_the_clusters() -> None:
    assert pool().inputs["maxPods"] == 110
    assert pool(cluster={"max_pods_per_node": 60}).inputs["maxPods"] == 60
    assert pool(cluster={"max_pods_per_node": 60}, azure={"pods_per_node": 200}).inputs["maxPods"] == 200
