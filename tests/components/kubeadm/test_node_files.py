"""Each node is told what it needs to know, and nothing that is another's."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.binaries import known_sum
from components.kubeadm.charts import Chart
from components.kubeadm.kubeadm_config import ClusterFacts, NodeFacts
from components.kubeadm.node_files import SiteFacts, public_files
from components.settings import KubeadmClusterSettings, MirrorSettings, ServersStorageSettings
from components.terms import Architecture, MachineRole
from tests.contract.servers import DOWNLOADS

CONTROL_PLANE = NodeFacts(name="cp-1", role=MachineRole.CONTROL_PLANE, address="10.0.0.11")
WORKER = NodeFacts(name="worker-1", role=MachineRole.WORKER, address="10.0.0.21")
ARCHIVE = {"registry.k8s.io/pause:3.10.2": {"url": "file:///srv/pause.tar", "sha256": "1" * 64}}


def files(node: NodeFacts, **settings: Any) -> dict[str, str]:
    """A node's public files by their name below /etc/infraplatform."""
    return public(node, [], **settings)


def public(node: NodeFacts, charts: Sequence[Chart], **settings: Any) -> dict[str, str]:
    """The same in a cluster with these charts."""
    given = {"version": "1.36.3", "downloads": DOWNLOADS, "image_archives": ARCHIVE, **settings}
    cluster = ClusterFacts(
        settings=KubeadmClusterSettings.model_validate(given),
        endpoint_host="k8s.example",
        endpoint_port=6443,
        pod_cidr=IPv4Network("10.244.0.0/16"),
        service_cidr=IPv4Network("10.96.0.0/16"),
    )
    site = SiteFacts(
        cluster=cluster,
        control_planes={"cp-2": "10.0.0.12", "cp-1": "10.0.0.11"},
        mirrors={"docker.io": MirrorSettings(url="https://mirror.example")},
        volumes=ServersStorageSettings.model_validate({"local": {"directory": "/srv/volumes"}}),
        charts=charts,
    )
    found = public_files(site, node, {"tier": "web", "disk": "fast"})
    assert {block.mode for block in found} == {"0644"}
    return {block.path.removeprefix("/etc/infraplatform/"): block.text for block in found}


def variables(node: NodeFacts) -> dict[str, str]:
    """What `node.env` says."""
    lines = files(node, ignore_preflight=["Swap", "NumCPU"], preinstalled=["runc"])["node.env"].splitlines()
    return {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}


def test_a_node_knows_itself_the_cluster_and_the_control_planes_by_name() -> None:
    assert variables(WORKER) == {
        "NODE_NAME": "worker-1",
        "NODE_ROLE": "worker",
        "NODE_ADDRESS": "10.0.0.21",
        "NODE_ARCHITECTURE": "amd64",
        "CLUSTER_NAME": "cluster",
        "KUBERNETES_VERSION": "1.36.3",
        "API_ENDPOINT": "k8s.example:6443",
        "CONTROL_PLANES": "cp-1=10.0.0.11 cp-2=10.0.0.12",
        "POD_CIDR": "10.244.0.0/16",
        "SERVICE_CIDR": "10.96.0.0/16",
        "CGROUP_DRIVER": "systemd",
        "BACKUP_DIRECTORY": "/var/backups/infraplatform-etcd",
        "BACKUP_KEEP": "3",
        "BACKUP_TARGET": "local",
        "DRAIN_SECONDS": "600",
        "PREINSTALLED": "runc",
        "IGNORE_PREFLIGHT": "Swap,NumCPU",
    }


def test_downloads_and_images_are_lines_of_name_sum_and_address() -> None:
    found = files(WORKER)
    assert f"kubelet {'0' * 64} https://mirror.example/kubelet" in found["downloads"].splitlines()
    assert found["images"] == f"registry.k8s.io/pause:3.10.2 {'1' * 64} file:///srv/pause.tar"


def test_workers_import_no_images_that_control_planes_alone_run() -> None:
    names = ("kube-apiserver:v1.36.3", "etcd:3.6.11-0", "kube-proxy:v1.36.3")
    archive = {"url": "file:///srv/image.tar", "sha256": "1" * 64}
    archives = {f"registry.k8s.io/{name}": archive for name in names}
    control_plane, worker = (
        [line.split()[0] for line in files(node, image_archives=archives)["images"].splitlines()]
        for node in (CONTROL_PLANE, WORKER)
    )
    assert control_plane == sorted(archives)
    assert worker == ["registry.k8s.io/kube-proxy:v1.36.3"]


def test_a_host_downloads_what_its_processors_run() -> None:
    node = NodeFacts(name="worker-2", role=MachineRole.WORKER, address="10.0.0.22", architecture=Architecture.ARM64)
    lines = {line.split()[0]: line for line in files(node, downloads={})["downloads"].splitlines()}
    path = "dl.k8s.io/release/v1.36.3/bin/linux/arm64/kubelet"
    assert lines["kubelet"] == f"kubelet {known_sum(path)} https://{path}"
    assert set(lines) == {"kubeadm", "kubelet", "kubectl", "containerd", "runc", "cni-plugins"}


def test_control_planes_alone_download_what_restores_snapshots() -> None:
    control_plane, worker = (
        {line.split()[0] for line in files(node, downloads={})["downloads"].splitlines()}
        for node in (CONTROL_PLANE, WORKER)
    )
    assert control_plane - worker == {"etcd"}


def test_control_planes_alone_are_told_of_charts_and_download_them() -> None:
    chart = Chart(release="metallb", namespace="metallb-system", download="metallb-chart", values={}, images=[])
    for node in (CONTROL_PLANE, WORKER):
        told = {name for name in public(node, charts=[chart]) if name.startswith("charts/")}
        lines = public(node, charts=[chart])["downloads"].splitlines()
        assert bool(told) is (node is CONTROL_PLANE)
        assert {"helm", "metallb-chart"} <= {line.split()[0] for line in lines} or node is WORKER


def test_labels_are_lines_in_an_order_of_their_own() -> None:
    assert files(WORKER)["labels"] == "disk=fast\ntier=web"


def test_mirrors_are_on_every_node() -> None:
    for node in (CONTROL_PLANE, WORKER):
        assert "containerd/certs.d/docker.io/hosts.toml" in files(node)


def test_only_control_planes_are_told_how_a_cluster_is_made() -> None:
    more = files(CONTROL_PLANE).keys() - files(WORKER).keys()
    assert {"init.yaml", "audit-policy.yaml", "admission.yaml", "authentication.yaml"} < more
    assert {name for name in more if name.startswith("manifests/")} == {
        f"manifests/{path.name}" for path in Path("components/kubeadm/manifests").glob("*.yaml")
    }


MANIFESTS = {name: text for name, text in files(CONTROL_PLANE).items() if name.startswith("manifests/")}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_is_objects_without_a_placeholder(name: str) -> None:
    objects = list(yaml.safe_load_all(MANIFESTS[name]))
    assert all(each["apiVersion"] and each["kind"] and each["metadata"]["name"] for each in objects)
    assert "${POD" not in MANIFESTS[name]


def test_no_image_floats() -> None:
    lines = "\n".join(MANIFESTS.values()).splitlines()
    images = [line.partition("image: ")[2] for line in lines if line.strip().startswith(("image: ", "- image: "))]
    assert images
    for image in images:
        tag = image.rpartition(":")[2]
        assert any(character.isdigit() for character in tag), image


def test_there_is_one_default_class_and_it_is_what_the_storage_says() -> None:
    objects = [each for text in MANIFESTS.values() for each in yaml.safe_load_all(text)]
    (storage_class,) = [each for each in objects if each["kind"] == "StorageClass"]
    assert storage_class["metadata"]["name"] == "local-path"
    assert storage_class["provisioner"] == "rancher.io/local-path"
    assert storage_class["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
    assert storage_class["reclaimPolicy"] == "Delete"
