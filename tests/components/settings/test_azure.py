"""Settings of Azure: the form of its values, and what it leaves to the provider's kind."""

from __future__ import annotations

import pytest

from components.settings import (
    AcrRegistrySettings,
    AksClusterSettings,
    AzureEgress,
    AzureNetworkSettings,
    AzureProviderSettings,
    AzureStack,
    AzureStorageSettings,
)
from components.settings.sound import UnsoundError
from tests.components.settings.configurations import REMOVED, SOUND_AZURE, Changes, loaded, mistakes

GROUP = ("node_groups", "general")


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        (
            {("provider", "subscription_id"): "my-subscription"},
            (
                "provider.subscription_id: 'my-subscription' is not in the right form; write an id of Azure: 32"
                " lower-case hexadecimal digits in five groups"
            ),
        ),
        (
            {("provider", "tenant_id"): REMOVED},
            (
                "provider.tenant_id: is missing; write id of the Entra tenant that the subscription trusts; another"
                " tenant's credentials are refused, as 0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
            ),
        ),
        (
            {("provider", "region"): "West Europe"},
            "provider.region: 'West Europe' is not in the right form; write a region's short name, without spaces",
        ),
        (
            {("provider", "zones"): [1, 2]},
            'provider.zones[0]: 1 is a number where text is wanted; write it in quotes: "1"',
        ),
        (
            {("provider", "zones"): ["1", "2", "3", "1"]},
            "provider.zones: has 4 entries; write at most 3",
        ),
        (
            {("network", "egress"): "none"},
            ("network.egress: 'none' is not a choice; write one of nat-gateway, load-balancer, user-defined-routing"),
        ),
        (
            {("network", "cidr"): "10.20.0.0/25"},
            "network.cidr: 10.20.0.0/25 is too small; write a /16 to /24, as 10.20.0.0/16",
        ),
        (
            {("network", "cidr"): "10.0.0.0/8"},
            "network.cidr: 10.0.0.0/8 is too large; write a /16 to /24, as 10.20.0.0/16",
        ),
        (
            {("network", "cidr"): "203.0.113.0/24"},
            ("network.cidr: 203.0.113.0/24 is not a private range; write a range inside 10.0.0.0/8, as 10.20.0.0/16"),
        ),
        (
            {("network", "internet_ports"): [0]},
            "network.internet_ports[0]: 0 is below 1, the least; write 1 or more",
        ),
        (
            {("network", "network_watcher_id"): "NetworkWatcher_westeurope"},
            (
                "network.network_watcher_id: 'NetworkWatcher_westeurope' is not in the right form; write a network"
                " watcher's whole id, /subscriptions/.../networkWatchers/<name>"
            ),
        ),
        (
            {("cluster", "deployers"): ["anna@example.com"]},
            (
                "cluster.deployers[0]: 'anna@example.com' is not in the right form; write user:<object id>,"
                " group:<object id> or service-principal:<object id>, as Entra ID lists them"
            ),
        ),
        (
            {("cluster", "version"): "1.22"},
            "cluster.version: AKS version '1.22' is not supported here; write one of 1.34, 1.35, 1.36",
        ),
        (
            {("registry", "name"): "My-Registry"},
            (
                "registry.name: 'My-Registry' is not in the right form; write 5 to 50 lower-case letters and digits; it"
                " is the host's name, which no other registry in Azure has"
            ),
        ),
    ],
    ids=lambda value: next(iter(value))[-1] if isinstance(value, dict) else "",
)
def test_a_wrong_value_is_named_with_what_to_write(changes: Changes, read: str) -> None:
    assert mistakes(changes, sound=SOUND_AZURE)[:1] == [read]


@pytest.mark.parametrize(
    "changes",
    [
        {("provider", "zones"): ["3", "1"], ("cluster", "zones"): ["1"]},
        {("network", "cidr"): "10.20.0.0/24"},
        {("network", "cidr"): "10.20.0.0/24", (*GROUP, "max_nodes"): 61},
        {("network", "egress"): "load-balancer", ("network", "internet_ports"): [80, 443]},
        {("cluster", "api_access"): [], ("cluster", "reach"): "inside-network"},
        {("cluster", "mode"): "automatic", ("node_groups",): {}},
        {("registry", "tier"): "premium", ("registry", "keep_untagged_days"): 30},
        {("tags",): {"team.name": "Anna B", "cost-center": ""}},
        {("registry",): {"kind": "acr"}, ("storage",): {"kind": "azure"}, ("network", "kind"): "azure"},
    ],
    ids=str,
)
def test_what_is_just_within_the_rules_is_taken(changes: Changes) -> None:
    assert loaded(changes, SOUND_AZURE)


def test_kinds_that_are_left_out_follow_from_the_providers() -> None:
    stack = AzureStack(loaded({("registry",): REMOVED, ("storage",): REMOVED}, SOUND_AZURE))
    assert isinstance(stack.provider, AzureProviderSettings)
    assert isinstance(stack.network, AzureNetworkSettings)
    assert isinstance(stack.cluster, AksClusterSettings)
    assert isinstance(stack.registry, AcrRegistrySettings)
    assert isinstance(stack.storage, AzureStorageSettings)


def test_production_leads_out_in_all_zones() -> None:
    found = {name: loaded({("environment",): name}, SOUND_AZURE).network for name in ("dev", "staging")}
    for network in found.values():
        assert isinstance(network, AzureNetworkSettings)
        assert network.egress is AzureEgress.NAT_GATEWAY
    production = loaded({("environment",): "prod"}, SOUND_AZURE).network
    assert isinstance(production, AzureNetworkSettings)
    assert production.egress is AzureEgress.LOAD_BALANCER


def test_another_clouds_parts_are_none_of_azures() -> None:
    with pytest.raises(UnsoundError):
        _ = AzureStack(loaded({})).provider
