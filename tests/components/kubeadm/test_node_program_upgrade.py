"""How a member follows another version and other settings: components first, pods moved, each step done again."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from components.kubeadm.program import Block
from tests.components.kubeadm.fake_host import FakeHost

NEW: Final = "1.37.2"
PLACES: Final = "c1 \nc2 true\na1 \n"
_KUBECTL: Final = """
state=$INFRAPLATFORM_ROOT
case "$*" in
*kubeletVersion*) cat "$state/kubelet-runs" ;;
*'get nodes'*) cat "$state/places" ;;
*spec.unschedulable*) cat "$state/unschedulable" 2>/dev/null || true ;;
*'get pods'*) cat "$state/pods" 2>/dev/null || true ;;
*'/eviction'*)
	cat >/dev/null
	if [[ -f $state/budget ]]; then echo 'would violate the budget' >&2; exit 1; fi
	rm -f "$state/pods"
	;;
*'--raw /version'*) echo "{\\"gitVersion\\": \\"v$(cat "$state/served")\\"}" ;;
*kubeadm-config*) echo "kubernetesVersion: v$(cat "$state/cluster")" ;;
*podCIDR*) echo -n 10.244.1.0/24 ;;
*status*) echo -n True ;;
esac
"""
_SYSTEMCTL: Final = """
state=$INFRAPLATFORM_ROOT
[[ $1 != restart || $2 != kubelet ]] || echo -n "v$(cat "$state/kubelet-new")" >"$state/kubelet-runs"
"""


def member(root: Path, **variables: str) -> FakeHost:
    """A member of 1.36.3 that is told of the next version; its API server has it already."""
    host = FakeHost(root, **variables)
    host.stand_in("kubectl", _KUBECTL)
    host.stand_in("systemctl", _SYSTEMCTL)
    for name, text in (
        ("kubelet-runs", "v1.36.3"),
        ("kubelet-new", NEW),
        ("served", NEW),
        ("cluster", "1.36.3"),
        ("places", PLACES),
    ):
        host.write(name, text)
    host.write("var/lib/infraplatform/member", "1.36.3\n")
    host.configure(Block("/etc/infraplatform/kubelet.yaml", "maxPods: 110"), KUBERNETES_VERSION=NEW, DRAIN_SECONDS="0")
    return host


@pytest.fixture
def worker(tmp_path: Path) -> FakeHost:
    return member(tmp_path)


@pytest.fixture
def control_plane(tmp_path: Path) -> FakeHost:
    host = member(tmp_path, NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="10.0.0.1")
    host.answers("10.0.0.1:6443/livez", "ok")
    host.answers("10.0.0.1:6443/readyz", "ok")
    host.stand_in("sleep", "")
    etcd = "etcd:\n  local:\n    imageTag: 3.7.0-0\ndns:\n  imageTag: v1"
    init = f"kind: ClusterConfiguration\nkubernetesVersion: v1.37.2\n{etcd}"
    upgrade = "apply:\n  etcdUpgrade: true\nnode:\n  etcdUpgrade: true"
    files = {"init": init, "kubelet": "maxPods: 110", "upgrade": upgrade}
    host.configure(*(Block(f"/etc/infraplatform/{name}.yaml", text) for name, text in files.items()))
    return host


def test_a_worker_follows_empties_itself_and_takes_pods_again(worker: FakeHost) -> None:
    worker.write("pods", "Running shop/web-1 ReplicaSet\n")
    worker.configure(Block("/etc/infraplatform/kubelet.yaml", "maxPods: 110"), DRAIN_SECONDS="20")
    ran = worker.run("upgrade")
    assert ran.status == 0, ran.said
    kubeadm = worker.calls("kubeadm")
    assert kubeadm == [f"upgrade node --config {worker.root}/etc/infraplatform/upgrade.yaml"]
    said = worker.calls("kubectl")
    order = [next(n for n, call in enumerate(said) if word in call) for word in (" cordon ", "/eviction", "uncordon ")]
    assert order == sorted(order)
    assert worker.read("var/lib/infraplatform/member") == f"{NEW}\n"
    assert not (worker.root / "var/lib/infraplatform/cordoned").exists()


def test_a_second_turn_changes_nothing(worker: FakeHost) -> None:
    assert worker.run("upgrade").status == 0
    assert worker.run("upgrade").said.endswith("a1: upgrade: nothing to change\n")
    assert len(worker.calls("kubeadm")) == 1


def test_a_host_that_is_no_member_yet_has_no_turn(worker: FakeHost) -> None:
    (worker.root / "var/lib/infraplatform/member").unlink()
    assert worker.run("upgrade").said.endswith("upgrade: nothing to change\n")


def test_a_kubelet_is_never_newer_than_its_api_server(worker: FakeHost) -> None:
    worker.write("served", "1.36.3")
    ran = worker.run("upgrade")
    assert ran.status == 1
    assert "its API server is at v1.36.3, and a kubelet is never newer; upgrade the control planes first" in ran.said
    assert worker.read("var/lib/infraplatform/member") == "1.36.3\n"


def test_pods_that_may_not_go_are_named_and_the_next_run_goes_on(worker: FakeHost) -> None:
    worker.write("pods", "Running shop/web-1 ReplicaSet\n")
    worker.write("budget", "")
    worker.configure(Block("/etc/infraplatform/kubelet.yaml", "maxPods: 110"), DRAIN_SECONDS="1")
    ran = worker.run("upgrade")
    assert ran.status == 1
    assert (
        "still has pods after 1 s: shop/web-1; shop/web-1: would violate the budget. See to them, then run" in ran.said
    )
    worker.write("unschedulable", "true")
    (worker.root / "budget").unlink()
    worker.configure(Block("/etc/infraplatform/kubelet.yaml", "maxPods: 110"), DRAIN_SECONDS="20")
    ran = worker.run("upgrade")
    assert ran.status == 0, ran.said
    assert any("uncordon a1" in call for call in worker.calls("kubectl"))


def test_a_node_that_somebody_else_cordoned_stays_so(worker: FakeHost) -> None:
    worker.write("unschedulable", "true")
    assert worker.run("upgrade").status == 0
    assert not [call for call in worker.calls("kubectl") if "cordon" in call]


@pytest.mark.parametrize("pod", ["Running kube-system/p DaemonSet", "Running kube-system/p Node", "Succeeded a/p Job"])
def test_what_belongs_to_the_node_or_has_ended_is_not_moved(worker: FakeHost, pod: str) -> None:
    worker.write("pods", f"{pod}\n")
    assert worker.run("upgrade").status == 0
    assert not [call for call in worker.calls("kubectl") if "eviction" in call]


def test_other_kubelet_settings_move_no_pod(worker: FakeHost) -> None:
    assert worker.run("upgrade").status == 0
    calls = len(worker.calls("kubectl"))
    worker.write("pods", "Running shop/web-1 ReplicaSet\n")
    worker.configure(Block("/etc/infraplatform/kubelet.yaml", "maxPods: 77"))
    ran = worker.run("upgrade")
    assert "restarted the kubelet" in ran.said
    assert not [call for call in worker.calls("kubectl")[calls:] if "evict" in call or "cordon" in call]
    assert worker.calls("kubeadm")[-1].startswith("upgrade node")


def test_the_first_control_plane_publishes_the_settings_by_the_old_version_and_applies_the_new(
    control_plane: FakeHost,
) -> None:
    ran = control_plane.call("bring_up_to_date")
    assert ran.status == 0, ran.said
    published = f"{control_plane.root}/var/lib/infraplatform/published.yaml"
    upgrade = f"{control_plane.root}/var/lib/infraplatform/upgrade.yaml"
    assert control_plane.calls("kubeadm") == [
        f"init phase upload-config all --config {published}",
        f"upgrade apply --yes --config {upgrade}",
    ]
    assert "kubernetesVersion: v1.36.3" in control_plane.read("var/lib/infraplatform/published.yaml")


def test_a_control_plane_is_emptied_only_where_another_node_takes_pods(control_plane: FakeHost) -> None:
    assert control_plane.call("other_places").said == "a1\n"
    control_plane.write("places", "c1 \nc2 true\n")
    ran = control_plane.call("bring_up_to_date")
    assert "no other node takes pods: they stay where they are" in ran.said
    assert not [call for call in control_plane.calls("kubectl") if "cordon" in call]


def test_the_other_control_planes_follow(control_plane: FakeHost) -> None:
    control_plane.write("cluster", NEW)
    assert control_plane.call("bring_up_to_date").status == 0
    assert control_plane.calls("kubeadm")[-1].startswith("upgrade node")


@pytest.mark.parametrize(("runs", "goes_on"), [("3.6.11-0", "true"), ("3.7.0-0", "false")])
def test_etcd_starts_anew_only_where_its_version_changes(control_plane: FakeHost, runs: str, goes_on: str) -> None:
    control_plane.stand_in("kubeadm", "")
    control_plane.write("etc/kubernetes/manifests/etcd.yaml", f"    image: registry.k8s.io/etcd:{runs}\n")
    assert control_plane.call("back_up() { :; }; bring_up_to_date").status == 0
    told = control_plane.read("var/lib/infraplatform/upgrade.yaml")
    assert told.split() == ["apply:", "etcdUpgrade:", goes_on, "node:", "etcdUpgrade:", goes_on]


def test_while_etcd_changes_the_kubelet_asks_another_control_plane_that_is_ready(control_plane: FakeHost) -> None:
    control_plane.stand_in("kubeadm", 'grep server: "$INFRAPLATFORM_ROOT/etc/kubernetes/kubelet.conf" >&2')
    control_plane.write("etc/kubernetes/manifests/etcd.yaml", "    image: registry.k8s.io/etcd:3.6.11-0\n")
    kubelet_conf = control_plane.write("etc/kubernetes/kubelet.conf", "    server: https://10.0.0.1:6443\n")
    control_plane.answers("10.0.0.2:6443/readyz", "ok")
    assert control_plane.call("back_up() { :; }; bring_up_to_date").status == 0
    assert control_plane.read("var/lib/infraplatform/kubeadm.log") == "    server: https://10.0.0.2:6443\n"
    assert kubelet_conf.read_text(encoding="utf-8") == "    server: https://10.0.0.1:6443\n"
    assert control_plane.calls("systemctl").count("restart kubelet") == 2


def test_a_kubelet_without_another_ready_control_plane_asks_its_own(control_plane: FakeHost) -> None:
    control_plane.write("etc/kubernetes/manifests/etcd.yaml", "    image: registry.k8s.io/etcd:3.6.11-0\n")
    control_plane.write("etc/kubernetes/kubelet.conf", "    server: https://10.0.0.1:6443\n")
    assert control_plane.call("back_up() { :; }; bring_up_to_date").status == 0
    assert control_plane.calls("systemctl").count("restart kubelet") == 1


def test_a_control_plane_goes_to_no_older_version_than_its_cluster(control_plane: FakeHost) -> None:
    control_plane.write("cluster", "1.37.3")
    ran = control_plane.call("bring_up_to_date")
    assert ran.status == 1
    assert "the cluster has gone to v1.37.3, and it only goes forward; write cluster.version 1.37.3" in ran.said
    assert control_plane.calls("kubeadm") == []


def test_a_host_does_not_join_a_cluster_of_another_version(tmp_path: Path) -> None:
    host = member(tmp_path)
    host.write("served", "1.36.3")
    ran = host.call("refuse_another_version")
    assert ran.status == 1
    assert f"the cluster runs v1.36.3, and this host would join with {NEW}" in ran.said


def test_what_the_api_server_reads_at_its_start_restarts_it_when_it_changes(control_plane: FakeHost) -> None:
    restarts = 'restart_static_pods() { echo "restarts $*"; }; restart_readers'
    assert control_plane.call(restarts).said.count("restarts") == 1
    assert "restarts" not in control_plane.call(restarts).said
    control_plane.write("etc/kubernetes/pki/encryption.yaml", "another key")
    assert "restarts kube-apiserver kube-controller-manager" in control_plane.call(restarts).said


def test_static_pods_restart_together_and_what_an_interrupted_run_left_aside_comes_back(
    control_plane: FakeHost,
) -> None:
    for name in ("etcd", "kube-apiserver"):
        control_plane.write(f"etc/kubernetes/manifests/{name}.yaml", name)
    control_plane.write("var/lib/infraplatform/stopped/kube-scheduler.yaml", "left by an interrupted run")
    seen = 'echo "manifests: $(ls $KUBERNETES/manifests | tr "\\n" " ")"'
    stand_ins = f"static_pod_ended() {{ :; }}; static_pod_runs() {{ :; }}; wait_until() {{ {seen}; }}"
    ran = control_plane.call(f"{stand_ins}; restart_static_pods etcd kube-apiserver")
    assert ran.status == 0, ran.said
    lines = [line for line in ran.said.splitlines() if line.startswith("manifests:")]
    assert lines[0].split()[1:] == ["etcd.yaml"], "the API server ends while it can still answer"
    assert lines[1].strip() == "manifests:"
    assert lines[-1].split()[1:] == ["etcd.yaml", "kube-apiserver.yaml", "kube-scheduler.yaml"]
