"""Pinned versions: complete, exact, and of the minor that they are for."""

from __future__ import annotations

import re

import pytest

from components.versions import (
    ADD_ON_VERSIONS,
    CLUSTER_AUTOSCALER_VERSIONS,
    EKS_MINORS,
    EKS_RELEASES,
    GKE_MINORS,
    GKE_RELEASES,
    KARPENTER_AMI_ALIASES,
    KARPENTER_VERSION,
    add_on_version,
)

ADD_ONS = {
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "coredns",
    "eks-pod-identity-agent",
    "kube-proxy",
    "metrics-server",
    "snapshot-controller",
    "vpc-cni",
}


@pytest.mark.parametrize("minor", EKS_MINORS)
def test_every_minor_has_every_add_on_at_an_exact_version(minor: str) -> None:
    assert set(ADD_ON_VERSIONS[minor]) == ADD_ONS
    for version in ADD_ON_VERSIONS[minor].values():
        assert re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", version)


@pytest.mark.parametrize("minor", EKS_MINORS)
def test_what_must_match_the_minor_matches_it(minor: str) -> None:
    assert ADD_ON_VERSIONS[minor]["kube-proxy"].startswith(f"v{minor}.")
    assert CLUSTER_AUTOSCALER_VERSIONS[minor].startswith(f"v{minor}.")


def test_no_table_has_a_minor_more_or_less() -> None:
    for table in (ADD_ON_VERSIONS, CLUSTER_AUTOSCALER_VERSIONS, KARPENTER_AMI_ALIASES):
        assert tuple(table) == EKS_MINORS


def test_minors_follow_each_other_as_upgrades_go() -> None:
    numbers = [int(minor.removeprefix("1.")) for minor in EKS_MINORS]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_a_later_minor_is_supported_longer_and_extended_support_lasts_a_year_more() -> None:
    releases = list(EKS_RELEASES.values())
    assert releases == sorted(releases, key=lambda release: release.standard_support_ends)
    for release in releases:
        standard = release.standard_support_ends
        assert release.extended_support_ends == standard.replace(year=standard.year + 1)


def test_karpenter_and_its_images_do_not_float() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", KARPENTER_VERSION)
    assert all(re.fullmatch(r"al2023@v\d{8}", alias) for alias in KARPENTER_AMI_ALIASES.values())


def test_a_chosen_add_on_version_wins_over_the_pinned_one() -> None:
    chosen = {"coredns": "v1.99.0-eksbuild.1"}
    assert add_on_version("1.35", "coredns", chosen) == "v1.99.0-eksbuild.1"
    assert add_on_version("1.35", "vpc-cni", chosen) == ADD_ON_VERSIONS["1.35"]["vpc-cni"]


def test_gke_minors_follow_one_another_and_the_oldest_leave_the_common_channels_first() -> None:
    numbers = [int(minor.partition(".")[2]) for minor in GKE_MINORS]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    extended = [release.extended_channel_only for release in GKE_RELEASES.values()]
    assert extended == sorted(extended, reverse=True)
    assert not extended[-1]
