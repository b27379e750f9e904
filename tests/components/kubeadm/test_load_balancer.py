"""Services get addresses from the pools of the settings, by MetalLB."""

from __future__ import annotations

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
