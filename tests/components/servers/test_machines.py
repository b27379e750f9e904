"""Hosts of the settings become machines as they were written."""

from __future__ import annotations

from typing import Any

from components.servers.machines import ServerGroup, ServerGroupArgs, bastion, machine
from components.settings import ServersProviderSettings
from components.terms import MachineRole
from tests.contract.doubles import HOST_KEY
from tests.contract.harness import value_of
from tests.support import applied


def settings(**more: Any) -> ServersProviderSettings:
    """A provider with two workers."""
    host = {"role": "worker", "host_key": HOST_KEY}
    hosts = {
        "worker-1": {
            **host,
            "address": "192.0.2.21",
            "labels": {"rack": "1", "disk": "fast"},
            "user": "admin",
            "port": 2200,
        },
        "worker-2": {**host, "address": "192.0.2.22", "labels": {"rack": "2", "disk": "fast"}},
    }
    return ServersProviderSettings.model_validate({"hosts": hosts, "user": "debian", "port": 2022, **more})


def made(name: str) -> Any:
    """A machine as a program would have it, looked at afterwards."""
    found: list[Any] = []
    applied(lambda: found.append(machine(name, settings().hosts[name], settings())))
    return found[0]


def test_what_a_host_says_itself_is_before_what_the_provider_says_for_all() -> None:
    first, second = made("worker-1"), made("worker-2")
    assert (first.user, first.port) == ("admin", 2200)
    assert (second.user, second.port) == ("debian", 2022)


def test_a_host_without_a_private_address_is_reached_by_others_at_its_address() -> None:
    assert value_of(made("worker-2").private_address) == "192.0.2.22"


def test_a_group_has_the_labels_that_all_its_hosts_have() -> None:
    found: list[ServerGroup] = []
    provider = settings()
    args = ServerGroupArgs(key="workers", role=MachineRole.WORKER, hosts=provider.hosts, provider=provider)
    applied(lambda: found.append(ServerGroup("servers-workers", args)))
    assert found[0].labels == {"disk": "fast"}
    assert found[0].machines["worker-1"].labels == {"disk": "fast", "rack": "1"}


def test_without_a_bastion_hosts_are_reached_directly() -> None:
    assert bastion(settings()) is None


def test_a_bastion_has_its_own_user_port_and_key() -> None:
    found: list[Any] = []
    provider = settings(bastion={"address": "jump.example", "host_key": HOST_KEY, "user": "jump", "port": 2222})
    applied(lambda: found.append(bastion(provider)))
    assert (found[0].user, found[0].port) == ("jump", 2222)
    assert value_of(found[0].address) == "jump.example"
