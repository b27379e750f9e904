"""The real kubeadm reads what `components/kubeadm/kubeadm_config.py` writes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from components.kubeadm.kubeadm_config import DISCOVERY_FILE, NodeFacts, init_file, join_file, upgrade_file
from components.terms import MachineRole, Taint, TaintEffect
from tests.components.kubeadm.test_kubeadm_config import facts
from tests.live.build import BINARIES, KUBERNETES
from tools.bundle.contents import images_of

pytestmark = pytest.mark.live

GPU = Taint(key="gpu", value="", effect=TaintEffect.NO_SCHEDULE)


def refused(text: str, folder: Path) -> str:
    """What kubeadm says against a file; empty where it takes it."""
    kubeadm = BINARIES["kubeadm"].path
    assert kubeadm.exists(), f"{kubeadm} is missing; run `make live`"
    discovery = folder / "discovery.conf"
    discovery.touch()  # kubeadm wants it to be there
    file = folder / "config.yaml"
    file.write_text(text.replace(DISCOVERY_FILE, str(discovery)), encoding="utf-8")
    done = subprocess.run(
        [kubeadm, "config", "validate", "--config", file], capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stderr


@pytest.mark.parametrize("role", MachineRole)
@pytest.mark.parametrize("taints", [(), (GPU,)])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"cgroup_driver": "cgroupfs", "kubelet": {"maxPods": 200}, "ignore_preflight": ["SystemVerification"]},
        {"kube_proxy": {"mode": "nftables"}},
        {"pod_network": {"kind": "cilium", "kube_proxy_replacement": True}},
    ],
)
def test_kubeadm_takes_every_file_that_a_node_gets(
    role: MachineRole, taints: tuple[Taint, ...], settings: dict[str, Any], tmp_path: Path
) -> None:
    node = NodeFacts(name="node-1", role=role, address="10.0.0.11", taints=taints)
    cluster = facts(version=KUBERNETES, **settings)
    assert refused(join_file(cluster, node), tmp_path) == ""
    assert refused(upgrade_file(cluster), tmp_path) == ""
    if role is MachineRole.CONTROL_PLANE:
        assert refused(init_file(cluster, node), tmp_path) == ""


def test_kubeadm_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    node = NodeFacts(name="node-1", role=MachineRole.WORKER, address="10.0.0.11")
    text = join_file(facts(version=KUBERNETES), node).replace("nodeRegistration:", "nodeRegistrations:")
    assert "nodeRegistrations" in refused(text, tmp_path)


@pytest.mark.parametrize("settings", [{}, {"pod_network": {"kind": "cilium", "kube_proxy_replacement": True}}])
def test_a_bundle_has_the_images_that_kubeadm_names(settings: dict[str, Any], tmp_path: Path) -> None:
    node = NodeFacts(name="node-1", role=MachineRole.CONTROL_PLANE, address="10.0.0.11")
    file = tmp_path / "config.yaml"
    file.write_text(init_file(facts(version=KUBERNETES, **settings), node), encoding="utf-8")
    listed = subprocess.run(
        [BINARIES["kubeadm"].path, "config", "images", "list", "--config", file],
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = {name for name in listed.stdout.split() if "/pause:" not in name}  # the sandbox is containerd's to name
    assert wanted == images_of({"init.yaml": file.read_text(encoding="utf-8")})
