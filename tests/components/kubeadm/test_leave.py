"""A node leaves by another control plane, also a dead one; it is never said to have left where it has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from components.errors import PlatformError
from components.kubeadm.leave import leave
from components.kubeadm.ssh import Answer, Shell, Target

DONE = Answer(0, "", "")
GONE = Answer(255, "", "No route to host")
NO_MEMBER = Answer(3, "", "")


def given(*helpers: str) -> dict[str, Any]:
    """What `leave` reads about w-1 and these control planes."""
    host = {"port": 22, "user": "root", "host_key": "ssh-ed25519 AAAA"}
    return {
        "node": "w-1",
        "target": {"name": "w-1", "address": "192.0.2.1", "command": "reset", **host},
        "helpers": [{"name": name, "address": name, "command": "leave w-1", **host} for name in helpers],
    }


class Hosts:
    """Stand-ins for hosts, asked in this order."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.asked: list[tuple[str, str]] = []
        self._answers = answers

    def run(self, target: Target, command: str, text: str = "", seconds: int = 120) -> Answer:
        """What the host answers."""
        assert (text, seconds > 120) == ("", True)
        self.asked.append((target.name, command))
        return self._answers[target.name]


def left(answers: Mapping[str, Answer], *helpers: str) -> tuple[list[str], list[tuple[str, str]]]:
    """What leaving says, and who was asked."""
    hosts = Hosts(answers)
    return leave(given(*helpers), cast("Shell", hosts)), hosts.asked


def test_the_first_control_plane_that_answers_takes_the_node_out_and_then_the_host_is_reset() -> None:
    said, asked = left({"cp-1": GONE, "cp-2": DONE, "cp-3": DONE, "w-1": DONE}, "cp-1", "cp-2", "cp-3")
    assert asked == [("cp-1", "leave w-1"), ("cp-2", "leave w-1"), ("w-1", "reset")]
    assert said == ["w-1: left the cluster, by cp-2", "w-1: reset"]


def test_a_dead_host_leaves_all_the_same_and_is_said_not_to_be_wiped() -> None:
    said, _ = left({"cp-1": DONE, "w-1": GONE}, "cp-1")
    assert said[0] == "w-1: left the cluster, by cp-1"
    assert "wipe it before it is used again" in said[1]


def test_a_reset_that_fails_is_said_too() -> None:
    said, _ = left({"cp-1": DONE, "w-1": Answer(1, "", "a mount is busy")}, "cp-1")
    assert "a mount is busy" in said[1]


def test_a_control_plane_that_refuses_ends_it_and_the_host_stays_as_it_is() -> None:
    hosts = Hosts({"cp-1": Answer(1, "", "etcd would lose its quorum")})
    with pytest.raises(PlatformError, match="cp-1 did not take it out of the cluster:\netcd would lose its quorum"):
        leave(given("cp-1", "cp-2"), cast("Shell", hosts))
    assert hosts.asked == [("cp-1", "leave w-1")]


def test_where_no_control_plane_answers_the_node_has_not_left() -> None:
    hosts = Hosts({"cp-1": NO_MEMBER, "cp-2": GONE})
    with pytest.raises(PlatformError, match=r"no other control plane answers.*cp-2 \(No route to host\)"):
        leave(given("cp-1", "cp-2"), cast("Shell", hosts))


def test_where_no_other_control_plane_is_a_member_the_cluster_ends_with_the_node() -> None:
    said, asked = left({"cp-1": NO_MEMBER, "w-1": DONE}, "cp-1")
    assert (said, asked[-1]) == (["w-1: reset"], ("w-1", "reset"))
