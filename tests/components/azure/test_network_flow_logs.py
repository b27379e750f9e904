"""Flow logs of a virtual network, and the storage account that keeps them."""

from __future__ import annotations

import re

from tests.components.azure.networks import SUBSCRIPTION, azure_network
from tests.components.plans import planned, standing


def test_all_of_the_networks_traffic_is_logged_for_the_days_of_the_settings() -> None:
    resources = standing(lambda: azure_network(flow_log_retention_days=30))
    log = resources["FlowLog", "network-flow-log"].inputs
    assert log["targetResourceId"] == resources["VirtualNetwork", "network-vnet"].id
    assert log["storageId"] == resources["StorageAccount", "networkflowlogs"].id
    assert log["enabled"] is True
    assert log["retentionPolicy"] == {"enabled": True, "days": 30}
    assert "enabledFilteringCriteria" not in log


def test_a_flow_log_stands_beside_other_stacks_in_azures_own_watcher() -> None:
    resources = standing(azure_network)
    log = resources["FlowLog", "network-flow-log"].inputs
    assert (log["resourceGroupName"], log["networkWatcherName"]) == ("NetworkWatcherRG", "NetworkWatcher_westeurope")
    assert log["flowLogName"] == resources["VirtualNetwork", "network-vnet"].outputs["name"], "no two stacks have it"


def test_another_watcher_of_the_region_is_taken_by_its_id() -> None:
    watcher = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/ours/providers/Microsoft.Network/networkWatchers/west"
    log = planned(lambda: azure_network(network_watcher_id=watcher))["FlowLog", "network-flow-log"].inputs
    assert (log["resourceGroupName"], log["networkWatcherName"]) == ("ours", "west")


def test_the_account_answers_azures_services_alone() -> None:
    account = planned(azure_network)["StorageAccount", "networkflowlogs"].inputs
    assert account["networkRuleSet"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    assert account["allowBlobPublicAccess"] is False
    assert account["allowCrossTenantReplication"] is False
    assert account["isLocalUserEnabled"] is False
    assert account["enableHttpsTrafficOnly"] is True
    assert account["minimumTlsVersion"] == "TLS1_2"


def test_the_accounts_name_fits_with_the_suffix_that_pulumi_adds() -> None:
    ((_, name),) = [key for key in planned(azure_network) if key[0] == "StorageAccount"]
    assert re.fullmatch(r"[a-z0-9]{3,16}", name), "a storage account takes 24 lower-case letters and digits"


def test_without_flow_logs_there_is_no_account() -> None:
    kinds = {kind for kind, _ in planned(lambda: azure_network(flow_logs=False))}
    assert not kinds & {"FlowLog", "StorageAccount"}
