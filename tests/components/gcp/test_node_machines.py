"""The machines of a node pool: shielded, on disks they take, with the taints of the settings and no other."""

from __future__ import annotations

import pytest

from tests.components.gcp.groups import KEY, machine, pool


def test_machines_are_shielded_and_hide_the_node_from_its_pods() -> None:
    made = machine()
    assert made["shieldedInstanceConfig"] == {"enableSecureBoot": True, "enableIntegrityMonitoring": True}
    assert made["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}
    assert made["metadata"] == {"disable-legacy-endpoints": "true"}
    assert made["kubeletConfig"]["insecureKubeletReadonlyPortEnabled"] == "FALSE"


@pytest.mark.parametrize(
    ("machine_type", "disk"),
    [
        ("e2-standard-4", "pd-balanced"),
        ("c3-standard-4", "pd-balanced"),
        ("n4-standard-4", "hyperdisk-balanced"),
        ("c4a-standard-4", "hyperdisk-balanced"),
        ("a3-ultragpu-8g", "hyperdisk-balanced"),
    ],
)
def test_boot_disks_are_balanced_ones_that_the_machine_takes(machine_type: str, disk: str) -> None:
    assert machine(machine_types=(machine_type,), disk_gib=80)["bootDisk"] == {"diskType": disk, "sizeGb": 80}


def test_a_disk_of_ones_own_choice_and_key_reaches_the_pool() -> None:
    made = machine(machine_types=("e2-standard-4",), gcp={"disk_type": "pd-ssd", "disk_key": KEY})
    assert made["bootDisk"]["diskType"] == "pd-ssd"
    assert made["bootDiskKmsKey"] == KEY


@pytest.mark.parametrize(
    ("image", "expected", "streams"),
    [(None, "COS_CONTAINERD", True), ("ubuntu", "UBUNTU_CONTAINERD", False)],
)
def test_images_are_streamed_on_container_optimized_os_only(*, image: str | None, expected: str, streams: bool) -> None:
    made = machine(image=image)
    assert made["imageType"] == expected
    assert made["gcfsConfig"] == {"enabled": streams}


@pytest.mark.parametrize(("capacity", "spot", "policy"), [("on-demand", False, "BALANCED"), ("spot", True, "ANY")])
def test_machines_are_bought_as_the_settings_say(*, capacity: str, spot: bool, policy: str) -> None:
    assert machine(capacity=capacity)["spot"] is spot
    assert pool(capacity=capacity).inputs["autoscaling"]["locationPolicy"] == policy


def test_labels_and_taints_reach_gke_in_its_own_words() -> None:
    made = machine(
        labels={"tier": "web"}, taints={"old": {"effect": "NoExecute"}, "gpu": {"value": "y", "effect": "NoSchedule"}}
    )
    assert made["labels"] == {"tier": "web"}
    assert made["taints"] == [
        {"key": "gpu", "value": "y", "effect": "NO_SCHEDULE"},
        {"key": "old", "value": "", "effect": "NO_EXECUTE"},
    ]
    assert made["resourceLabels"]["team"] == "core"


def test_arm64_nodes_carry_no_taint_that_the_settings_do_not_say() -> None:
    assert machine(machine_types=("c4a-standard-4",))["taintConfig"] == {"architectureTaintBehavior": "NONE"}
    assert "taintConfig" not in machine()


@pytest.mark.parametrize(
    ("machine_type", "kind", "count"),
    [
        ("g2-standard-24", "nvidia-l4", 2),
        ("a2-megagpu-16g", "nvidia-tesla-a100", 16),
        ("a3-highgpu-8g", "nvidia-h100-80gb", 8),
        ("g4-standard-96", "nvidia-rtx-pro-6000", 2),
    ],
)
def test_gpus_of_the_machine_type_get_their_driver(machine_type: str, kind: str, count: int) -> None:
    made = machine(machine_types=(machine_type,), gcp={"gpu_driver": "latest"})
    driver = {"gpuDriverVersion": "LATEST"}
    assert made["guestAccelerators"] == [{"type": kind, "count": count, "gpuDriverInstallationConfig": driver}]
    assert "guestAccelerators" not in machine()


def test_gpus_of_ones_own_choice_come_with_their_driver() -> None:
    made = machine(machine_types=("n1-standard-8",), gcp={"gpu": {"kind": "nvidia-tesla-t4", "count": 2}})
    assert made["guestAccelerators"] == [
        {
            "type": "nvidia-tesla-t4",
            "count": 2,
            "gpuDriverInstallationConfig": {"gpuDriverVersion": "DEFAULT"},
        }
    ]
    assert "guestAccelerators" not in machine(machine_types=("n1-standard-8",))
