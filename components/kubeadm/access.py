"""How hosts are reached, in the two forms that are wanted: pulumi-command's, and that of this folder's programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_command import remote

from components.contract import Machine

DIAL_ERRORS: Final = 6
"""How often a host is dialled again; about half a minute. A host with another key is dialled so often, too."""


@dataclass(frozen=True, kw_only=True)
class SshAccess:
    """What all hosts of a stack have in common: the private key, or the agent where it is None; a bastion or none."""

    private_key: pulumi.Output[str] | None = None
    bastion: Machine | None = None

    def connection(self, machine: Machine) -> remote.ConnectionArgs:
        """The connection of a remote command."""
        bastion = self.bastion
        return remote.ConnectionArgs(
            host=machine.address,
            port=machine.port,
            user=machine.user,
            host_key=machine.host_key,
            private_key=self.private_key,
            dial_error_limit=DIAL_ERRORS,
            proxy=None if bastion is None else self._proxy(bastion),
        )

    def given(self) -> dict[str, Any]:
        """The access as `ssh.access_of()` reads it."""
        return {
            "private_key": self.private_key,
            "bastion": None if self.bastion is None else target(self.bastion),
        }

    def _proxy(self, bastion: Machine) -> remote.ProxyConnectionArgs:
        return remote.ProxyConnectionArgs(
            host=bastion.address,
            port=bastion.port,
            user=bastion.user,
            host_key=bastion.host_key,
            private_key=self.private_key,
            dial_error_limit=DIAL_ERRORS,
        )


def target(machine: Machine, command: str | None = None) -> dict[str, Any]:
    """A host as `ssh.target_of()` reads it, with the command that it is to run."""
    given = {
        "name": machine.name,
        "address": machine.address,
        "port": machine.port,
        "user": machine.user,
        "host_key": machine.host_key,
    }
    return given if command is None else {**given, "command": command}


def python_module(name: str) -> str:
    """The command that runs a program of this folder on the operator's machine, from the project's folder.

    `.venv` is what Pulumi.yaml names; the environment may name another Python, and it does so without showing in any
    resource's inputs, which are therefore the same on every machine.
    """
    return f'"${{INFRAPLATFORM_PYTHON:-.venv/bin/python}}" -m components.kubeadm.{name}'


def standard_input(given: dict[str, Any]) -> pulumi.Output[str]:
    """What a program of this folder reads: JSON of values, some not known yet; a secret where one of them is."""
    return pulumi.Output.json_dumps(given, sort_keys=True)
