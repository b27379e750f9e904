"""What a cluster plans for registries: its own, made and kept, and the passwords of all that its nodes pull from."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubeadm.cluster import KubeadmCluster
from components.settings import SelfHostedRegistrySettings
from preview.plan import Operation, Secret
from tests.components.kubeadm.test_cluster import SECRETS, command, found, in_the_open, one_and_two, touched
from tests.components.plans import changed, complaints, planned
from tests.contract.servers import cluster, provider


def with_a_registry(**settings: Any) -> KubeadmCluster:
    """One control plane, two workers and a registry in the cluster."""
    return cluster(provider(), registry=SelfHostedRegistrySettings.model_validate(settings))


PASSWORDS = ("a registry's password", "made up password", "made up hash", "Authorization")


def test_no_password_is_in_the_open_anywhere() -> None:
    assert in_the_open(found(with_a_registry), (*SECRETS, *PASSWORDS)) == []


def member_input(build: Any, name: str) -> str:
    """The secret blocks that a member is sent."""
    text = command(found(build), f"{name}-member").inputs["stdin"]
    assert isinstance(text, Secret)
    return text.value


def test_every_node_is_sent_the_passwords_and_control_planes_the_registrys_users() -> None:
    for name in ("cp-1", "worker-1"):
        sent = member_input(with_a_registry, name)
        assert "--- /etc/infraplatform/secrets/certs.d/registry.example.com/hosts.toml 0600\n" in sent
        assert "--- /etc/infraplatform/secrets/certs.d/registry.cluster.internal:30500/hosts.toml 0600\n" in sent
    assert "platform:made up hash" in member_input(with_a_registry, "cp-1")
    assert "platform:made up hash" not in member_input(with_a_registry, "worker-1")


def test_a_registry_is_made_of_its_settings() -> None:
    text = command(found(with_a_registry), "cp-1-program").inputs["stdin"]
    assert "REGISTRY='registry.cluster.internal:30500'" in text
    assert "nodePort: 30500" in text
    assert "storage: 20Gi" in text
    assert "storageClassName" not in text
    built = planned(lambda: with_a_registry(host="images.example.com", node_port=30501, storage_class="fast"))
    text = command(built, "cp-1-program").inputs["stdin"]
    assert "REGISTRY='images.example.com:30501'" in text
    assert "  storageClassName: fast\n" in text


def test_a_rotated_password_is_made_anew_and_reaches_every_node_in_place() -> None:
    done = touched(changed(with_a_registry, lambda: with_a_registry(rotate="2")))
    assert done == {
        "cluster-registry": Operation.REPLACE,
        **{f"{name}-member": Operation.UPDATE for name in ("cp-1", "worker-1", "worker-2")},
    }


@pytest.mark.parametrize("changes", [{"size_gib": 30}, {"storage_class": "fast"}])
def test_a_registry_keeps_its_volume(changes: dict[str, Any]) -> None:
    preview = changed(with_a_registry, lambda: with_a_registry(**changes))
    assert f"cp-1: registry.{next(iter(changes))} would change" in complaints(preview)


def test_a_registry_is_added_in_place_and_not_taken_away_with_its_images() -> None:
    assert Operation.UPDATE in touched(changed(one_and_two, with_a_registry)).values()
    assert "cp-1: registry.kind would change" in complaints(changed(with_a_registry, one_and_two))


BUCKET = {
    "target": "s3",
    "s3": {"endpoint": "https://s3.example", "bucket": "etcd-backups", "region": "eu-1", "prefix": "lab"},
}


def with_a_bucket() -> KubeadmCluster:
    """One control plane and two workers, and copies of etcd's snapshots elsewhere."""
    return cluster(provider(), etcd_backup=BUCKET)


def test_control_planes_alone_get_the_keys_of_the_bucket_of_snapshots() -> None:
    assert in_the_open(found(with_a_bucket), ("AKIDEXAMPLE", "a bucket's key")) == []
    text = command(found(with_a_bucket), "cp-1-program").inputs["stdin"]
    assert "BACKUP_TARGET='s3'\nBACKUP_S3_URL='https://s3.example/etcd-backups/lab'\n" in text
    assert 'user = "AKIDEXAMPLE:a bucket\'s key"' in member_input(with_a_bucket, "cp-1")
    assert "AKIDEXAMPLE" not in member_input(with_a_bucket, "worker-1")
    assert "AKIDEXAMPLE" not in member_input(with_a_registry, "cp-1"), "nobody needs them without a bucket"
