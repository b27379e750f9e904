"""A VPC on Google Cloud as a whole: its ranges, its rules, and what a change of it costs."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest

from components.settings import ProtectionSettings
from preview.plan import Operation
from tests.components.gcp.networks import gcp_network
from tests.components.plans import Resources, changed, operations, planned, standing


def ranges(resources: Resources) -> dict[str, IPv4Network]:
    """The subnet's ranges by what has addresses from them."""
    subnet = resources["Subnetwork", "network-subnet"].inputs
    secondary = {it["rangeName"]: IPv4Network(it["ipCidrRange"]) for it in subnet["secondaryIpRanges"]}
    return {"nodes": IPv4Network(subnet["ipCidrRange"]), **secondary}


def test_google_makes_no_subnets_of_its_own() -> None:
    assert planned(gcp_network)["Network", "network-vpc"].inputs["autoCreateSubnetworks"] is False


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "10.20.16.0/20"])
def test_nodes_pods_and_services_have_ranges_in_the_network_that_never_overlap(cidr: str) -> None:
    found = ranges(planned(lambda: gcp_network(cidr=cidr)))
    assert set(found) == {"nodes", "pods", "services"}
    assert all(it.subnet_of(IPv4Network(cidr)) for it in found.values())
    assert not any(one.overlaps(other) for one, other in combinations(found.values(), 2))


def test_pods_and_services_have_the_ranges_that_the_settings_name() -> None:
    found = ranges(planned(lambda: gcp_network(pod_cidr="10.128.0.0/14", service_cidr="10.200.0.0/20")))
    assert str(found["pods"]) == "10.128.0.0/14"
    assert str(found["services"]) == "10.200.0.0/20"
    assert str(found["nodes"]) == "10.20.128.0/19"


def test_nodes_reach_googles_services_privately_whatever_the_egress() -> None:
    for egress in ("none", "regional-nat"):
        resources = planned(lambda egress=egress: gcp_network(egress=egress))
        assert resources["Subnetwork", "network-subnet"].inputs["privateIpGoogleAccess"] is True


def test_nothing_is_let_in_and_what_is_refused_is_logged() -> None:
    rules = {name: it.inputs for (kind, name), it in planned(gcp_network).items() if kind == "Firewall"}
    assert list(rules) == ["network-refuse-ingress"]
    refuse = rules["network-refuse-ingress"]
    assert refuse["denies"] == [{"protocol": "all"}]
    assert "allows" not in refuse
    assert refuse["priority"] > 1000, "GKE's own rules must win"
    assert "logConfig" in refuse


def test_logs_are_kept_only_where_the_settings_say_so() -> None:
    resources = planned(lambda: gcp_network(flow_logs=False))
    assert "logConfig" not in resources["Subnetwork", "network-subnet"].inputs
    assert "logConfig" not in resources["Firewall", "network-refuse-ingress"].inputs
    assert planned(gcp_network)["Subnetwork", "network-subnet"].inputs["logConfig"]["flowSampling"] == 0.5


@pytest.mark.parametrize("egress", ["none", "regional-nat"])
def test_every_resource_is_a_child_of_the_network_and_names_the_project(egress: str) -> None:
    resources = planned(lambda: gcp_network(egress=egress))
    network = resources["GcpNetwork", "network"].urn
    for (_, name), resource in resources.items():
        if resource.custom:
            assert resource.parent == network, name
            assert resource.inputs["project"] == "my-project", name


def test_the_vpc_and_its_subnet_are_protected_where_the_stack_says_so() -> None:
    def protected(*, protect: bool) -> set[str]:
        resources = planned(lambda: gcp_network(protection=ProtectionSettings(protect=protect)))
        return {name for (_, name), resource in resources.items() if resource.protect}

    assert protected(protect=True) == {"network-vpc", "network-subnet"}
    assert protected(protect=False) == set()


def test_a_further_zone_changes_nothing() -> None:
    preview = changed(lambda: gcp_network("a", "b"), lambda: gcp_network("a", "b", "c"))
    assert operations(preview) == {}


def test_a_second_preview_changes_nothing() -> None:
    assert operations(changed(gcp_network, gcp_network)) == {}


def test_egress_only_creates() -> None:
    done = operations(changed(lambda: gcp_network(egress="none"), gcp_network))
    del done["GcpNetwork", "network"]
    assert done == {("Router", "network-router"): Operation.CREATE, ("RouterNat", "network-nat"): Operation.CREATE}


def test_ipv6_addresses_are_the_networks_own_and_nothing_comes_in_by_them() -> None:
    resources = planned(lambda: gcp_network(dual_stack=True))
    assert resources["Network", "network-vpc"].inputs["enableUlaInternalIpv6"] is True
    subnet = resources["Subnetwork", "network-subnet"].inputs
    assert (subnet["stackType"], subnet["ipv6AccessType"]) == ("IPV4_IPV6", "INTERNAL")
    rules = {made.inputs["sourceRanges"][0]: made.inputs for (kind, _), made in resources.items() if kind == "Firewall"}
    assert rules.keys() == {"0.0.0.0/0", "::/0"}
    assert {**rules["::/0"], "sourceRanges": []} == {**rules["0.0.0.0/0"], "sourceRanges": []}


def test_a_network_of_one_family_says_nothing_of_the_other() -> None:
    resources = planned(gcp_network)
    assert "enableUlaInternalIpv6" not in resources["Network", "network-vpc"].inputs
    assert not {"stackType", "ipv6AccessType"} & resources["Subnetwork", "network-subnet"].inputs.keys()
    assert [name for kind, name in resources if kind == "Firewall"] == ["network-refuse-ingress"]


def test_nat_serves_the_nodes_subnet_with_all_its_ranges_and_logs_what_it_cannot() -> None:
    resources = standing(gcp_network)
    nat = resources["RouterNat", "network-nat"].inputs
    subnet = resources["Subnetwork", "network-subnet"].id
    assert nat["subnetworks"] == [{"name": subnet, "sourceIpRangesToNats": ["ALL_IP_RANGES"]}]
    assert nat["router"] == resources["Router", "network-router"].outputs["name"]
    assert nat["logConfig"] == {"enable": True, "filter": "ERRORS_ONLY"}


def test_ports_are_given_as_they_are_used_which_excludes_fixed_mappings() -> None:
    nat = planned(gcp_network)["RouterNat", "network-nat"].inputs
    assert nat["enableDynamicPortAllocation"] is True
    assert nat["enableEndpointIndependentMapping"] is False
    assert nat["maxPortsPerVm"].bit_count() == nat["minPortsPerVm"].bit_count() == 1, "Cloud NAT takes powers of two"


def test_a_vpc_without_a_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"needs network\.cidr"):
        planned(lambda: gcp_network(cidr=None))
