"""Packets between pods are carried by flannel, Cilium or Calico, and a cluster keeps the one that it was made with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.errors import UnsafeChangeError
from components.kubeadm.charts import Chart, Phase
from components.kubeadm.kubeadm_config import init_file
from components.kubeadm.pod_network import FLANNEL_MANIFEST, pod_network_charts
from components.kubeadm.program import Block, blocks, sent
from components.kubeadm.site_charts import cluster_charts
from components.kubeadm.upgrade import foundations_in, refuse_other_foundations
from tests.components.kubeadm.fake_host import FakeHost
from tests.components.kubeadm.test_kubeadm_config import CONTROL_PLANE as NODE
from tests.components.kubeadm.test_kubeadm_config import facts, init
from tests.components.kubeadm.test_node_files import CONTROL_PLANE, WORKER, files

CILIUM = {"pod_network": {"kind": "cilium"}}
BARE = {"pod_network": {"kind": "cilium", "kube_proxy_replacement": True}}
CALICO = {"pod_network": {"kind": "calico"}}
LINKS = """1: lo: <UP>
2: eth0: <UP>
3: lxcbr0: <UP>
4: cilium_host@cilium_net: <UP>
5: lxc0123456789ab@if4: <UP>
6: cali0123456789a@if4: <UP>
7: vxlan.calico: <UP>
8: cni0: <UP>
"""
RULES = """*filter
:cali-FORWARD - [0:0]
:CILIUM_INPUT - [0:0]
-A FORWARD -m comment --comment "cali:abc" -j cali-FORWARD
-A INPUT -m comment --comment "cilium-feeder: CILIUM_INPUT" -j CILIUM_INPUT
-A INPUT -p tcp --dport 22 -j ACCEPT
COMMIT
"""


def charts(**settings: Any) -> list[Chart]:
    return list(pod_network_charts(facts(**settings)))


def installation(**settings: Any) -> dict[str, Any]:
    """What Calico's operator is to install."""
    (made,) = charts(**CALICO, **settings)[-1].objects
    return made["spec"]


def test_flannel_is_there_unasked_and_needs_no_chart() -> None:
    assert charts() == []
    given = files(CONTROL_PLANE)
    assert f"manifests/{FLANNEL_MANIFEST}" in given
    assert "POD_NETWORK" not in given["node.env"]


@pytest.mark.parametrize("settings", [CILIUM, CALICO])
def test_no_other_network_has_anything_of_flannels(settings: dict[str, Any]) -> None:
    assert not any("flannel" in name + text for name, text in files(CONTROL_PLANE, **settings).items())
    assert f"POD_NETWORK='{settings['pod_network']['kind']}'" in files(WORKER, **settings)["node.env"]


@pytest.mark.parametrize("settings", [CILIUM, CALICO])
def test_the_network_comes_before_a_node_can_be_ready_and_before_all_other_charts(settings: dict[str, Any]) -> None:
    pools = {"load_balancer": {"pools": {"web": ["10.0.0.240/28"]}}}
    found = [chart.phase for chart in cluster_charts(facts(**settings, **pools))]
    assert found == [*[Phase.NETWORK] * (len(found) - 1), Phase.LATER]


def test_cilium_takes_each_nodes_range_from_the_cluster_and_reaches_the_api_by_its_endpoint() -> None:
    (chart,) = charts(**CILIUM)
    assert chart.values["ipam"] == {"mode": "kubernetes"}
    assert (chart.values["k8sServiceHost"], chart.values["k8sServicePort"]) == ("k8s.example", 443)
    assert chart.values["kubeProxyReplacement"] is False


def test_cilium_may_replace_kube_proxy_which_is_then_not_there() -> None:
    (chart,) = charts(**BARE)
    assert chart.values["kubeProxyReplacement"] is True
    assert "KubeProxyConfiguration" not in init(**BARE)
    assert init(**BARE)["ClusterConfiguration"]["proxy"] == {"disabled": True}
    assert "proxy" not in init(**CILIUM)["ClusterConfiguration"]


def test_calico_gives_pods_the_clusters_range_by_vxlan_without_bgp() -> None:
    network = installation()["calicoNetwork"]
    assert network["bgp"] == "Disabled"
    (pool,) = network["ipPools"]
    assert (pool["cidr"], pool["encapsulation"]) == ("10.244.0.0/16", "VXLAN")


@pytest.mark.parametrize(("mode", "dataplane"), [("iptables", "Iptables"), ("nftables", "Nftables")])
def test_calicos_rules_are_of_the_kind_of_kube_proxys(mode: str, dataplane: str) -> None:
    assert installation(kube_proxy={"mode": mode})["calicoNetwork"]["linuxDataplane"] == dataplane


def test_both_charts_of_calico_leave_its_namespace_the_same() -> None:
    assert {(chart.namespace, chart.privileged) for chart in charts(**CALICO)} == {("tigera-operator", True)}


def told(**settings: Any) -> dict[str, Any]:
    """What a control plane's program is told of what cannot change."""
    given = {**files(CONTROL_PLANE, **settings), "init.yaml": init_file(facts(**settings), NODE)}
    return foundations_in({"stdin": sent([Block(f"/etc/infraplatform/{name}", text) for name, text in given.items()])})


@pytest.mark.parametrize(
    ("old", "new", "setting"),
    [
        ({}, CILIUM, "kind"),
        (CALICO, {}, "kind"),
        (CILIUM, CALICO, "kind"),
        (CILIUM, BARE, "kube_proxy_replacement"),
        (BARE, CILIUM, "kube_proxy_replacement"),
    ],
)
def test_another_network_is_refused(old: dict[str, Any], new: dict[str, Any], setting: str) -> None:
    refuse_other_foundations("cp-1", told(**old), told(**old))
    with pytest.raises(UnsafeChangeError, match=rf"cp-1: .*cluster\.pod_network\.{setting} would change"):
        refuse_other_foundations("cp-1", told(**old), told(**new))


@pytest.mark.parametrize("kind", ["cilium", "calico"])
def test_a_node_writes_no_network_of_its_own_beside_theirs(kind: str, tmp_path: Path) -> None:
    host = FakeHost(tmp_path, POD_NETWORK=kind)
    assert host.call("pod_network").status == 0
    assert not (tmp_path / "etc/cni/net.d/10-infraplatform.conflist").exists()


@pytest.mark.parametrize(("settings", "addons"), [({}, "all"), (BARE, "coredns")])
def test_a_cluster_without_kube_proxy_is_founded_without_it(
    settings: dict[str, Any], addons: str, tmp_path: Path
) -> None:
    host = FakeHost(tmp_path, NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="127.0.0.1")
    start = Block("/etc/infraplatform/init.yaml", init_file(facts(**settings), NODE))
    host.configure(start, CONTROL_PLANES="c1=127.0.0.1")
    host.answers("127.0.0.1:6443/livez", "ok")
    host.answers("127.0.0.1:6443/readyz", "ok")
    key = Block("/etc/kubernetes/pki/ca.key", "key", "0600")
    ran = host.run("member", given=blocks([key, Block("/etc/infraplatform/secrets/discovery.conf", "x", "0600")]))
    assert ran.status == 0, ran.said
    assert host.calls("kubeadm")[-1].startswith(f"init phase addon {addons} ")


@pytest.fixture
def left(tmp_path: Path) -> FakeHost:
    """A host with what Cilium and Calico leave behind."""
    host = FakeHost(tmp_path, POD_NETWORK="cilium")
    host.write("links", LINKS)
    host.write("rules", RULES)
    host.stand_in("ip", '[[ $* != *"link show"* ]] || cat "$INFRAPLATFORM_ROOT/links"\n')
    host.stand_in(
        "tc", 'if [[ $1 == filter && $2 == show && $4 == eth0 ]]; then echo "filter bpf cil_from_netdev"; fi\n'
    )
    host.stand_in("iptables-save", 'cat "$INFRAPLATFORM_ROOT/rules"\n')
    host.stand_in("iptables-restore", 'cat >"$INFRAPLATFORM_ROOT/restored"\n')
    for name in ("ip6tables-save", "ip6tables-restore", "nft", "umount"):
        host.stand_in(name, "")
    for name in ("etc/cni/net.d/05-cilium.conflist", "etc/cni/net.d/10-calico.conflist", "opt/cni/bin/cilium-cni"):
        host.write(name, "")
    for name in (
        "opt/cni/bin/bridge",
        "sys/fs/bpf/cilium/devices/eth0",
        "sys/fs/bpf/theirs",
        "var/lib/calico/nodename",
    ):
        host.write(name, "")
    return host


def test_a_reset_removes_what_they_leave_and_nothing_of_anybody_else(left: FakeHost) -> None:
    left.write("var/lib/infraplatform/member", "1.36.3")
    ran = left.call("kubeadm_reset; remove_pod_network")
    assert ran.status == 0, ran.said
    gone = [call.removeprefix("link delete ") for call in left.calls("ip") if call.startswith("link delete ")]
    assert gone == ["cilium_host", "lxc0123456789ab", "cali0123456789a", "vxlan.calico", "cni0"]
    kept = {path.relative_to(left.root).as_posix() for path in left.root.rglob("*") if path.is_file()}
    assert {"opt/cni/bin/bridge", "sys/fs/bpf/theirs"} <= kept
    assert not [name for name in kept if "cilium" in name or "calico" in name]


def test_a_reset_takes_ciliums_programs_off_the_hosts_own_interfaces(left: FakeHost) -> None:
    left.call("remove_pod_network")
    deleted = [call for call in left.calls("tc") if " delete " in f" {call} "]
    assert deleted == [f"filter delete dev eth0 {side} pref 1" for side in ("ingress", "egress")]


def test_a_reset_leaves_the_packet_rules_of_others(left: FakeHost) -> None:
    left.call("remove_pod_network")
    assert left.read("restored").splitlines() == ["*filter", "-A INPUT -p tcp --dport 22 -j ACCEPT", "COMMIT"]
