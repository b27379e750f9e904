"""The API has an address that outlives each control plane, and the founder of the cluster needs nobody to reach it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.errors import UnsafeChangeError
from components.kubeadm.program import Block, blocks, sent
from components.kubeadm.upgrade import foundations_in, refuse_other_foundations
from tests.components.kubeadm.fake_host import FakeHost
from tests.components.kubeadm.test_kubeadm_config import init
from tests.components.kubeadm.test_node_files import CONTROL_PLANE, WORKER, files
from tests.components.kubeadm.test_node_program import DISCOVERY, PKI

VIRTUAL = "10.0.0.250"
MANIFEST = "etc/kubernetes/manifests/kube-vip.yaml"


@pytest.fixture
def founder(tmp_path: Path) -> FakeHost:
    host = FakeHost(
        tmp_path,
        NODE_NAME="c1",
        NODE_ROLE="control-plane",
        CONTROL_PLANES="c1=10.0.0.11",
        API_ENDPOINT=f"{VIRTUAL}:6443",
        VIRTUAL_ADDRESS=VIRTUAL,
        KUBE_VIP_IMAGE="ghcr.io/kube-vip/kube-vip:v1.2.3",
    )
    for address in ("10.0.0.11", VIRTUAL):
        for path in ("livez", "readyz"):
            host.answers(f"{address}:6443/{path}", "ok")
    return host


def secrets() -> str:
    """What a control plane gets on standard input."""
    return blocks([*PKI, DISCOVERY])


def pod(host: FakeHost) -> dict[str, Any]:
    """The static pod."""
    found: dict[str, Any] = yaml.safe_load(host.read(MANIFEST))
    return found


def test_the_founder_has_the_address_itself_until_the_cluster_can_give_it_out(founder: FakeHost) -> None:
    ran = founder.run("member", given=secrets())
    assert ran.status == 0, ran.said
    addresses = [call for call in founder.calls("ip") if VIRTUAL in call]
    assert addresses == [f"address replace {VIRTUAL}/32 dev lo", f"address delete {VIRTUAL}/32 dev lo"]
    order = founder.read("calls")
    assert order.index("address replace") < order.index("kubeadm init --config") < order.index("address delete")


def test_no_static_pod_of_ours_is_there_while_kubeadm_begins(founder: FakeHost) -> None:
    founder.stand_in(
        "kubeadm",
        f'[[ ! -e $INFRAPLATFORM_ROOT/{MANIFEST} ]] || exit 1\nmkdir -p "$INFRAPLATFORM_ROOT/etc/kubernetes/manifests"',
    )
    assert founder.run("member", given=secrets()).status == 0
    assert (founder.root / MANIFEST).exists()


def test_where_the_endpoint_is_a_name_the_name_means_the_founder_and_no_address_is_taken(founder: FakeHost) -> None:
    founder.configure(API_ENDPOINT="k8s.example:6443")
    founder.answers("k8s.example:6443/livez", "ok")
    founder.answers("k8s.example:6443/readyz", "ok")
    assert founder.run("member", given=secrets()).status == 0
    assert not [call for call in founder.calls("ip") if "replace" in call]


def test_kube_vip_asks_its_own_api_server_and_announces_by_the_nodes_own_interface(founder: FakeHost) -> None:
    founder.run("member", given=secrets())
    (container,) = pod(founder)["spec"]["containers"]
    told = {variable["name"]: variable["value"] for variable in container["env"]}
    assert told["address"] == VIRTUAL
    assert told["kubernetes_addr"] == "https://10.0.0.11:6443"
    assert (told["vip_interface"], told["vip_arp"], told["cp_enable"]) == ("eth0", "true", "true")
    assert all(isinstance(value, str) for value in told.values()), "the kubelet refuses any other"


def test_an_address_that_nobody_answers_at_is_a_failure_with_its_cause(founder: FakeHost) -> None:
    (founder.root / f"answers/{VIRTUAL}_6443_livez").unlink()
    ran = founder.call("wait_until() { return 1; }; virtual_address")
    assert ran.status == 1
    assert f"nobody answers at {VIRTUAL}; is the address free?" in ran.said


def test_kube_vip_leaves_when_the_address_leaves_the_settings(founder: FakeHost) -> None:
    founder.write(MANIFEST, "kind: Pod")
    assert founder.call("VIRTUAL_ADDRESS=; virtual_address").status == 0
    assert not (founder.root / MANIFEST).exists()


def test_a_reset_gives_the_address_back(founder: FakeHost) -> None:
    assert founder.run("reset").status == 0
    assert [call for call in founder.calls("ip") if VIRTUAL in call][-1] == f"address delete {VIRTUAL}/32 dev eth0"


def test_the_api_server_has_the_address_in_its_certificate_beside_the_name() -> None:
    cluster = init(endpoint={"host": "k8s.example", "virtual_ip": VIRTUAL})["ClusterConfiguration"]
    assert cluster["apiServer"]["certSANs"] == ["k8s.example", VIRTUAL]


def test_nodes_are_told_of_it_only_where_there_is_one() -> None:
    for node in (CONTROL_PLANE, WORKER):
        told = files(node, endpoint={"host": VIRTUAL, "virtual_ip": VIRTUAL})["node.env"]
        assert f"VIRTUAL_ADDRESS='{VIRTUAL}'\nKUBE_VIP_IMAGE='ghcr.io/kube-vip/kube-vip:v" in told
        assert "VIRTUAL_ADDRESS" not in files(node)["node.env"]


@pytest.mark.parametrize(("old", "new"), [(VIRTUAL, "10.0.0.251"), (None, VIRTUAL), (VIRTUAL, None)])
def test_another_address_is_refused_as_the_apis_certificates_do_not_name_it(old: str | None, new: str | None) -> None:
    before, after = (_made_with(address) for address in (old, new))
    with pytest.raises(UnsafeChangeError, match=r"cluster\.endpoint\.virtual_ip would change"):
        refuse_other_foundations("cp-1", before, after)
    refuse_other_foundations("cp-1", before, _made_with(old))


def _made_with(address: str | None) -> dict[str, Any]:
    endpoint = {"host": "k8s.example", **({} if address is None else {"virtual_ip": address})}
    told = files(CONTROL_PLANE, endpoint=endpoint)["node.env"]
    return foundations_in({"stdin": sent([Block("/etc/infraplatform/node.env", told)])})
