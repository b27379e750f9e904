"""The suite of `contract.Storage`: every implementation is a row of SUBJECTS."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any, Final, cast

import pulumi
import pytest

from components.contract import SnapshotClass, Storage, StorageClass
from tests.contract import aws, azure_parts, checks, gcp_parts, servers
from tests.contract.harness import Breaks, Built, build_with_breaks, cases, members, value_of

SUBJECTS: Final[Mapping[str, Callable[[], Storage]]] = {
    "aws-disks": aws.aws_storage,
    "aws-disks-without-snapshots": partial(aws.aws_storage, snapshots=False),
    "aws-disks-files-and-backups": partial(aws.aws_storage, file={}, backup={}),
    "azure-disks": azure_parts.azure_storage,
    "azure-disks-without-snapshots": partial(azure_parts.azure_storage, snapshots=False),
    "azure-disks-files-and-backups": partial(azure_parts.azure_storage, file={}, backup={}),
    "gcp-disks": gcp_parts.gcp_storage,
    "gcp-disks-without-snapshots": partial(gcp_parts.gcp_storage, snapshots=False),
    "servers-folders": servers.servers_storage,
    "servers-disks-and-shares": partial(
        servers.servers_storage,
        local_volumes={"fast": {"disk-a": {"host": "worker-1", "path": "/mnt/a", "size_gib": 900}}},
        nfs={"shared": {"server": "nas.example", "share": "/srv/k8s"}},
        default_class="shared",
    ),
    "servers-copies": partial(
        servers.servers_storage, longhorn={"classes": {"replicated": {"replicas": 2}}}, default_class="replicated"
    ),
    "gcp-disks-files-and-backups": partial(gcp_parts.gcp_storage, file={}, backup={}),
}
_DNS_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_POLICIES: Final = ("Delete", "Retain")
_BINDING_MODES: Final = ("Immediate", "WaitForFirstConsumer")


def check_storage(storage: Storage) -> None:
    """Everything that the contract promises of a storage.

    Raises:
        AssertionError: a promise is broken.
    """
    classes = checks.mapping(storage.classes)
    for name, it in classes.items():
        assert _DNS_NAME.fullmatch(name), f"{name!r} cannot be a Kubernetes object's name"
        assert isinstance(it, StorageClass), f"{it!r} is no StorageClass"
        checks.text(it.provisioner)
        assert it.reclaim_policy in _POLICIES, f"{it.reclaim_policy!r} is no reclaim policy"
        assert it.volume_binding_mode in _BINDING_MODES, f"{it.volume_binding_mode!r} is no volume binding mode"
        _check_parameters(it.parameters)
    assert [it.default for it in classes.values()].count(True) == 1, "exactly one class is the default"
    snapshots = checks.mapping(storage.snapshot_classes)
    for name, it in snapshots.items():
        assert _DNS_NAME.fullmatch(name), f"{name!r} cannot be a Kubernetes object's name"
        assert isinstance(it, SnapshotClass), f"{it!r} is no SnapshotClass"
        drivers = {storage_class.provisioner for storage_class in classes.values()}
        assert it.driver in drivers, f"no class is provisioned by {it.driver!r}"
        assert it.deletion_policy in _POLICIES, f"{it.deletion_policy!r} is no deletion policy"
        _check_parameters(it.parameters)
    checks.open_texts(storage.kept)
    checks.resources(storage.ready, at_least=0)


def _check_parameters(parameters: object) -> None:
    """Kubernetes takes texts only: no numbers, no booleans."""
    for value in checks.mapping(parameters).values():
        checks.text(value_of(value) if isinstance(value, pulumi.Output) else value)


_BLOCK: Final = StorageClass(provisioner="ebs.csi.aws.com", default=True)
_SNAPSHOT: Final = SnapshotClass(driver="ebs.csi.aws.com")
BREAKS: Final[Breaks] = {
    "classes": {
        "none": lambda _: {},
        "no default": lambda _: {"block": replace(_BLOCK, default=False)},
        "two defaults": lambda _: {"block": _BLOCK, "file": _BLOCK},
        "an impossible name": lambda _: {"Block_1": _BLOCK},
        "a manifest": lambda _: {"block": {"provisioner": "ebs.csi.aws.com"}},
        "no provisioner": lambda _: {"block": replace(_BLOCK, provisioner="")},
        "a boolean parameter": lambda _: {
            "block": replace(_BLOCK, parameters=cast("dict[str, Any]", {"encrypted": True}))
        },
        "an unknown reclaim policy": lambda _: {"block": replace(_BLOCK, reclaim_policy="delete")},
        "an unknown binding mode": lambda _: {"block": replace(_BLOCK, volume_binding_mode="Later")},
    },
    "snapshot_classes": {
        "None": lambda _: None,
        "no such driver": lambda _: {"block": replace(_SNAPSHOT, driver="disks.example.com")},
        "an unknown policy": lambda _: {"block": replace(_SNAPSHOT, deletion_policy="keep")},
        "a manifest": lambda _: {"block": {"driver": "ebs.csi.aws.com"}},
    },
    "kept": {
        "None": lambda _: None,
        "no Outputs": lambda _: {"file_system": "fs-1"},
        "an empty id": lambda _: {"file_system": pulumi.Output.from_input("")},
    },
    "ready": {"None": lambda _: None, "names": lambda _: ("storage-files-a",)},
}


@cache
def _built(row: str) -> Built[Storage]:
    return build_with_breaks(SUBJECTS[row], BREAKS)


@pytest.mark.parametrize("row", SUBJECTS)
def test_a_storage_keeps_its_contract(row: str) -> None:
    check_storage(_built(row).sound)


@pytest.mark.parametrize(("row", "attribute", "fault"), cases(SUBJECTS, BREAKS))
def test_a_broken_attribute_fails_the_suite(row: str, attribute: str, fault: str) -> None:
    with pytest.raises(AssertionError):
        check_storage(_built(row).broken[attribute, fault])


def test_every_attribute_is_broken_on_purpose() -> None:
    assert set(BREAKS) == members(Storage)
