"""Azure Files: the account, who reaches it and mounts its shares, and the class that makes them."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from preview.plan import Operation
from tests.components.azure.parts import GROUP, NODES, SUBNET, role
from tests.components.azure.storages import planned, standing, storage
from tests.components.plans import changed, operations
from tests.support import applied


def account(**file: Any) -> dict[str, Any]:
    return dict(planned(file=file)["StorageAccount", "storagefiles"].inputs)


def parameters(**file: Any) -> dict[str, str]:
    """The class's parameters, once the account stands."""
    found: dict[str, str] = {}

    def build() -> None:
        for key, value in storage(file=file).classes["file"].parameters.items():
            pulumi.Output.from_input(value).apply(lambda text, key=key: found.update({key: text}))

    applied(build)
    return found


def test_the_account_answers_inside_the_network_alone() -> None:
    made = account()
    assert made["publicNetworkAccess"] == "Disabled"
    assert made["networkRuleSet"]["defaultAction"] == "Deny"
    assert made["allowBlobPublicAccess"] is False
    resources = standing(file={})
    endpoint = resources["PrivateEndpoint", "storagefiles-endpoint"]
    assert endpoint.inputs["subnet"]["id"] == SUBNET
    (connection,) = endpoint.inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["file"]
    assert connection["privateLinkServiceId"] == resources["StorageAccount", "storagefiles"].id
    zone = resources["PrivateZone", "storagefiles-endpoint"]
    assert zone.inputs["privateZoneName"] == "privatelink.file.core.windows.net"


def test_nfs_has_no_key_that_works_and_smb_has_one_that_nodes_may_read() -> None:
    assert account()["allowSharedKeyAccess"] is False
    assert account(protocol="smb")["allowSharedKeyAccess"] is True
    assert ("RoleAssignment", "storagefiles-nodes") not in planned(file={})
    resources = standing(file={"protocol": "smb"})
    right = resources["RoleAssignment", "storagefiles-nodes"].inputs
    assert right["principalId"] == NODES
    assert right["roleDefinitionId"] == role("c12c1c16-33a1-487b-954d-41c89c60f349")
    assert right["scope"] == resources["StorageAccount", "storagefiles"].id


@pytest.mark.parametrize(("encrypt", "text"), [(True, "true"), (False, "false")])
def test_nfs_is_encrypted_on_the_way_unless_the_settings_say_otherwise(*, encrypt: bool, text: str) -> None:
    assert account(encrypt_in_transit=encrypt)["enableHttpsTrafficOnly"] is encrypt
    assert parameters(encrypt_in_transit=encrypt)["encryptInTransit"] == text


@pytest.mark.parametrize(("redundancy", "sku"), [("local", "Premium_LRS"), ("zone", "Premium_ZRS")])
def test_copies_are_where_the_settings_say(redundancy: str, sku: str) -> None:
    made = account(redundancy=redundancy)
    assert (made["kind"], made["sku"]) == ("FileStorage", {"name": sku})


def test_copies_elsewhere_make_another_account_as_azure_changes_none_by_itself() -> None:
    preview = changed(lambda: storage(file={"redundancy": "local"}), lambda: storage(file={"redundancy": "zone"}))
    assert operations(preview)["StorageAccount", "storagefiles"] is Operation.REPLACE


def test_the_class_makes_shares_in_the_stacks_account() -> None:
    name = standing(file={})["StorageAccount", "storagefiles"].outputs["name"]
    assert parameters() == {
        "resourceGroup": GROUP,
        "storageAccount": name,
        "protocol": "nfs",
        "encryptInTransit": "true",
    }
    assert parameters(protocol="smb") == {
        "resourceGroup": GROUP,
        "storageAccount": name,
        "protocol": "smb",
        "storeAccountKey": "false",
    }


def test_aks_own_driver_may_make_shares() -> None:
    resources = standing(file={})
    right = resources["RoleAssignment", "storagefiles-driver"].inputs
    assert right["roleDefinitionId"] == role("17d1049b-9a84-46fb-8f53-869881c3d3ab")
    assert right["scope"] == resources["StorageAccount", "storagefiles"].id


@pytest.mark.parametrize("keep_data", [True, False])
def test_shares_outlive_the_stack_exactly_where_data_is_kept(*, keep_data: bool) -> None:
    made = planned(file={}, keep_data=keep_data)["StorageAccount", "storagefiles"]
    assert made.retain_on_delete is keep_data
    assert made.protect is keep_data


def test_the_accounts_name_can_only_be_letters_and_digits() -> None:
    """Its logical name starts it, as Pulumi makes it up; Azure takes 24 characters, of which Pulumi adds eight."""
    for kind, name in planned(file={}, backup={}):
        if kind == "StorageAccount":
            assert name.isalnum()
            assert len(name) <= 24 - 8
