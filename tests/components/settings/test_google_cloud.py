"""Settings of Google Cloud: the form of its values, and what it leaves to the provider's kind."""

from __future__ import annotations

import pytest

from components.settings import (
    ArtifactRegistrySettings,
    GcpEgress,
    GcpNetworkSettings,
    GcpProviderSettings,
    GcpStack,
    GcpStorageSettings,
    GkeClusterSettings,
)
from components.settings.sound import UnsoundError
from tests.components.settings.configurations import REMOVED, SOUND_GCP, Changes, loaded, mistakes

EXISTING_GCP = {
    "network_id": "projects/host-net/global/networks/shared",
    "subnet_id": "projects/host-net/regions/europe-west3/subnetworks/nodes",
    "cidr": "10.60.0.0/20",
    "pod_range": "pods",
    "pod_cidr": "10.61.0.0/16",
    "service_range": "services",
    "service_cidr": "10.62.0.0/20",
}


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        (
            {("provider", "project"): "My Project"},
            (
                "provider.project: 'My Project' is not in the right form; write a project's id, not its name or number:"
                " 6 to 30 lower-case letters, digits and inner hyphens, a letter first"
            ),
        ),
        (
            {("provider", "region"): "europe-west3-a"},
            "provider.region: 'europe-west3-a' is not in the right form; write a region of Google Cloud, not a zone",
        ),
        (
            {("cluster", "release_channel"): REMOVED},
            (
                "cluster.release_channel: is missing; write how soon GKE brings patches and versions: rapid, regular,"
                " stable or extended (at extra cost), as regular"
            ),
        ),
        (
            {("cluster", "deployers"): ["allUsers"]},
            (
                "cluster.deployers[0]: 'allUsers' is not in the right form; write user:<email>, group:<email>,"
                " serviceAccount:<email> or principal://iam.googleapis.com/..."
            ),
        ),
        (
            {("cluster", "version"): "1.22"},
            "cluster.version: GKE version '1.22' is not supported here; write one of 1.34, 1.35, 1.36",
        ),
        ({("cluster", "name"): "a" * 33}, f"cluster.name: '{'a' * 33}' is too long; write at most 32 characters"),
        (
            {("network", "egress"): "nat-per-zone"},
            "network.egress: 'nat-per-zone' is not a choice; write one of none, regional-nat",
        ),
        (
            {("network", "cidr"): "10.20.0.0/24"},
            "network.cidr: 10.20.0.0/24 is too small; write a /13 to /20, as 10.20.0.0/16",
        ),
        (
            {("network", "interface_endpoints"): ["sts"]},
            (
                "network.interface_endpoints: is not a key here; remove it; the keys are cidr, dual_stack, egress,"
                " existing, flow_logs, kind, overrides, pod_cidr, service_cidr"
            ),
        ),
        (
            {("cluster", "maintenance", "exclusions"): {"x": {"start": "2026-02-30", "end": "2026-03-02"}}},
            (
                "cluster.maintenance.exclusions.x.start: 2026-02-30 is not a day of the calendar;"
                " write a day, as 2026-12-18"
            ),
        ),
        (
            {("storage", "backup"): {"schedule": "cron(0 3 * * ? *)"}},
            (
                "storage.backup.schedule: 'cron(0 3 * * ? *)' is not in the right form; write a cron expression of five"
                " fields of digits and * / , - , in UTC"
            ),
        ),
        (
            {("storage", "backup"): {"schedule": "*/70 3,25 * * *"}},
            "storage.backup.schedule: '*/70 3,25 * * *' has hour 25; write 0 to 23 there, as in '0 3 * * *'",
        ),
        (
            {("network",): {"existing": {**EXISTING_GCP, "pod_cidr": "10.61.0.0/24"}}},
            "network.existing.pod_cidr: 10.61.0.0/24 is too small; write a /9 to /21, as 10.61.0.0/16",
        ),
        (
            {("network",): {"existing": {**EXISTING_GCP, "service_cidr": "10.64.0.0/12"}}},
            "network.existing.service_cidr: 10.64.0.0/12 is too large; write a /16 to /27, as 10.62.0.0/20",
        ),
    ],
    ids=str,
)
def test_a_wrong_value_is_explained(changes: Changes, read: str) -> None:
    assert mistakes(changes, sound=SOUND_GCP) == [read]


def test_kinds_that_are_left_out_follow_from_the_providers() -> None:
    stack = loaded({("storage",): REMOVED, ("registry",): REMOVED}, SOUND_GCP)
    assert isinstance(stack.network, GcpNetworkSettings)
    assert isinstance(stack.registry, ArtifactRegistrySettings)
    assert isinstance(stack.storage, GcpStorageSettings)


def test_egress_is_cloud_nat_in_every_environment() -> None:
    for environment in ("dev", "staging", "prod"):
        assert GcpStack(loaded({("environment",): environment}, SOUND_GCP)).network.egress is GcpEgress.REGIONAL_NAT


def test_a_stack_is_seen_as_its_own_clouds_and_as_no_others() -> None:
    stack = GcpStack(loaded({}, SOUND_GCP))
    assert isinstance(stack.provider, GcpProviderSettings)
    assert isinstance(stack.cluster, GkeClusterSettings)
    assert stack.provider.zone_name("a") == "europe-west3-a"
    with pytest.raises(UnsoundError, match="no GcpNetworkSettings"):
        _ = GcpStack(loaded({})).network


def test_where_the_providers_kind_is_wrong_nothing_that_follows_from_it_is_a_mistake() -> None:
    assert mistakes({("provider", "kind"): "gpc"}, sound=SOUND_GCP) == [
        "provider.kind: 'gpc' is not a choice; write gcp; the choices are aws, azure, gcp, servers"
    ]


def test_mistakes_of_several_kinds_are_reported_together() -> None:
    found = mistakes(
        {
            ("provider", "project"): 4711,
            ("cluster", "dns_endpont"): True,
            ("node_groups", "general", "machine_types"): ["m7g.large"],
            ("node_groups", "general", "gcp"): {"upgrade": {"max_surge": 0}},
            ("storage", "block", "iops"): 6000,
        },
        sound=SOUND_GCP,
    )
    assert [line.partition(":")[0] for line in found] == [
        "cluster.dns_endpont",
        "node_groups.general.gcp.upgrade.max_unavailable",
        "node_groups.general.machine_types[0]",
        "provider.project",
        "storage.block.iops",
    ]
