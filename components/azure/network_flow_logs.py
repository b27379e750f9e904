"""Flow logs: who talked to whom, and what was refused, kept in a storage account."""

from __future__ import annotations

from pulumi_azure_native import network, storage

from components.azure.network_place import Place


def flow_logs(place: Place, retention_days: int, network_watcher_id: str | None) -> None:
    """Log the metadata of all the network's traffic, minute by minute, into a storage account of its own.

    These are virtual network flow logs; those of security groups cannot be made any more since 2025-06-30 (known, not
    read). They belong to the region's network watcher, which Azure makes by itself in a group of its own, so their name
    is the network's, which no other stack has.
    """
    account = _account(f"{place.name}flowlogs", place)
    watcher_group, watcher = _watcher(place.provider.region, network_watcher_id)
    network.FlowLog(
        f"{place.name}-flow-log",
        resource_group_name=watcher_group,
        network_watcher_name=watcher,
        flow_log_name=place.virtual_network.name,
        location=place.provider.region,
        target_resource_id=place.virtual_network.id,
        storage_id=account.id,
        enabled=True,
        format=network.FlowLogFormatParametersArgs(type="JSON", version=2),
        retention_policy=network.RetentionPolicyParametersArgs(enabled=True, days=retention_days),
        tags=dict(place.tags),
        opts=place.child(),
    )


def _account(name: str, place: Place) -> storage.StorageAccount:
    """A storage account that answers Azure's own services alone, in three zones.

    Its name takes letters and digits only, 24 with Pulumi's 8. Its keys stay: flow logs are written with them, and stop
    when they change. Source: Azure documentation, "Virtual network flow logs" (2024-08-02), read 2026-11-29.
    """
    return storage.StorageAccount(
        name,
        resource_group_name=place.resource_group_name,
        location=place.provider.region,
        kind=storage.Kind.STORAGE_V2,
        sku=storage.SkuArgs(name=storage.SkuName.STANDARD_ZRS),
        access_tier=storage.AccessTier.HOT,
        enable_https_traffic_only=True,
        minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
        allow_blob_public_access=False,
        allow_cross_tenant_replication=False,
        is_local_user_enabled=False,
        default_to_o_auth_authentication=True,
        network_rule_set=storage.NetworkRuleSetArgs(
            default_action=storage.DefaultAction.DENY, bypass=storage.Bypass.AZURE_SERVICES
        ),
        tags=dict(place.tags),
        opts=place.child(),
    )


def _watcher(region: str, network_watcher_id: str | None) -> tuple[str, str]:
    """Resource group and name of the region's network watcher; Azure's own names for the ones that it makes."""
    if network_watcher_id is None:
        return "NetworkWatcherRG", f"NetworkWatcher_{region}"
    parts = network_watcher_id.split("/")
    return parts[4], parts[-1]
