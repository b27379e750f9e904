"""Storage on Google Cloud: classes as data, the backup plan, and what is kept."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.gcp.storage import GcpStorage, GcpStorageArgs
from components.gcp.storage_classes import (
    filestore_connection,
    filestore_network,
    list_disks_command,
    list_files_command,
    snapshot_classes,
    storage_classes,
    volume_labels,
)
from components.settings import GcpProviderSettings, GcpStorageSettings, ProtectionSettings
from components.terms import StorageClass
from preview.plan import Operation, Resource
from tests.components.doubles import TAGS, NetworkDouble, Stand
from tests.components.plans import sound
from tests.support import applied, plan

PROVIDER = GcpProviderSettings(project="my-project", region="europe-west3", zones=("a", "b"))
NETWORK = "projects/my-project/global/networks/network-vpc-1a2b3c4"
CLUSTER = "projects/my-project/locations/europe-west3/clusters/dev-1a2b3c4"
KEY = "projects/my-project/locations/europe-west3/keyRings/platform/cryptoKeys/data"


def storage(*, keep_data: bool = False, **settings: Any) -> GcpStorage:
    """Storage of the settings given, on doubles."""
    return GcpStorage(
        "storage",
        GcpStorageArgs(
            settings=GcpStorageSettings.model_validate(settings),
            provider=PROVIDER,
            network=NetworkDouble(),
            cluster_id=pulumi.Output.from_input(CLUSTER),
            protection=ProtectionSettings(keep_data=keep_data, protect=keep_data),
            tags=TAGS,
            after=(Stand("key-grant"),),
        ),
    )


def planned(**settings: Any) -> dict[tuple[str, str], Resource]:
    return sound(plan(lambda: storage(**settings)))


def classes(tags: dict[str, str] = TAGS, **settings: Any) -> dict[str, StorageClass]:
    """The classes by name; made inside a program, as they hold Outputs."""
    parsed = GcpStorageSettings.model_validate(settings)
    found: dict[str, StorageClass] = {}
    plan(lambda: found.update(storage_classes(parsed, PROVIDER, pulumi.Output.from_input(NETWORK), tags)))
    return found


def test_disks_are_balanced_and_can_grow_in_the_zone_of_their_pod() -> None:
    block = classes()["block"]
    assert block.provisioner == "pd.csi.storage.gke.io"
    assert block.parameters["type"] == "pd-balanced"
    assert "disk-encryption-kms-key" not in block.parameters
    assert block.allow_volume_expansion
    assert block.volume_binding_mode == "WaitForFirstConsumer"


def test_speed_and_key_of_hyperdisks_reach_the_driver_as_text() -> None:
    chosen = {"disk_type": "hyperdisk-balanced", "iops": 4000, "throughput_mib_per_second": 250, "key": KEY}
    parameters = classes(block=chosen)["block"].parameters
    assert parameters["type"] == "hyperdisk-balanced"
    assert parameters["provisioned-iops-on-create"] == "4000"
    assert parameters["provisioned-throughput-on-create"] == "250Mi"
    assert parameters["disk-encryption-kms-key"] == KEY


def test_a_users_new_label_leaves_the_class_as_it_is() -> None:
    assert classes({**TAGS, "colour": "blue"}) == classes()


def test_disks_and_instances_carry_the_labels_that_they_are_found_by() -> None:
    for made in classes(file={}).values():
        labels = dict(pair.split("=") for pair in str(made.parameters["labels"]).split(","))
        assert labels == volume_labels(TAGS)
    for command in (list_disks_command(PROVIDER, TAGS), list_files_command(PROVIDER, TAGS)):
        assert "--project my-project" in command
        for key, value in volume_labels(TAGS).items():
            assert f"labels.{key}={value}" in command


def test_files_are_filestore_instances_in_the_clusters_network() -> None:
    found: dict[str, str] = {}

    def build() -> None:
        parsed = GcpStorageSettings.model_validate({"file": {"tier": "basic-hdd"}})
        file = storage_classes(parsed, PROVIDER, pulumi.Output.from_input(NETWORK), TAGS)["file"]
        assert file.provisioner == "filestore.csi.storage.gke.io"
        assert file.parameters["tier"] == "basic_hdd"
        for key in ("network", "connect-mode"):
            pulumi.Output.from_input(file.parameters[key]).apply(lambda text, key=key: found.update({key: text}))

    plan(build)
    assert found == {"network": "network-vpc-1a2b3c4", "connect-mode": "DIRECT_PEERING"}


def test_another_projects_network_is_joined_by_private_services_access() -> None:
    shared = "projects/network-host/global/networks/shared"
    assert filestore_network(shared, "my-project") == shared
    assert filestore_connection(shared, "my-project") == "PRIVATE_SERVICE_ACCESS"


def test_one_class_is_the_default() -> None:
    both = classes(file={"default": True, "tier": "zonal", "key": KEY}, block={"default": False})
    assert (both["file"].default, both["block"].default) == (True, False)
    assert both["file"].parameters["instance-encryption-kms-key"] == KEY
    assert set(classes()) == {"block"}


@pytest.mark.parametrize(("keep_data", "policy"), [(True, "Retain"), (False, "Delete")])
def test_snapshots_stay_in_the_region_and_outlive_their_object_exactly_where_data_is_kept(
    *, keep_data: bool, policy: str
) -> None:
    block = snapshot_classes(GcpStorageSettings(), PROVIDER, TAGS, keep_data=keep_data)["block"]
    assert block.deletion_policy == policy
    assert block.driver == "pd.csi.storage.gke.io"
    assert block.parameters["storage-locations"] == "europe-west3"


def test_without_snapshots_there_is_no_snapshot_class() -> None:
    assert snapshot_classes(GcpStorageSettings(snapshots=False), PROVIDER, TAGS, keep_data=True) == {}


def test_backups_hold_the_whole_cluster_for_their_days() -> None:
    backup = planned(backup={"schedule": "30 2 * * *", "keep_days": 14, "key": KEY})["BackupPlan", "storage-backups"]
    assert backup.inputs["cluster"] == CLUSTER
    assert backup.inputs["backupConfig"] == {
        "allNamespaces": True,
        "includeSecrets": True,
        "includeVolumeData": True,
        "encryptionKey": {"gcpKmsEncryptionKey": KEY},
    }
    assert backup.inputs["backupSchedule"] == {"cronSchedule": "30 2 * * *"}
    assert backup.inputs["retentionPolicy"] == {"backupRetainDays": 14}
    assert [urn.rpartition("::")[2] for urn in backup.dependencies] == ["key-grant"]


@pytest.mark.parametrize("keep_data", [True, False])
def test_the_plan_always_outlives_the_stack_so_that_a_destroy_ends(*, keep_data: bool) -> None:
    assert planned(keep_data=keep_data, backup={})["BackupPlan", "storage-backups"].retain_on_delete is True
    kept: list[set[str]] = []
    plan(lambda: kept.append(set(storage(keep_data=keep_data, backup={}).kept)))
    assert kept == [{"backup_plan"}]


def test_other_days_change_the_plan_in_place() -> None:
    before = applied(lambda: storage(backup={"keep_days": 7}))
    after = plan(lambda: storage(backup={"keep_days": 14}), record=before)
    assert {step.operation for step in after.steps} == {Operation.SAME, Operation.UPDATE}


def test_without_backups_nothing_is_made() -> None:
    assert {kind for kind, _ in planned(file={})} == {"Stack", "GcpStorage", "Stand"}
