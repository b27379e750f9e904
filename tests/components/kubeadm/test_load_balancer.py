"""Services get addresses from the pools of the settings, by MetalLB or by Cilium."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubeadm.charts import Chart, Phase, chart_files
from components.kubeadm.load_balancer import load_balancer_chart
from components.kubeadm.site_charts import cluster_charts
from components.settings import LoadBalancerSettings
from tests.components.kubeadm.test_kubeadm_config import facts

POOLS = {"web": ["10.0.0.240/28", "10.0.0.5"], "mail": ["10.0.1.1-10.0.1.9"]}
CHART = load_balancer_chart(LoadBalancerSettings.model_validate({"pools": POOLS}))


def test_each_pool_is_one_of_metallbs_and_all_are_announced() -> None:
    found = {(each["kind"], each["metadata"]["name"]): each["spec"] for each in CHART.objects}
    assert found == {
        ("IPAddressPool", "web"): {"addresses": ["10.0.0.240/28", "10.0.0.5/32"]},
        ("IPAddressPool", "mail"): {"addresses": ["10.0.1.1-10.0.1.9"]},
        ("L2Advertisement", "all-pools"): {},
    }
    assert {each["metadata"]["namespace"] for each in CHART.objects} == {CHART.namespace}


def test_its_webhook_runs_on_a_control_plane_as_there_may_be_nothing_else_yet() -> None:
    assert CHART.values["controller"]["tolerations"][0]["key"] == "node-role.kubernetes.io/control-plane"


def test_a_cluster_has_it_where_the_settings_say_so() -> None:
    assert cluster_charts(facts()) == []
    assert [chart.release for chart in cluster_charts(facts(load_balancer={"pools": POOLS}))] == ["metallb"]


def cilium(*ranges: str, **pools: list[str]) -> Chart:
    """Cilium's chart where it answers for these addresses, too."""
    balancer = {"kind": "cilium", "pools": {"web": list(ranges), **pools}}
    network = {"kind": "cilium", "kube_proxy_replacement": True}
    (chart,) = cluster_charts(facts(load_balancer=balancer, pod_network=network))
    return chart


def test_cilium_has_a_pool_for_each_and_its_workers_announce_all() -> None:
    made = cilium("10.0.0.240/28", "10.0.0.5", mail=["10.0.1.1-10.0.1.9"]).objects
    found = {(each["apiVersion"], each["kind"], each["metadata"]["name"]): each["spec"] for each in made}
    policy: dict[str, Any] = found.pop(("cilium.io/v2alpha1", "CiliumL2AnnouncementPolicy", "all-pools"))
    assert found == {
        ("cilium.io/v2", "CiliumLoadBalancerIPPool", "web"): {
            "blocks": [{"cidr": "10.0.0.240/28"}, {"cidr": "10.0.0.5/32"}]
        },
        ("cilium.io/v2", "CiliumLoadBalancerIPPool", "mail"): {"blocks": [{"start": "10.0.1.1", "stop": "10.0.1.9"}]},
    }
    assert policy["loadBalancerIPs"] is True
    (nodes,) = policy["nodeSelector"]["matchExpressions"]
    assert nodes == {"key": "node.kubernetes.io/exclude-from-external-load-balancers", "operator": "DoesNotExist"}


def test_cilium_answers_for_addresses_only_where_it_is_asked_to() -> None:
    assert cilium("10.0.0.5").values["l2announcements"] == {"enabled": True}
    (chart,) = cluster_charts(facts(pod_network={"kind": "cilium", "kube_proxy_replacement": True}))
    assert "l2announcements" not in chart.values
    assert not chart.objects
    network, metallb = cluster_charts(facts(pod_network={"kind": "cilium"}, load_balancer={"pools": POOLS}))
    assert "l2announcements" not in network.values
    assert metallb.release == "metallb"


@pytest.mark.parametrize(("ranges", "queries"), [("10.0.0.5", 10), ("10.0.0.0/24", 61), ("10.0.0.0/16", 100)])
def test_leases_of_many_addresses_are_renewed_by_more_requests(ranges: str, queries: int) -> None:
    assert cilium(ranges).values["k8sClientRateLimit"] == {"qps": queries, "burst": 2 * queries}


def test_what_changes_in_cilium_restarts_it_and_its_objects_wait_for_the_operator_that_brings_their_kinds() -> None:
    chart = cilium("10.0.0.5")
    assert chart.values["rollOutCiliumPods"] is True
    assert chart.values["operator"]["rollOutPods"] is True
    files = chart_files([chart])
    assert files["charts/10-cilium/chart"].startswith(f"{Phase.NETWORK.value} cilium kube-system ")
    assert files["charts/10-cilium-objects/chart"] == f"{Phase.LATER.value} cilium-objects kube-system -"
