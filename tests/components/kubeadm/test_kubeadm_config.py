"""What kubeadm is told. That the real kubeadm takes it, `tests/live` shows."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import yaml

from components.kubeadm.kubeadm_config import API_SERVER_FILES, ClusterFacts, NodeFacts, init_file, join_file
from components.settings import KubeadmClusterSettings
from components.terms import MachineRole, Taint, TaintEffect
from tests.contract.servers import DOWNLOADS

GPU = Taint(key="gpu", value="yes", effect=TaintEffect.NO_EXECUTE)
CONTROL_PLANE = NodeFacts(name="cp-1", role=MachineRole.CONTROL_PLANE, address="10.0.0.11")
WORKER = NodeFacts(name="worker-1", role=MachineRole.WORKER, address="10.0.0.21", taints=(GPU,))


def facts(**settings: Any) -> ClusterFacts:
    """A cluster behind a load balancer, with these settings beside those that it must have."""
    given = {"version": "1.36.3", "downloads": DOWNLOADS, **settings}
    return ClusterFacts(
        settings=KubeadmClusterSettings.model_validate(given),
        endpoint_host="k8s.example",
        endpoint_port=443,
        pod_cidr=IPv4Network("10.244.0.0/16"),
        service_cidr=IPv4Network("10.96.0.0/16"),
    )


def documents(text: str) -> dict[str, Any]:
    """The documents of a file by their kind."""
    return {document["kind"]: document for document in yaml.safe_load_all(text)}


def init(**settings: Any) -> dict[str, Any]:
    """The file that a cluster is started by."""
    return documents(init_file(facts(**settings), CONTROL_PLANE))


def arguments(component: dict[str, Any]) -> dict[str, str]:
    """A component's extra arguments."""
    return {argument["name"]: argument["value"] for argument in component["extraArgs"]}


def test_every_document_of_kubeadms_own_is_of_the_version_that_all_offered_minors_read() -> None:
    own = [init()[kind] for kind in ("InitConfiguration", "ClusterConfiguration")]
    own += documents(join_file(facts(), WORKER)).values()
    assert {document["apiVersion"] for document in own} == {"kubeadm.k8s.io/v1beta4"}


def test_the_cluster_has_the_version_ranges_and_endpoint_of_the_settings() -> None:
    cluster = init()["ClusterConfiguration"]
    assert cluster["kubernetesVersion"] == "v1.36.3"
    assert cluster["controlPlaneEndpoint"] == "k8s.example:443"
    assert cluster["networking"]["podSubnet"] == "10.244.0.0/16"
    assert cluster["networking"]["serviceSubnet"] == "10.96.0.0/16"
    assert cluster["apiServer"]["certSANs"] == ["k8s.example"]


def test_etcd_is_one_that_the_next_minor_can_follow() -> None:
    assert init()["ClusterConfiguration"]["etcd"]["local"]["imageTag"] == "3.6.11-0"


def test_each_file_that_the_api_server_is_told_of_is_mounted_into_it_to_be_read_only() -> None:
    api_server = init()["ClusterConfiguration"]["apiServer"]
    mounted = {volume["mountPath"] for volume in api_server["extraVolumes"] if volume.get("readOnly")}
    assert mounted == {f"/etc/infraplatform/{name}" for name in API_SERVER_FILES}
    assert mounted == {value for value in arguments(api_server).values() if value.startswith("/etc/infraplatform/")}


def test_the_api_server_is_hardened_by_default() -> None:
    found = arguments(init()["ClusterConfiguration"]["apiServer"])
    assert found["encryption-provider-config"] == "/etc/kubernetes/pki/encryption.yaml"
    assert found["audit-log-path"] == "/var/log/kubernetes/audit/audit.log"
    assert found["kubelet-certificate-authority"] == "/etc/kubernetes/pki/ca.crt"
    assert found["profiling"] == "false"
    assert "anonymous-auth" not in found, "it excludes the file that lets probes in alone"


def test_an_api_server_that_ends_tells_clients_to_come_back_and_waits_for_no_watcher() -> None:
    assert arguments(init()["ClusterConfiguration"]["apiServer"])["shutdown-send-retry-after"] == "true"


def test_kubelets_ask_the_cluster_for_their_serving_certificates() -> None:
    assert init()["KubeletConfiguration"]["serverTLSBootstrap"] is True


def test_the_kubelet_settings_of_the_user_are_put_over_ours() -> None:
    kubelet = init(kubelet={"eventRecordQPS": 5, "failCgroupV1": False}, cgroup_driver="cgroupfs")[
        "KubeletConfiguration"
    ]
    assert (kubelet["eventRecordQPS"], kubelet["failCgroupV1"], kubelet["cgroupDriver"]) == (5, False, "cgroupfs")


def test_the_kube_proxy_settings_of_the_user_are_put_over_ours() -> None:
    proxy = init(kube_proxy={"conntrack": {"min": 0}})["KubeProxyConfiguration"]
    assert (proxy["mode"], proxy["conntrack"]) == ("iptables", {"min": 0})


def test_a_control_plane_has_its_own_taint_and_announces_its_private_address() -> None:
    found = init()["InitConfiguration"]
    assert found["localAPIEndpoint"] == {"advertiseAddress": "10.0.0.11", "bindPort": 6443}
    assert [taint["key"] for taint in found["nodeRegistration"]["taints"]] == ["node-role.kubernetes.io/control-plane"]


def test_a_worker_joins_with_its_own_taints_alone_and_runs_no_control_plane() -> None:
    found = documents(join_file(facts(), WORKER))["JoinConfiguration"]
    assert found["nodeRegistration"]["taints"] == [{"key": "gpu", "value": "yes", "effect": "NoExecute"}]
    assert found["nodeRegistration"]["kubeletExtraArgs"] == [{"name": "node-ip", "value": "10.0.0.21"}]
    assert "controlPlane" not in found


def test_a_worker_without_taints_says_so_or_kubeadm_would_choose() -> None:
    plain = NodeFacts(name="worker-2", role=MachineRole.WORKER, address="10.0.0.22")
    assert documents(join_file(facts(), plain))["JoinConfiguration"]["nodeRegistration"]["taints"] == []


def test_a_control_plane_joins_as_one() -> None:
    found = documents(join_file(facts(), CONTROL_PLANE))["JoinConfiguration"]
    assert found["controlPlane"] == {"localAPIEndpoint": {"advertiseAddress": "10.0.0.11", "bindPort": 6443}}


def test_a_node_joins_by_a_file_and_no_token() -> None:
    found = documents(join_file(facts(), WORKER))["JoinConfiguration"]["discovery"]
    assert found == {"file": {"kubeConfigPath": "/etc/infraplatform/secrets/discovery.conf"}}
