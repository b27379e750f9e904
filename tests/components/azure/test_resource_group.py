"""The resource group of a platform on Azure."""

from __future__ import annotations

from components.azure.resource_group import PlatformGroup, PlatformGroupArgs
from components.settings import ProtectionSettings
from preview.plan import Resource
from tests.components.azure.networks import TAGS, provider
from tests.components.plans import planned


def group(protection: ProtectionSettings) -> Resource:
    """The group as it is planned."""
    args = PlatformGroupArgs(provider=provider(), protection=protection, tags=TAGS)
    return planned(lambda: PlatformGroup("platform", args))["ResourceGroup", "platform"]


def test_it_is_in_the_region_with_the_stacks_tags() -> None:
    inputs = group(ProtectionSettings()).inputs
    assert inputs == {"location": "westeurope", "tags": TAGS}


def test_it_outlives_the_stack_where_data_does_as_azure_deletes_all_in_a_group() -> None:
    assert group(ProtectionSettings(keep_data=True)).retain_on_delete is True
    assert not group(ProtectionSettings(keep_data=False)).retain_on_delete


def test_it_is_protected_where_the_stack_says_so() -> None:
    assert group(ProtectionSettings(protect=True)).protect is True
    assert not group(ProtectionSettings(protect=False)).protect
