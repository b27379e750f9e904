"""A control plane leaves only while etcd has its majority: asked before anything changes, and again when it goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from components.kubeadm.quorum import leaving, lost_quorum
from components.kubeadm.ssh import Answer, Shell, Target
from tests.components.kubeadm.fake_host import FakeHost

EARLIER = {name: {"address": f"192.0.2.{name[-1]}", "role": "control-plane"} for name in ("cp-1", "cp-2", "cp-3")}
GONE = Answer(255, "", "no route to host")


def host(name: str, role: str = "control-plane") -> dict[str, Any]:
    """A host as standard input has it."""
    where = {"name": name, "address": f"192.0.2.{name[-1]}", "port": 22, "user": "debian", "host_key": "ssh-ed25519 AA"}
    return {**where, "variables": {"NODE_ROLE": role}}


class Opened:
    """Stands for a shell to hosts: what each answers, and what was asked of whom."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.asked: list[str] = []
        self._answers = answers

    def run(self, target: Target, command: str) -> Answer:
        """Answer."""
        self.asked.append(f"{target.name}: {command}")
        return self._answers[target.name]


def said(hosts: list[dict[str, Any]], **answers: Answer) -> tuple[list[str], list[str]]:
    """What keeps them from leaving, and who was asked."""
    opened = Opened({name.replace("_", "-"): answer for name, answer in answers.items()})
    return lost_quorum(hosts, EARLIER, cast("Shell", opened)), opened.asked


def test_a_control_plane_that_is_gone_or_another_thing_now_leaves() -> None:
    assert leaving([host("cp-1"), host("cp-2", "worker")], EARLIER) == ["cp-2", "cp-3"]
    assert leaving([host("cp-1")], {"worker-1": {"role": "worker"}, "cp-9": {}}) == []


def test_where_none_leaves_nobody_is_asked() -> None:
    assert said([host("cp-1"), host("cp-2"), host("cp-3"), host("cp-4")]) == ([], [])


def test_where_all_are_replaced_nobody_can_say() -> None:
    assert said([host("cp-8"), host("cp-9")]) == ([], [])


def test_the_first_that_can_say_is_enough() -> None:
    found, asked = said([host("cp-1"), host("cp-2")], cp_1=GONE, cp_2=Answer(0, "", ""))
    assert found == []
    assert asked == [f"{name}: sudo -n /usr/local/sbin/infraplatform-node quorum" for name in ("cp-1", "cp-2")]


def test_a_lost_majority_is_a_finding_that_names_who_leaves_and_what_to_do() -> None:
    lost = Answer(1, "", "cp-1: etcd has 3 members of which 1 live, no majority; start one")
    found, asked = said([host("cp-1"), host("cp-2")], cp_1=lost)
    assert found == ["cp-3: cannot leave: cp-1: etcd has 3 members of which 1 live, no majority; start one"]
    assert len(asked) == 1


def test_where_no_control_plane_can_say_none_leaves() -> None:
    found, _ = said([host("cp-1"), host("cp-2")], cp_1=GONE, cp_2=Answer(3, "", ""))
    nobody = "no control plane that stays can say how etcd fares: cp-1 (no route to host); cp-2"
    assert found == [f"cp-3: cannot leave: {nobody}; start one of them first"]


def control_plane(root: Path, *alive: str) -> FakeHost:
    """A member of three, of which these addresses live."""
    made = FakeHost(root, NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="10.0.0.1")
    made.write("var/lib/infraplatform/member", "1.36.3\n")
    made.write("etc/kubernetes/manifests/etcd.yaml", "")
    members = ",".join(
        f'{{"ID":"{number}","name":"c{number}","peerURLs":["https://10.0.0.{number}:2380"]}}' for number in (1, 2, 3)
    )
    made.answers("10.0.0.1:2379/v3/cluster/member/list", f'{{"members":[{members}]}}')
    for address in alive:
        made.answers(f"{address}:2379/health?serializable=true", '{"health":"true"}')
    return made


def test_with_two_of_three_alive_nodes_may_be_taken_out(tmp_path: Path) -> None:
    assert control_plane(tmp_path, "10.0.0.1", "10.0.0.2").run("quorum").status == 0


@pytest.mark.parametrize("verb", [("quorum",), ("leave", "c3")])
def test_with_one_of_three_alive_nothing_is_taken_out(tmp_path: Path, verb: tuple[str, ...]) -> None:
    ran = control_plane(tmp_path, "10.0.0.1").run(*verb)
    assert ran.status == 1
    assert "etcd has 3 members of which 1 live, no majority; start one of c2 c3, or restore a snapshot" in ran.said


def test_a_living_member_does_not_leave_where_the_rest_would_be_no_majority(tmp_path: Path) -> None:
    ran = control_plane(tmp_path, "10.0.0.1", "10.0.0.2").run("leave", "c2")
    assert ran.status == 1
    assert (
        "without c2 etcd has 2 members of which 1 live, no majority; start c3 first, or take it out instead" in ran.said
    )


def test_a_host_that_is_no_member_says_so(tmp_path: Path) -> None:
    assert FakeHost(tmp_path, NODE_ROLE="control-plane", NODE_NAME="c1").run("quorum").status == 3
