"""What EKS refuses is refused at preview, with what to do instead."""

from __future__ import annotations

import pytest

from components.aws.upgrade import refuse_other_zones, refuse_sizes_beyond_live_count, refuse_version_skip, zones_tag
from components.errors import UnsafeChangeError
from tests.components.aws.clusters import changed, complaints, eks_cluster, with_group
from tests.stacks.stack_files import STACK_FILES, plan


@pytest.mark.parametrize(("old", "new"), [("1.34", "1.34"), ("1.34", "1.35"), ("1.9", "1.10")])
def test_a_minor_stays_or_goes_one_up(old: str, new: str) -> None:
    refuse_version_skip(old, new)


def test_a_skip_names_the_next_legal_minor() -> None:
    with pytest.raises(UnsafeChangeError, match=r"from 1\.34 to 1\.36.* write 1\.35 and"):
        refuse_version_skip("1.34", "1.36")


def test_a_downgrade_names_the_version_to_keep() -> None:
    with pytest.raises(UnsafeChangeError, match=r"goes back from 1\.36 to 1\.35.* write 1\.36"):
        refuse_version_skip("1.36", "1.35")


def test_the_order_of_zones_is_no_change() -> None:
    refuse_other_zones(zones_tag(["b", "a"]), zones_tag(["a", "b"]))


@pytest.mark.parametrize("zones", [["a", "b", "c"], ["a", "c"], ["a"]])
def test_another_zone_is_refused_with_the_reason(zones: list[str]) -> None:
    with pytest.raises(UnsafeChangeError, match="EKS fixes them at the cluster's creation; write a, b"):
        refuse_other_zones(zones_tag(["a", "b"]), zones_tag(zones))


@pytest.mark.parametrize(("min_nodes", "max_nodes"), [(1, 3), (2, 2), (2, 9)])
def test_limits_around_the_live_count_are_fine(min_nodes: int, max_nodes: int) -> None:
    refuse_sizes_beyond_live_count("node-group-general-a", live=2, min_nodes=min_nodes, max_nodes=max_nodes)


def test_a_minimum_above_the_live_count_says_how_to_get_there() -> None:
    with pytest.raises(UnsafeChangeError, match=r"node-group-general-a is to have at least 4 .* has 2.* desiredSize=4"):
        refuse_sizes_beyond_live_count("node-group-general-a", live=2, min_nodes=4, max_nodes=9)


def test_a_maximum_below_the_live_count_says_how_to_get_there() -> None:
    with pytest.raises(UnsafeChangeError, match=r"at most 3 .* has 5.* desiredSize=3"):
        refuse_sizes_beyond_live_count("node-group-general-a", live=5, min_nodes=1, max_nodes=3)


def test_the_preview_of_a_skipped_minor_fails_with_the_next_one() -> None:
    preview = changed(lambda: eks_cluster(version="1.34"), lambda: eks_cluster(version="1.36"))
    assert "write 1.35 and run `pulumi up`" in complaints(preview)


def test_the_preview_of_the_next_minor_is_clean() -> None:
    preview = changed(lambda: eks_cluster(version="1.34"), lambda: eks_cluster(version="1.35"))
    assert complaints(preview) == ""


def test_the_preview_of_other_control_plane_zones_fails_with_the_reason() -> None:
    preview = changed(eks_cluster, lambda: eks_cluster(zones=("a", "b", "c")))
    assert "cluster.zones goes from a, b to a, b, c" in complaints(preview)


def test_the_preview_of_a_minimum_above_the_live_count_names_the_group_and_the_zone() -> None:
    preview = changed(with_group(min_nodes=2), with_group(min_nodes=6))
    assert "node-group-general-a is to have at least 3 nodes and has 1" in complaints(preview)
    assert "node-group-general-b is to have" in complaints(preview)


def test_the_preview_of_a_higher_maximum_is_clean() -> None:
    assert complaints(changed(with_group(max_nodes=6), with_group(max_nodes=8))) == ""


def test_the_groups_of_a_stack_share_one_guard() -> None:
    """The SDK starts a server for each hook that a program makes at once."""
    stack = plan(STACK_FILES["dev"])
    hooks = {name for resource in stack.resources for names in resource.hooks.values() for name in names}
    assert hooks == {"dev-control-plane-guard", "node-groups-sizes-guard"}
