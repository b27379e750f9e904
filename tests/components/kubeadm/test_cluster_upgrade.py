"""What a cluster plans when its version or components' settings change: who follows, in what turns, what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.kubeadm.cluster import KubeadmCluster
from components.versions import KUBEADM_RELEASES
from preview.plan import Operation
from tests.components.kubeadm.test_cluster import command, found, one_and_two, three_and_two, touched, waits_for
from tests.components.plans import Resources, changed, complaints, standing
from tests.contract.servers import cluster, provider
from tests.support import applied, plan


def test_workers_take_turns_to_follow_a_version_as_many_at_a_time_as_may_be_unavailable() -> None:
    def turns(lanes: int) -> dict[str, set[str]]:
        resources = planned_lanes(lanes)
        names = [f"worker-{number}" for number in range(1, 6)]
        waits = {name: waits_for(resources, f"{name}-upgrade") for name in names}
        return {name: {other for other in found if other.endswith("-upgrade")} for name, found in waits.items()}

    one = {f"worker-{number}": {f"worker-{number - 1}-upgrade"} for number in range(2, 6)}
    assert turns(1) == {"worker-1": set(), **one}
    two = {f"worker-{number}": {f"worker-{number - 2}-upgrade"} for number in range(3, 6)}
    assert turns(2) == {"worker-1": set(), "worker-2": set(), **two}


def planned_lanes(lanes: int) -> Resources:
    """One control plane and five workers, of which so many may be unavailable."""
    return standing(lambda: cluster(provider(workers=5), upgrade={"max_unavailable": lanes}))


def test_a_workers_turn_comes_after_all_control_planes_and_before_the_node_is_looked_at_again() -> None:
    resources = found(three_and_two)
    assert {"cp-1-member", "cp-2-member", "cp-3-member", "worker-1-program"} <= waits_for(resources, "worker-1-upgrade")
    assert "worker-1-upgrade" in waits_for(resources, "worker-1-member")
    assert ("Command", "cp-1-upgrade") not in resources


def test_a_workers_turn_is_nothing_when_the_node_is_made() -> None:
    assert "create" not in command(found(one_and_two), "worker-1-upgrade").inputs


def _of(version: str) -> KubeadmCluster:
    return cluster(provider(control_planes=3), endpoint={"host": "k8s.example"}, version=version)


@pytest.mark.parametrize("version", ["1.36.4", "1.37.2"])
def test_another_version_is_an_update_of_every_node_and_of_nothing_else(version: str) -> None:
    done = touched(changed(lambda: _of("1.36.3"), lambda: _of(version)))
    nodes = [f"cp-{number}" for number in (1, 2, 3)] + ["worker-1", "worker-2"]
    expected = {f"{node}-{part}" for node in nodes for part in ("program", "member")}
    expected |= {"cluster-preflight", "worker-1-upgrade", "worker-2-upgrade"}
    assert done == dict.fromkeys(expected, Operation.UPDATE)


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ("1.36.3", "1.36.2", "cluster.version goes back from 1.36.3 to 1.36.2"),
        ("1.36.3", "1.35.4", "cluster.version goes back from 1.36.3 to 1.35.4"),
        ("1.35.4", "1.37.2", "write a patch of 1.36 and run `up`, then the next"),
    ],
)
def test_the_way_back_and_a_skip_are_refused_at_preview(old: str, new: str, refused: str) -> None:
    assert refused in complaints(changed(lambda: _of(old), lambda: _of(new)))


def test_an_etcd_too_old_for_the_next_is_refused_at_preview(monkeypatch: pytest.MonkeyPatch) -> None:
    older = {**KUBEADM_RELEASES, "1.36": replace(KUBEADM_RELEASES["1.36"], etcd="3.6.8-0")}
    monkeypatch.setattr("components.kubeadm.kubeadm_config.KUBEADM_RELEASES", older)
    before = applied(lambda: _of("1.36.3"))
    monkeypatch.undo()
    said = complaints(plan(lambda: _of("1.37.2"), record=before))
    assert "etcd would go from 3.6.8-0 to 3.7.0-0, which needs 3.6.11 first; write cluster.version 1.36.3" in said


@pytest.mark.parametrize(
    "changes", [{"kubelet": {"maxPods": 200}}, {"kube_proxy": {"mode": "nftables"}}, {"upgrade": {"drain_minutes": 5}}]
)
def test_other_settings_of_components_are_taken_in_place(changes: dict[str, Any]) -> None:
    done = touched(changed(one_and_two, lambda: cluster(provider(), **changes)))
    assert set(done.values()) == {Operation.UPDATE}
    assert ("worker-1-upgrade" in done) is ("kubelet" in changes)
