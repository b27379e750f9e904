"""Longhorn is on all workers, keeps data where the settings say, asks hosts for what it needs, and stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.kubeadm.charts import Chart
from components.kubeadm.cluster import KubeadmCluster
from components.kubeadm.volumes import storage_charts
from components.settings import ServersStorageSettings
from components.terms import Taint, TaintEffect
from tests.components.kubeadm.fake_host import FakeHost
from tests.components.kubeadm.test_cluster import command
from tests.components.plans import changed, complaints, planned
from tests.contract.servers import cluster, provider
from tests.contract.wanted import TAINTS
from tools.bundle.contents import blocks_of, images_of

CLASSES: dict[str, Any] = {"copies": {"replicas": 2, "reclaim_policy": "Retain"}}
LONGHORN: dict[str, Any] = {"longhorn": {"classes": CLASSES}}
SUM = {"longhorn-chart": {"sha256": "1" * 64}}
DOWNLOADS = {
    name: {"url": f"https://mirror.example/{name}", "sha256": "0" * 64}
    for name in ("kubeadm", "kubelet", "kubectl", "containerd", "cni-plugins", "etcd")
}


def chart(*taints: Taint, **longhorn: Any) -> Chart:
    """The chart for workers with these taints."""
    settings = ServersStorageSettings.model_validate({"longhorn": {"classes": CLASSES, **longhorn}})
    (made,) = storage_charts(settings, taints)
    return made


def with_longhorn(**storage: Any) -> KubeadmCluster:
    """A cluster of one control plane and two workers with Longhorn."""
    settings = ServersStorageSettings.model_validate({**LONGHORN, **storage})
    return cluster(provider(), storage=settings, downloads={**DOWNLOADS, **SUM})


def without() -> KubeadmCluster:
    """The same without."""
    return cluster(provider(), downloads={**DOWNLOADS, **SUM})


def told(host: str, **storage: Any) -> dict[str, str]:
    """The public configuration of a host."""
    return blocks_of(command(planned(lambda: with_longhorn(**storage)), f"{host}-program").inputs["stdin"])


def test_its_classes_are_those_of_the_settings_and_exactly_one_class_is_the_default() -> None:
    settings = ServersStorageSettings.model_validate({**LONGHORN, "default_class": "copies"})
    (made,) = storage_charts(settings)
    (of_class,) = made.objects
    assert (of_class["metadata"]["name"], of_class["provisioner"]) == ("copies", "driver.longhorn.io")
    assert of_class["parameters"]["numberOfReplicas"] == "2", "Kubernetes takes texts alone"
    assert of_class["reclaimPolicy"] == "Retain"
    assert of_class["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
    assert made.values["persistence"] == {"createStorageClass": False, "defaultClass": False}


def test_it_runs_where_taints_keep_others_away() -> None:
    fast = Taint(key="fast", value="", effect=TaintEffect.NO_EXECUTE)
    gpu = Taint(key="gpu", value="yes", effect=TaintEffect.NO_SCHEDULE)
    values = chart(fast, gpu).values
    assert values["defaultSettings"]["taintToleration"] == "fast:NoExecute; gpu=yes:NoSchedule"
    assert [each["key"] for each in values["global"]["tolerations"]] == ["fast", "gpu"]


def test_the_workers_own_taints_are_what_it_is_told() -> None:
    values = yaml.safe_load(told("cp-1")["charts/10-longhorn/values.yaml"])
    assert [each["key"] for each in values["global"]["tolerations"]] == [taint.key for taint in TAINTS]


def test_data_is_on_all_workers_or_on_those_that_are_named_and_never_on_control_planes() -> None:
    label = "node.longhorn.io/create-default-disk=true"
    assert {host: label in told(host)["labels"] for host in ("cp-1", "worker-1", "worker-2")} == {
        "cp-1": False,
        "worker-1": True,
        "worker-2": True,
    }
    named = {"longhorn": {"classes": CLASSES, "hosts": ["worker-2"], "directory": "/mnt/disk"}}
    assert label not in told("worker-1", **named)["labels"]
    assert label in told("worker-2", **named)["labels"]
    assert "LONGHORN='mounts'" in told("worker-1", **named)["node.env"]
    assert "LONGHORN='/mnt/disk'" in told("worker-2", **named)["node.env"]
    assert "LONGHORN=" not in told("cp-1", **named)["node.env"]


def test_it_is_told_where_data_is_and_to_ask_nobody_outside() -> None:
    settings = chart(directory="/mnt/disk").values["defaultSettings"]
    assert settings["defaultDataPath"] == "/mnt/disk"
    assert settings["createDefaultDiskLabeledNodes"] is True
    assert settings["upgradeChecker"] is settings["allowCollectingLonghornUsageMetrics"] is False


def test_a_bundle_has_all_of_its_images() -> None:
    images = images_of(told("cp-1"))
    longhorns = {image for image in images if image.startswith("docker.io/longhornio/")}
    assert len(longhorns) == 13
    assert "docker.io/longhornio/longhorn-instance-manager:v1.12.1" in longhorns


@pytest.mark.parametrize(
    ("after", "setting"),
    [
        (without, "storage.longhorn"),
        (lambda: with_longhorn(longhorn={"classes": CLASSES, "directory": "/mnt/disk"}), "storage.longhorn.directory"),
        (
            lambda: with_longhorn(longhorn={"classes": {"copies": {"replicas": 1, "reclaim_policy": "Retain"}}}),
            "storage.longhorn.classes.copies",
        ),
    ],
    ids=["gone", "elsewhere", "another-class"],
)
def test_what_holds_data_is_neither_taken_away_nor_moved(after: Any, setting: str) -> None:
    preview = changed(with_longhorn, after)
    assert f"cp-1: {setting} would change, which is fixed when a cluster or a node is made" in complaints(preview)


def test_it_may_come_later_and_get_another_class() -> None:
    assert complaints(changed(without, with_longhorn)) == ""
    more = {"classes": {**CLASSES, "scratch": {"replicas": 1}}}
    assert complaints(changed(with_longhorn, lambda: with_longhorn(longhorn=more))) == ""


@pytest.fixture
def worker(tmp_path: Path) -> FakeHost:
    """A host that has all that Longhorn needs."""
    host = FakeHost(tmp_path, LONGHORN="/var/lib/longhorn")
    host.write("services", "iscsid.socket\n")
    host.stand_in("systemctl", '[[ $1 != is-active ]] || grep -qx "${!#}" "$INFRAPLATFORM_ROOT/services"\n')
    host.stand_in("stat", '[[ $1 == --file-system ]] || exec /usr/bin/stat "$@"\ncat "$INFRAPLATFORM_ROOT/kind"\n')
    host.stand_in("findmnt", 'cat "$INFRAPLATFORM_ROOT/propagation"\n')
    host.write("kind", "ext2/ext3\n")
    host.write("propagation", "shared\n")
    for name in ("iscsiadm", "mount.nfs4"):
        host.stand_in(name, "")
    return host


def findings(host: FakeHost) -> list[str]:
    """What keeps Longhorn from the host."""
    ran = host.call(f"LONGHORN='{host.variables['LONGHORN']}'\nfindings_of_longhorn")
    assert ran.status == 0, ran.said
    return [line.removeprefix("finding ") for line in ran.said.splitlines() if line.startswith("finding ")]


def test_a_host_that_has_all_of_it_is_not_complained_of(worker: FakeHost) -> None:
    assert findings(worker) == []


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("services", "", "iscsid does not run"),
        ("services", "iscsid.service\nmultipathd.service\n", "multipathd runs and would take Longhorn's devices"),
        ("kind", "btrfs\n", "/var/lib/longhorn is on a file system of kind btrfs"),
        ("propagation", "private\n", "mounts below / are private"),
    ],
)
def test_what_is_amiss_is_a_finding_with_its_remedy(worker: FakeHost, name: str, text: str, finding: str) -> None:
    worker.write(name, text)
    (found,) = findings(worker)
    assert found.startswith(finding)
    assert ";" in found or "," in found, "it says what to do"


def test_preflight_says_it_with_all_else(worker: FakeHost) -> None:
    worker.write("kind", "btrfs\n")
    assert (
        "finding /var/lib/longhorn is on a file system"
        in worker.call("LONGHORN=/var/lib/longhorn\nverb_preflight").said
    )


def test_missing_packages_are_one_finding(worker: FakeHost) -> None:
    for name in ("iscsiadm", "mount.nfs4"):
        (worker.root / "usr/local/bin" / name).unlink()
    (found,) = findings(worker)
    assert "open-iscsi" in found
    assert "nfs-common" in found


def test_a_kernel_without_iscsi_is_a_finding(worker: FakeHost) -> None:
    worker.stand_in("modprobe", "exit 1\n")
    (found,) = findings(worker)
    assert found.startswith("its kernel has no iscsi_tcp")


def test_multipath_that_leaves_devices_alone_is_none(worker: FakeHost) -> None:
    worker.write("services", "iscsid.service\nmultipathd.service\n")
    worker.write("etc/multipath.conf", 'blacklist {\n    devnode "^sd[a-z0-9]+"\n}\n')
    assert findings(worker) == []


def test_a_host_that_only_mounts_may_have_any_file_system(worker: FakeHost) -> None:
    worker.write("kind", "btrfs\n")
    worker.configure(LONGHORN="mounts")
    assert findings(worker) == []


def test_a_host_without_longhorn_is_asked_nothing(tmp_path: Path) -> None:
    assert FakeHost(tmp_path).call("findings_of_longhorn").said == ""
