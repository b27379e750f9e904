"""The table of what holds state keeps to what the SDKs and the other tables know."""

from __future__ import annotations

import pytest

from preview.documents import read_mapping
from preview.report import parts
from preview.report.model import Part
from preview.report.parts import facts_of, part_of
from tests.preview.resources import sdk

TABLE = read_mapping(parts._TABLE)
_PACKAGES = {"aws": "pulumi_aws", "azure-native": "pulumi_azure_native", "gcp": "pulumi_gcp"}


@pytest.mark.parametrize("token", TABLE)
def test_every_row_can_be_read(token: str) -> None:
    facts = facts_of(token)
    assert facts is not None
    assert facts.holds
    assert bool(facts.moves) == bool(facts.by)


@pytest.mark.parametrize("token", [token for token in TABLE if token.partition(":")[0] in _PACKAGES])
def test_every_row_is_of_a_type_that_its_sdk_has(token: str) -> None:
    package, module, name = token.split(":")
    found = sdk(f"{_PACKAGES[package]}.{module.partition('/')[0]}")
    assert hasattr(found, name), token


@pytest.mark.parametrize("token", [token for token in TABLE if token.partition(":")[0] in _PACKAGES])
def test_every_input_that_moves_or_keeps_something_is_one_of_the_types_own(token: str) -> None:
    package, module, name = token.split(":")
    properties = {
        "".join(word if number == 0 else word.capitalize() for number, word in enumerate(key.split("_")))
        for key in dir(getattr(sdk(f"{_PACKAGES[package]}.{module.partition('/')[0]}"), name))
    }
    facts = facts_of(token)
    assert facts is not None
    assert {str(path[0]) for path in facts.moves} | set(facts.kept_when) <= properties


def test_azures_api_versions_are_left_out() -> None:
    assert part_of("azure-native:containerservice/v20250101:ManagedCluster") is Part.CLUSTER


@pytest.mark.parametrize(
    ("token", "part"),
    [
        ("containerservice:ManagedCluster", Part.CLUSTER),
        ("containerservice:AgentPool", Part.NODE_GROUP),
        ("network:VirtualNetwork", Part.NETWORK),
        ("network:PublicIPAddress", Part.ADDRESS),
        ("containerregistry:Registry", Part.REGISTRY),
        ("keyvault:Vault", Part.KEY),
        ("keyvault:Key", Part.KEY),
        ("keyvault:Secret", Part.KEY),
        ("storage:StorageAccount", Part.FILE_SYSTEM),
        ("storage:BlobContainer", Part.BUCKET),
        ("dataprotection:BackupVault", Part.BACKUP),
        ("operationalinsights:Workspace", Part.LOGS),
        ("resources:ResourceGroup", Part.RESOURCE_GROUP),
    ],
)
def test_what_holds_state_in_a_platform_on_azure_is_guarded(token: str, part: Part) -> None:
    facts = facts_of(f"azure-native:{token}")
    assert facts is not None
    assert facts.part is part
    assert facts.stateful is (part is not Part.NODE_GROUP)


def test_a_type_that_holds_nothing_is_no_part() -> None:
    assert part_of("aws:iam/role:Role") is None


def test_an_unknown_key_of_a_row_is_refused() -> None:
    with pytest.raises(ValueError, match="statefull"):
        parts._facts("aws:x:Y", {"part": "cluster", "holds": "x", "statefull": False})
