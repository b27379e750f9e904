"""URNs are made and taken apart as the engine does."""

from __future__ import annotations

import pytest

from preview import urn

PARENT = "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev"
PART = "urn:pulumi:dev::demo::my:index:Part::part"


@pytest.mark.parametrize(
    ("parent", "type_", "name", "wanted"),
    [
        (PARENT, "my:index:Part", "part", PART),
        (PART, "aws:ec2/vpc:Vpc", "vpc", "urn:pulumi:dev::demo::my:index:Part$aws:ec2/vpc:Vpc::vpc"),
        (None, "aws:ec2/vpc:Vpc", "a::b", "urn:pulumi:dev::demo::aws:ec2/vpc:Vpc::a::b"),
    ],
)
def test_a_urn_holds_the_types_of_the_parents_but_not_the_stacks(
    parent: str | None, type_: str, name: str, wanted: str
) -> None:
    made = urn.make("dev", "demo", parent, type_, name)
    assert made == wanted
    assert (urn.type_of(made), urn.name_of(made), urn.project_of(made), urn.stack_of(made)) == (
        type_,
        name,
        "demo",
        "dev",
    )


def test_what_is_no_urn_is_refused() -> None:
    with pytest.raises(ValueError, match="'vpc' is not a URN; write urn:pulumi:"):
        urn.name_of("vpc")


@pytest.mark.parametrize(
    ("type_", "shown"),
    [
        ("aws:ec2/vpc:Vpc", "aws:ec2:Vpc"),
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "aws:ec2:DefaultSecurityGroup"),
        ("kubernetes:storage.k8s.io/v1:StorageClass", "kubernetes:storage.k8s.io/v1:StorageClass"),
        ("pulumi:providers:aws", "pulumi:providers:aws"),
        ("two:parts", "two:parts"),
    ],
)
def test_a_type_is_shown_as_the_cli_shows_it(type_: str, shown: str) -> None:
    assert urn.display_type(type_) == shown


def test_a_package_is_the_same_for_a_resource_and_its_provider() -> None:
    assert urn.package_of("aws:ec2/vpc:Vpc") == urn.package_of("pulumi:providers:aws") == "aws"


def test_default_providers_are_told_by_their_name() -> None:
    assert urn.is_default_provider("urn:pulumi:dev::demo::pulumi:providers:aws::default_7_51_1")
    assert not urn.is_default_provider("urn:pulumi:dev::demo::pulumi:providers:aws::aws")
    assert not urn.is_default_provider("urn:pulumi:dev::demo::my:index:Part::default")
