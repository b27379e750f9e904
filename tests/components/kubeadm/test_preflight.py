"""All hosts are looked at together; all that is amiss on any is one failure, and nothing is looked at twice."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from components.errors import PlatformError
from components.kubeadm import preflight
from components.kubeadm.ssh import Answer

SOUND = "fact hostname {name}\nfact machine_id m-{name}\nfact mac 52:54:{name}\nfact time {time}\n"


def host(name: str, address: str | None = None) -> dict[str, Any]:
    """A host as standard input has it."""
    return {
        "name": name,
        "address": address or f"192.0.2.{name[-1]}",
        "port": 22,
        "user": "root",
        "host_key": "ssh-ed25519 AAAA",
        "command": "bash -s -- preflight",
        "variables": {"NODE_NAME": name, "NODE_ROLE": "worker", "NODE_ADDRESS": f"10.0.0.{name[-1]}"},
    }


class Hosts:
    """Stand-ins for hosts: what each answers, and which were asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, Answer]) -> None:
        self.asked: list[str] = []
        self.told: dict[str, str] = {}
        self._answers = answers
        monkeypatch.setattr("components.kubeadm.ssh.Shell.run", self._run)
        monkeypatch.setattr("components.kubeadm.preflight.time.time", lambda: 1000.0)

    def _run(self, target: Any, command: str, text: str) -> Answer:
        assert command == "bash -s -- preflight"
        assert text.startswith(f"NODE_NAME='{target.name}'\n")
        self.asked.append(target.name)
        self.told[target.name] = text
        return self._answers[target.name]


def sound(name: str, **more: Any) -> Answer:
    """What a host without findings prints."""
    return Answer(0, SOUND.format(name=name, **{"time": 1000, **more}), "")


def _lost(*_: object) -> list[str]:
    return ["cp-3: cannot leave: etcd has lost its majority"]


def test_a_control_plane_that_may_not_leave_is_one_of_the_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    Hosts(monkeypatch, {"cp-1": sound("cp-1")})
    monkeypatch.setattr(preflight, "lost_quorum", _lost)
    with pytest.raises(PlatformError, match=r"1 finding.*\n  - cp-3: cannot leave: etcd has lost its majority"):
        judge(host("cp-1"))


def judge(*hosts: Mapping[str, Any], earlier: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, Any]:
    """Judge these hosts."""
    return preflight.judge({"access": {"private_key": None, "bastion": None}, "hosts": hosts}, earlier or {})


def test_what_is_found_of_sound_hosts_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    Hosts(monkeypatch, {"cp-1": sound("cp-1"), "w-2": sound("w-2")})
    found = judge(host("cp-1"), host("w-2"))
    same = {"address": "192.0.2.2", "role": "worker", "hostname": "w-2", "machine_id": "m-w-2", "mac": "52:54:w-2"}
    assert found["w-2"] == same


def test_a_host_that_was_looked_at_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = Hosts(monkeypatch, {"cp-1": sound("cp-1"), "w-2": sound("w-2")})
    earlier = judge(host("cp-1"))
    assert judge(host("cp-1"), host("w-2"), earlier=earlier).keys() == {"cp-1", "w-2"}
    assert hosts.asked == ["cp-1", "w-2"]


def test_a_host_at_another_address_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = Hosts(monkeypatch, {"cp-1": sound("cp-1")})
    judge(host("cp-1", "192.0.2.77"), earlier=judge(host("cp-1")))
    assert hosts.asked == ["cp-1", "cp-1"]


def test_a_host_that_is_to_keep_volumes_too_is_asked_again_and_then_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = Hosts(monkeypatch, {"cp-1": sound("cp-1")})
    plain = host("cp-1")
    more = {**plain, "variables": {**plain["variables"], "LONGHORN": "/mnt/disk"}}
    found = judge(more, earlier=judge(plain))
    judge(more, earlier=found)
    assert hosts.asked == ["cp-1", "cp-1"]


def test_a_new_host_is_compared_with_those_that_were_looked_at_before(monkeypatch: pytest.MonkeyPatch) -> None:
    Hosts(monkeypatch, {"cp-1": sound("cp-1"), "w-2": Answer(0, sound("w-2").output.replace("m-w-2", "m-cp-1"), "")})
    with pytest.raises(PlatformError, match="cp-1, w-2: have the same machine_id m-cp-1; cloned machines have it"):
        judge(host("cp-1"), host("w-2"), earlier=judge(host("cp-1")))


def test_all_findings_of_all_hosts_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        "cp-1": Answer(0, sound("cp-1").output + "finding swap is on; turn it off\nfinding no disk; add one\n", ""),
        "w-2": Answer(255, "", "ssh: connect to host 192.0.2.2 port 22: No route to host"),
        "w-3": Answer(255, "", "Host key verification failed."),
        "w-4": Answer(255, "", "debian@192.0.2.4: Permission denied (publickey)."),
        "w-5": Answer(1, "", "sudo: a password is required"),
        "w-6": sound("w-6", time=1500),
        "w-7": Answer(0, "", ""),
    }
    Hosts(monkeypatch, answers)
    with pytest.raises(PlatformError) as raised:
        judge(*map(host, answers))
    lines = str(raised.value).splitlines()
    assert lines[0].startswith("preflight: 8 findings")
    named = [line.removeprefix("  - ").partition(": ")[0] for line in lines[1:]]
    assert named == ["cp-1", "cp-1", "w-2", "w-3", "w-4", "w-5", "w-6", "w-7"]
    for part in ("swap is on; turn it off", "cannot be reached", "is not the one in the settings", "authorized_keys"):
        assert part in str(raised.value)
    assert "w-6: its clock is 500 seconds off" in str(raised.value)


def _control_plane(name: str) -> dict[str, Any]:
    return {**host(name), "variables": {**host(name)["variables"], "NODE_ROLE": "control-plane"}}


def test_a_new_host_has_to_reach_a_control_plane_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = Answer(0, sound("w-2").output + "fact unreached cp-1:6443\n", "")
    Hosts(monkeypatch, {"cp-1": sound("cp-1"), "w-2": silent})
    earlier = judge(_control_plane("cp-1"))
    with pytest.raises(PlatformError, match=r"w-2: reaches none of the control planes \(cp-1\)"):
        judge(_control_plane("cp-1"), host("w-2"), earlier=earlier)


def test_hosts_that_do_not_reach_each_other_are_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    control_plane = _control_plane("cp-1")
    silent = Answer(0, sound("w-2").output + "fact unreached cp-1:6443 \n", "")
    hosts = Hosts(monkeypatch, {"cp-1": sound("cp-1"), "w-2": silent})
    with pytest.raises(PlatformError, match=r"1 finding.*\n  - w-2: does not reach cp-1:6443; mend routing"):
        judge(control_plane, host("w-2"))
    assert "PEERS='cp-1=10.0.0.1:6443'\n" in hosts.told["w-2"]


def _run(monkeypatch: pytest.MonkeyPatch, given: object) -> str:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(given)))
    monkeypatch.setattr(sys, "stdout", output)
    preflight.main()
    return output.getvalue()


def test_what_the_program_prints_is_what_it_takes_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = Hosts(monkeypatch, {"cp-1": sound("cp-1")})
    given: dict[str, Any] = {"access": {"private_key": None, "bastion": None}, "hosts": [host("cp-1")]}
    monkeypatch.delenv("PULUMI_COMMAND_STDOUT", raising=False)
    first = _run(monkeypatch, given)
    monkeypatch.setitem(os.environ, "PULUMI_COMMAND_STDOUT", first)
    assert _run(monkeypatch, given) == first
    assert hosts.asked == ["cp-1"]


def test_the_program_ends_with_the_findings_and_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    Hosts(monkeypatch, {"cp-1": Answer(0, sound("cp-1").output + "finding swap is on; turn it off\n", "")})
    monkeypatch.delenv("PULUMI_COMMAND_STDOUT", raising=False)
    with pytest.raises(SystemExit, match="swap is on"):
        _run(monkeypatch, {"access": {"private_key": None, "bastion": None}, "hosts": [host("cp-1")]})
