"""Classes beside the one of folders are made of their settings, are installed whole, and keep what they have."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from components.kubeadm.cluster import KubeadmCluster
from components.kubeadm.volumes import local_volumes_manifest, storage_charts
from components.settings import ServersStorageSettings
from preview.plan import Operation
from tests.components.kubeadm.test_cluster import command, touched
from tests.components.plans import changed, complaints, planned
from tests.contract.servers import cluster, provider

DISKS: dict[str, Any] = {"fast": {"disk-a": {"host": "worker-1", "path": "/mnt/a", "size_gib": 900}}}
SHARES: dict[str, Any] = {"shared": {"server": "nas.example", "share": "/srv/k8s"}}
DEFAULT = "storageclass.kubernetes.io/is-default-class"


def storage(**given: Any) -> ServersStorageSettings:
    """Storage's settings."""
    return ServersStorageSettings.model_validate(given)


def with_storage(**given: Any) -> KubeadmCluster:
    """A cluster of one control plane and two workers with this storage."""
    return cluster(provider(), storage=storage(**given))


def sent(**given: Any) -> str:
    """The public configuration of the control plane."""
    text: str = command(planned(lambda: with_storage(**given)), "cp-1-program").inputs["stdin"]
    return text


def test_a_mounted_disk_is_a_volume_of_its_host_and_its_data_stays() -> None:
    of_class, volume = yaml.safe_load_all(local_volumes_manifest(storage(local_volumes=DISKS)))
    assert (of_class["metadata"]["name"], of_class["provisioner"]) == ("fast", "kubernetes.io/no-provisioner")
    assert of_class["volumeBindingMode"] == "WaitForFirstConsumer"
    spec = volume["spec"]
    assert (spec["storageClassName"], spec["local"]["path"], spec["capacity"]["storage"]) == ("fast", "/mnt/a", "900Gi")
    assert spec["persistentVolumeReclaimPolicy"] == "Retain"
    (term,) = spec["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [{"key": "kubernetes.io/hostname", "operator": "In", "values": ["worker-1"]}]


def test_a_share_is_a_class_of_the_nfs_driver_which_its_chart_brings() -> None:
    (chart,) = storage_charts(storage(nfs=SHARES))
    of_class, snapshots = chart.objects
    assert of_class["provisioner"] == snapshots["driver"] == "nfs.csi.k8s.io"
    assert of_class["parameters"] == {"server": "nas.example", "share": "/srv/k8s"}
    assert of_class["mountOptions"] == ["nfsvers=4.2", "hard", "noatime"]
    assert chart.values["externalSnapshotter"]["enabled"], "it brings the kind of snapshot classes"
    assert storage_charts(storage()) == []


@pytest.mark.parametrize(("default", "expected"), [("local-path", ("true", "false")), ("shared", ("false", "true"))])
def test_exactly_one_class_is_the_default(default: str, expected: tuple[str, str]) -> None:
    text = sent(nfs=SHARES, default_class=default)
    (local,) = [each for each in _objects(text, "manifests/20-local-path.yaml") if each["kind"] == "StorageClass"]
    (chart,) = storage_charts(storage(nfs=SHARES, default_class=default))
    found = (local["metadata"]["annotations"][DEFAULT], chart.objects[0]["metadata"]["annotations"][DEFAULT])
    assert found == expected


def _objects(text: str, name: str) -> list[dict[str, Any]]:
    block = text.partition(f"--- /etc/infraplatform/{name} 0644\n")[2].partition("\n--- /")[0]
    return list(yaml.safe_load_all(block))


def test_control_planes_are_sent_all_of_it() -> None:
    text = sent(local_volumes=DISKS, nfs=SHARES)
    assert [each["kind"] for each in _objects(text, "manifests/25-local-volumes.yaml")] == [
        "StorageClass",
        "PersistentVolume",
    ]
    assert "charts/10-csi-driver-nfs/chart 0644\nlater csi-driver-nfs csi-driver-nfs csi-driver-nfs-chart\n" in text
    assert "csi-driver-nfs-4.13.4.tgz" in text, "it is among the downloads"
    plain = sent()
    assert "25-local-volumes" not in plain
    assert "csi-driver-nfs" not in plain


@pytest.mark.parametrize(
    ("before", "after", "setting"),
    [
        ({"nfs": SHARES}, {"nfs": {"shared": {**SHARES["shared"], "share": "/srv/other"}}}, "storage.nfs.shared"),
        (
            {"local_volumes": DISKS},
            {"local_volumes": {"fast": {"disk-a": {**DISKS["fast"]["disk-a"], "path": "/mnt/b"}}}},
            "storage.local_volumes.fast.disk-a",
        ),
    ],
)
def test_a_class_and_a_volume_keep_what_they_have(before: Any, after: Any, setting: str) -> None:
    preview = changed(lambda: with_storage(**before), lambda: with_storage(**after))
    assert f"cp-1: {setting} would change, which is fixed when a cluster or a node is made" in complaints(preview)


def test_classes_come_and_another_becomes_the_default_in_place() -> None:
    done = touched(changed(with_storage, lambda: with_storage(nfs=SHARES, local_volumes=DISKS, default_class="shared")))
    assert done["cp-1-program"] is Operation.UPDATE
    assert set(done.values()) == {Operation.UPDATE}
