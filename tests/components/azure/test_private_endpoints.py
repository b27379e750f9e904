"""Private endpoints, by the registry's."""

from __future__ import annotations

from preview.plan import Operation
from tests.components.azure.parts import SUBNET
from tests.components.azure.registries import ZONE, planned, registry, standing
from tests.components.plans import changed, operations


def test_an_endpoint_has_its_address_in_the_network_and_its_name_in_a_zone_that_is_linked() -> None:
    resources = standing(tier="premium")
    made = resources["Registry", "registry"]
    endpoint = resources["PrivateEndpoint", "registry-endpoint"]
    assert endpoint.inputs["subnet"]["id"] == SUBNET
    assert endpoint.inputs["privateLinkServiceConnections"] == [
        {"name": "registry", "privateLinkServiceId": made.id, "groupIds": ["registry"]}
    ]
    zone = resources["PrivateZone", "registry-endpoint"]
    assert (zone.inputs["privateZoneName"], zone.inputs["location"]) == ("privatelink.azurecr.io", "Global")
    assert resources["VirtualNetworkLink", "registry-endpoint"].inputs["virtualNetwork"] == {"id": "vpc-1"}
    records = resources["PrivateDnsZoneGroup", "registry-endpoint"]
    assert records.inputs["privateDnsZoneConfigs"] == [{"name": "registry", "privateDnsZoneId": zone.id}]


def test_a_zone_that_the_network_has_is_used_and_none_is_made() -> None:
    resources = planned(tier="premium", private_dns_zone=ZONE)
    records = resources["PrivateDnsZoneGroup", "registry-endpoint"]
    assert records.inputs["privateDnsZoneConfigs"][0]["privateDnsZoneId"] == ZONE
    assert not {"PrivateZone", "VirtualNetworkLink"} & {kind for kind, _ in resources}


def test_a_zone_that_the_network_gets_later_takes_the_place_of_the_stacks_own() -> None:
    preview = changed(lambda: registry(tier="premium"), lambda: registry(tier="premium", private_dns_zone=ZONE))
    assert operations(preview) == {
        ("PrivateDnsZoneGroup", "registry-endpoint"): Operation.UPDATE,
        ("PrivateZone", "registry-endpoint"): Operation.DELETE,
        ("VirtualNetworkLink", "registry-endpoint"): Operation.DELETE,
    }
