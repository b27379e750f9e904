"""The suite of `contract.MachineGroup`: every implementation is a row of SUBJECTS, built to what `wanted.py` says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pulumi
import pytest

from components.contract import Machine, MachineGroup, MachineRole
from tests.contract import checks, doubles, servers, wanted
from tests.contract.harness import Breaks, Built, build_with_breaks, cases, members, output

SUBJECTS: Final[Mapping[str, Callable[[], MachineGroup]]] = {
    "double": doubles.MachineGroupDouble,
    "servers": servers.server_group,
}
_HOST_KEY: Final = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/]+=*")
_NODE_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def check_machine_group(group: MachineGroup) -> None:
    """Everything that the contract promises of a machine group.

    Raises:
        AssertionError: a promise is broken.
    """
    assert checks.text(group.name) == wanted.GROUP
    assert isinstance(group.role, MachineRole), f"{group.role!r} is no role"
    machines = checks.mapping(group.machines)
    assert machines, "a group has a machine"
    for name, machine in machines.items():
        assert isinstance(machine, Machine), f"{machine!r} is no Machine"
        assert machine.name == name, f"machine {machine.name!r} stands under {name!r}"
        _check_machine(machine)
    assert checks.plain_texts(group.labels) == wanted.LABELS
    assert tuple(checks.taints(group.taints)) == wanted.TAINTS
    checks.resources(group.ready)


def _check_machine(machine: Machine) -> None:
    assert _NODE_NAME.fullmatch(machine.name), f"{machine.name!r} cannot be a node's name"
    for address in (machine.address, machine.private_address):
        assert "://" not in checks.open_text(address), "an address has no scheme"
    assert _HOST_KEY.fullmatch(checks.open_text(machine.host_key)), "the host key is no OpenSSH public key"
    checks.text(machine.user)
    assert 1 <= checks.count(machine.port, at_least=1) <= 65535, f"{machine.port} is no port"
    if machine.zone is not None:
        checks.text(machine.zone)
    if machine.provider_id is not None:
        assert "://" in checks.open_text(machine.provider_id), "a provider id is a URL: aws:///us-east-1a/i-0a1b2c3d"


def _changed(**changes: Any) -> Callable[[object], object]:
    """The two machines, the first with other fields; a callable among the changes makes its value in the program."""

    def broken(_: object) -> object:
        made = doubles.machines()
        made["worker-1"] = replace(
            made["worker-1"], **{key: value(None) if callable(value) else value for key, value in changes.items()}
        )
        return made

    return broken


def _secret_host_key(_: object) -> pulumi.Output[str]:
    return pulumi.Output.secret(doubles.HOST_KEY)


BREAKS: Final[Breaks] = {
    "name": {"empty": lambda _: "", "another": lambda _: "workers"},
    "role": {"a text": lambda _: "worker", "None": lambda _: None},
    "machines": {
        "none": lambda _: {},
        "a list": lambda _: list(doubles.machines().values()),
        "under another name": _changed(name="worker-9"),
        "an impossible node name": lambda _: {"Worker_1": replace(_first(), name="Worker_1")},
        "an address of text": _changed(address="192.0.2.21"),
        "an empty address": _changed(address=output("")),
        "a URL as address": _changed(private_address=output("ssh://10.0.0.21")),
        "no host key": _changed(host_key=output("")),
        "a secret host key": _changed(host_key=_secret_host_key),
        "a fingerprint as host key": _changed(host_key=output("SHA256:uNiVztksCsDhcc0u9e8BrZJDJ4uF")),
        "no user": _changed(user=""),
        "an impossible port": _changed(port=70000),
        "an empty zone": _changed(zone=""),
        "a bare provider id": _changed(provider_id=output("i-0a1b2c3d")),
    },
    "labels": {"none": lambda _: {}, "None": lambda _: None},
    "taints": {"none": lambda _: (), "texts": lambda _: ("dedicated=web:NoSchedule",)},
    "ready": {"None": lambda _: None, "names": lambda _: ("worker-1",), "none": lambda _: ()},
}


def _first() -> Machine:
    return doubles.machines()["worker-1"]


@cache
def _built(row: str) -> Built[MachineGroup]:
    return build_with_breaks(SUBJECTS[row], BREAKS)


@pytest.mark.parametrize("row", SUBJECTS)
def test_a_machine_group_keeps_its_contract(row: str) -> None:
    check_machine_group(_built(row).sound)


@pytest.mark.parametrize(("row", "attribute", "fault"), cases(SUBJECTS, BREAKS))
def test_a_broken_attribute_fails_the_suite(row: str, attribute: str, fault: str) -> None:
    with pytest.raises(AssertionError):
        check_machine_group(_built(row).broken[attribute, fault])


def test_every_attribute_is_broken_on_purpose() -> None:
    assert set(BREAKS) == members(MachineGroup)
