"""Grants on keys: each key and service once, and the right service."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.errors import PlatformError
from components.gcp.key_grants import KeyGrants, KeyGrantsArgs, agent_of, keys_by_use, logical_part
from components.settings import ArtifactRegistrySettings, GcpProviderSettings, GcpStorageSettings, NodeGroupSettings
from tests.components.gcp.clusters import gke_settings
from tests.components.plans import sound
from tests.support import plan

RING = "projects/my-project/locations/europe-west3/keyRings/platform/cryptoKeys"
DISKS, IMAGES = f"{RING}/disks", f"{RING}/images"


def args(*, block: str | None = None, nodes: tuple[str, ...] = (), images: str | None = None) -> KeyGrantsArgs:
    """Settings that name these keys."""
    group = {"machine_types": ("n4-standard-4",), "min_nodes": 1, "max_nodes": 1}
    return KeyGrantsArgs(
        provider=GcpProviderSettings(project="my-project", region="europe-west3", zones=("a",)),
        cluster=gke_settings(),
        node_groups={
            f"group-{place}": NodeGroupSettings.model_validate({**group, "gcp": {"disk_key": key}})
            for place, key in enumerate(nodes)
        },
        registry=ArtifactRegistrySettings(key=images),
        storage=GcpStorageSettings.model_validate({"block": {"key": block}, "file": {}, "backup": {}}),
    )


def test_a_key_that_several_parts_name_is_granted_once() -> None:
    assert keys_by_use(args(block=DISKS, nodes=(DISKS, DISKS))) == [("disks", DISKS)]


def test_the_key_of_gkes_own_nodes_is_granted_as_any_disks_is() -> None:
    assert keys_by_use(replace(args(), cluster=gke_settings(disk_key=DISKS))) == [("disks", DISKS)]


def test_one_key_of_two_services_is_granted_to_both() -> None:
    assert keys_by_use(args(block=DISKS, images=DISKS)) == [("disks", DISKS), ("images", DISKS)]


def test_without_keys_there_is_nothing_to_grant() -> None:
    assert keys_by_use(args()) == []


def test_a_grant_lets_encrypt_and_decrypt_with_its_key_and_no_more() -> None:
    resources = sound(plan(lambda: KeyGrants("key-grants", args(block=DISKS, images=IMAGES))))
    grants = {
        made.inputs["cryptoKeyId"]: made.inputs for (kind, _), made in resources.items() if kind == "CryptoKeyIAMMember"
    }
    assert set(grants) == {DISKS, IMAGES}
    assert {made["role"] for made in grants.values()} == {"roles/cloudkms.cryptoKeyEncrypterDecrypter"}


def test_an_agent_that_may_not_be_there_yet_is_asked_for_before_its_grant() -> None:
    both = {"file": {"key": DISKS, "tier": "zonal"}, "backup": {"key": DISKS}}
    with_both = replace(args(), storage=GcpStorageSettings.model_validate(both))
    resources = sound(plan(lambda: KeyGrants("key-grants", with_both)))
    for use, service in (("files", "file"), ("backups", "gkebackup")):
        agent = resources["ServiceIdentity", f"key-grants-agent-{use}"]
        assert agent.inputs["service"] == f"{service}.googleapis.com"
        grant = resources["CryptoKeyIAMMember", f"key-grants-{use}-{logical_part(DISKS)}"]
        assert agent.urn in grant.dependencies


@pytest.mark.parametrize(
    ("use", "domain"),
    [
        ("disks", "compute-system"),
        ("files", "cloud-filer"),
        ("images", "gcp-sa-artifactregistry"),
        ("backups", "gcp-sa-gkebackup"),
    ],
)
def test_agents_are_found_by_the_projects_number(use: str, domain: str) -> None:
    known = "service-123456789@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    assert agent_of(use, known) == f"serviceAccount:service-123456789@{domain}.iam.gserviceaccount.com"


def test_an_address_without_a_number_is_refused() -> None:
    with pytest.raises(PlatformError, match="not a service agent's address"):
        agent_of("disks", "someone@my-project.iam.gserviceaccount.com")


def test_no_two_keys_share_a_logical_name() -> None:
    other = DISKS.replace("europe-west3", "europe-west4")
    assert len({logical_part(key) for key in (DISKS, IMAGES, other)}) == 3
