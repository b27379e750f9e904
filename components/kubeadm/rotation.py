"""Keys of the control planes by name: which are accepted, which are used, and how a new one gets to all of them.

A new key is accepted by every API server before any uses it: `<node>-accept`, one control plane after another, then the
members use it, again one after another. The last of them has all secrets written anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_command import local, remote

from components.contract import Machine
from components.kubeadm.access import SshAccess, python_module
from components.kubeadm.node_files import PKI_FOLDER
from components.kubeadm.program import Block, accept_command, blocks
from components.settings import RotationSettings
from components.settings.cluster_kubeadm_rotation import FIRST_KEY

Files = Mapping[str, str]
Keys = Mapping[str, Mapping[str, str]]
"""A kind's keys by name."""


def key_files(pki: Files, service_account: Keys, encryption: Keys, newest: str) -> dict[str, str]:
    """The files of the PKI with these keys, the founding ones among them by their name.

    `service_account` are in order, oldest first; of `encryption` the one named `newest` writes.
    """
    first = {"private": pki["sa.key"], "public": pki["sa.pub"]}
    signing = [first if name == FIRST_KEY else key for name, key in service_account.items()]
    names = [newest, *(name for name in reversed(list(encryption)) if name != newest)]
    return {
        "sa.key": signing[-1]["private"],
        "sa.pub": "".join(f"{key['public'].rstrip()}\n" for key in reversed(signing)),
        "encryption.yaml": _encryption(pki["encryption.yaml"], names, encryption),
    }


def rotated_keys(
    name: str, pki: pulumi.Output[Files], rotate: RotationSettings, parent: pulumi.Resource
) -> tuple[pulumi.Output[Files], pulumi.Output[Files]]:
    """The PKI with all its keys, and the files by which the newest is accepted and not used yet."""
    if not rotate.has_other_keys:
        return pki, pki
    signing = _made(f"{name}-service-account-key", rotate.service_account_keys, parent)
    writing = _made(f"{name}-encryption-key", rotate.encryption_keys, parent)

    def files(found: Mapping[str, Any], *, used: bool) -> dict[str, str]:
        names = rotate.encryption_keys
        newest = names[-1] if used or len(names) == 1 else names[-2]
        accounts = {key: found["signing"].get(key, {}) for key in rotate.service_account_keys}
        secrets = {key: found["writing"].get(key, {}) for key in names}
        return {**found["pki"], **key_files(found["pki"], accounts, secrets, newest)}

    given = pulumi.Output.all(pki=pki, signing=pulumi.Output.all(**signing), writing=pulumi.Output.all(**writing))
    return given.apply(lambda found: files(found, used=True)), given.apply(lambda found: files(found, used=False))


def accepted_keys(
    machines: Sequence[Machine],
    access: SshAccess,
    files: pulumi.Output[Files],
    newest: str,
    options: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """Have each control plane accept the keys, one after another; a host that is none yet has nothing to do."""
    secrets = files.apply(
        lambda found: blocks(
            [
                Block(f"{PKI_FOLDER}/sa.pub", found["sa.pub"]),
                Block(f"{PKI_FOLDER}/encryption.yaml", found["encryption.yaml"], "0600"),
            ]
        )
    )
    made: list[pulumi.Resource] = []
    for machine in machines:
        after = pulumi.ResourceOptions(depends_on=made[-1:], delete_before_replace=True)
        made.append(
            remote.Command(
                f"{machine.name}-accept",
                connection=access.connection(machine),
                create=accept_command(machine.user, newest),
                stdin=pulumi.Output.secret(secrets),
                add_previous_output_in_env=False,
                triggers=[machine.address],
                opts=pulumi.ResourceOptions.merge(options, after),
            )
        )
    return made


def _made(name: str, keys: Sequence[str], parent: pulumi.Resource) -> dict[str, pulumi.Output[dict[str, str]]]:
    """The keys that came later, by their names; each is made once."""
    kind = "encryption" if name.endswith("-encryption-key") else "service-account"
    made = {
        key: local.Command(
            f"{name}-{key}",
            create=f"{python_module('key')} {kind}",
            logging=local.Logging.NONE,
            add_previous_output_in_env=False,
            opts=pulumi.ResourceOptions(parent=parent, additional_secret_outputs=["stdout"], ignore_changes=["*"]),
        )
        for key in keys
        if key != FIRST_KEY
    }
    return {key: pulumi.Output.secret(command.stdout).apply(json.loads) for key, command in made.items()}


def _encryption(founding: str, names: Sequence[str], keys: Keys) -> str:
    """What the API server encrypts by: the first name writes."""
    configuration = json.loads(founding)
    secretbox = configuration["resources"][0]["providers"][0]["secretbox"]
    first = secretbox["keys"][0]
    secretbox["keys"] = [
        first if name == FIRST_KEY else {"name": f"key{name}", "secret": keys[name]["secret"]} for name in names
    ]
    return json.dumps(configuration)
