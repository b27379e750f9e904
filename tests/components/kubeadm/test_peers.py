"""Hosts that do not reach each other are findings, with the port; the dead of before are none."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubeadm.peers import members, peers, unreached


def host(name: str, **more: str) -> dict[str, Any]:
    """A host as the preflight has it: `cp-1` is a control plane."""
    role = "control-plane" if name.startswith("cp") else "worker"
    return {"name": name, "variables": {"NODE_ROLE": role, "NODE_ADDRESS": f"10.0.0.{name[-1]}", **more}}


HOSTS = [host("cp-1"), host("cp-2"), host("w-3"), host("w-4")]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "cp-1",
            "cp-2=10.0.0.2:6443 cp-2=10.0.0.2:10250 cp-2=10.0.0.2:2380 w-3=10.0.0.3:10250 w-4=10.0.0.4:10250",
        ),
        ("w-3", "cp-1=10.0.0.1:6443 cp-2=10.0.0.2:6443"),
    ],
)
def test_a_host_tries_what_it_will_need_of_others(name: str, told: str) -> None:
    assert peers(host(name), HOSTS) == told


def test_with_external_etcd_no_control_plane_has_a_member_to_reach() -> None:
    assert ":2380" not in peers(host("cp-1", ETCD_ENDPOINTS="https://10.0.0.9:2379"), HOSTS)


def test_silence_of_a_host_that_answers_us_is_a_finding() -> None:
    facts: dict[str, dict[str, str]] = {"cp-1": {"unreached": "w-3:10250 cp-2:2380"}, "w-3": {}, "cp-2": {}}
    assert list(unreached(facts, set())) == [
        "cp-1: does not reach cp-2:2380; mend routing or firewalls between them, or correct private_address",
        "cp-1: does not reach w-3:10250; mend routing or firewalls between them, or correct private_address",
    ]


def test_a_host_that_answers_nobody_is_not_said_twice() -> None:
    assert list(unreached({"cp-1": {"unreached": "w-3:10250"}}, set())) == []


@pytest.mark.parametrize(("silent", "amiss"), [("cp-1:6443", 0), ("cp-1:6443 cp-2:6443", 1)])
def test_of_the_control_planes_from_before_one_has_to_be_reached(silent: str, amiss: int) -> None:
    lines = list(unreached({"w-5": {"unreached": silent}}, {"cp-1", "cp-2"}))
    assert len(lines) == amiss
    assert all("reaches none of the control planes (cp-1, cp-2)" in line for line in lines)


def test_a_control_plane_need_not_reach_itself() -> None:
    assert list(unreached({"cp-1": {"unreached": ""}}, {"cp-1"})) == []


def test_a_firewall_that_this_up_may_open_is_no_finding() -> None:
    assert members(HOSTS) == {"cp-1", "cp-2"}
    assert members([host("cp-1", FIREWALL_SSH_SOURCES="192.0.2.0/24"), host("cp-2"), host("w-3")]) == {"cp-2"}
