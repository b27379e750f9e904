"""What GKE refuses, or would do behind the settings' back, is refused at preview, with what to do instead."""

from __future__ import annotations

import pytest

from components.errors import UnsafeChangeError
from components.gcp.upgrade import refuse_other_zones
from preview.plan import Operation
from tests.components.gcp.clusters import gke_cluster
from tests.components.plans import changed, complaints, operations


def test_the_order_of_zones_is_no_change() -> None:
    refuse_other_zones(["europe-west3-b", "europe-west3-a"], ["europe-west3-a", "europe-west3-b"])


@pytest.mark.parametrize("zones", [["a", "b", "c"], ["a", "c"], ["a"]])
def test_other_zones_are_refused_with_the_reason(zones: list[str]) -> None:
    with pytest.raises(UnsafeChangeError, match=r"move the nodes of every group at once; write a, b, and"):
        refuse_other_zones(["europe-west3-a", "europe-west3-b"], [f"europe-west3-{zone}" for zone in zones])


def test_the_preview_of_a_skipped_minor_fails_with_the_next_one() -> None:
    preview = changed(
        lambda: gke_cluster(version="1.34", release_channel="extended"),
        lambda: gke_cluster(version="1.36", release_channel="extended"),
    )
    assert "write 1.35 and run `pulumi up`" in complaints(preview)


def test_the_preview_of_a_downgrade_fails_as_the_provider_would_let_it_pass_and_do_nothing() -> None:
    preview = changed(lambda: gke_cluster(version="1.36"), lambda: gke_cluster(version="1.35"))
    assert "goes back from 1.36 to 1.35" in complaints(preview)


def test_the_preview_of_the_next_minor_is_clean() -> None:
    assert complaints(changed(lambda: gke_cluster(version="1.35"), lambda: gke_cluster(version="1.36"))) == ""


def test_the_preview_of_other_zones_of_a_standard_cluster_fails() -> None:
    preview = changed(gke_cluster, lambda: gke_cluster(zones=("a", "b", "c")))
    assert "cluster.zones goes from a, b to a, b, c" in complaints(preview)


def test_ipv6_addresses_come_in_place_and_stay() -> None:
    comes = changed(gke_cluster, lambda: gke_cluster(dual_stack=True))
    assert complaints(comes) == ""
    assert operations(comes)["Cluster", "cluster"] is Operation.UPDATE
    goes = changed(lambda: gke_cluster(dual_stack=True), gke_cluster)
    assert "dual_stack goes from true to false" in complaints(goes)


def test_autopilot_moves_its_own_nodes() -> None:
    preview = changed(
        lambda: gke_cluster(mode="autopilot"), lambda: gke_cluster(mode="autopilot", zones=("a", "b", "c"))
    )
    assert complaints(preview) == ""
