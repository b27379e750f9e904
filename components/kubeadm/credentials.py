"""The cluster's PKI and the operators' certificate as resources: programs of this folder that print secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_command import local

from components.kubeadm.access import python_module, standard_input
from components.kubeadm.containerd import Login
from components.kubeadm.node import Files
from components.kubeadm.node_files import Passwords
from components.kubeadm.registry import OwnRegistry
from components.settings import HarborRegistrySettings


def cluster_pki(name: str, *, protect: bool, parent: pulumi.Resource) -> pulumi.Output[Files]:
    """A cluster's CAs and keys by file name, made once.

    An update would run the command again and make another cluster's: so no change of its inputs is one, whatever a
    later version of this project writes here.
    """
    made = local.Command(
        name,
        create=python_module("pki"),
        logging=local.Logging.NONE,
        add_previous_output_in_env=False,
        opts=pulumi.ResourceOptions(
            parent=parent,
            additional_secret_outputs=["stdout"],
            ignore_changes=["*"],
            protect=protect,
        ),
    )
    return pulumi.Output.secret(made.stdout).apply(json.loads)


def authority_certificate(name: str, pki: pulumi.Output[Files], parent: pulumi.Resource) -> pulumi.Output[str]:
    """The CA's certificate as PEM, in the open: what is public must be readable in the state, and so in previews."""
    made = local.Command(
        name,
        create="cat",
        stdin=pki.apply(lambda files: files["ca.crt"]),
        logging=local.Logging.NONE,
        add_previous_output_in_env=False,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return made.stdout.apply(lambda text: f"{text.rstrip()}\n")


def operator_certificate(
    name: str, pki: pulumi.Output[Files], generation: str, parent: pulumi.Resource
) -> pulumi.Output[Files]:
    """The client certificate that the stack's kubeconfig holds; another `generation` makes another."""
    authority = {file: pki.apply(lambda files, file=file: files[file]) for file in ("ca.crt", "ca.key")}
    made = local.Command(
        name,
        create=python_module("operator"),
        stdin=standard_input(authority),
        logging=local.Logging.NONE,
        add_previous_output_in_env=False,
        triggers=[generation],
        opts=pulumi.ResourceOptions(parent=parent, additional_secret_outputs=["stdout"]),
    )
    return pulumi.Output.secret(made.stdout).apply(json.loads)


def registry_user(
    name: str, registry: OwnRegistry | None, *, protect: bool, parent: pulumi.Resource
) -> pulumi.Output[Files]:
    """What the cluster's own registry keeps secret, by name; nothing where there is none.

    In all there are `username` and `password`. Distribution has a `htpasswd`, too, and another password where `rotate`
    is another. Harbor's are made once, as `cluster_pki()` is: its data is useless with others.
    """
    if registry is None:
        return pulumi.Output.from_input({})
    secret_outputs = ["stdout"]
    if isinstance(registry.settings, HarborRegistrySettings):
        program, triggers = "harbor_secrets", None
        options = pulumi.ResourceOptions(
            parent=parent, additional_secret_outputs=secret_outputs, ignore_changes=["*"], protect=protect
        )
    else:
        program, triggers = "registry_user", [registry.settings.rotate]
        options = pulumi.ResourceOptions(parent=parent, additional_secret_outputs=secret_outputs)
    made = local.Command(
        name,
        create=python_module(program),
        logging=local.Logging.NONE,
        add_previous_output_in_env=False,
        triggers=triggers,
        opts=options,
    )
    return pulumi.Output.secret(made.stdout).apply(json.loads)


def node_passwords(
    registry: OwnRegistry | None,
    user: pulumi.Output[Files],
    given: Mapping[str, pulumi.Output[Any] | None],
) -> pulumi.Output[Passwords]:
    """What nodes present elsewhere, and whom the cluster's own registry lets in.

    `given` are `registries`, a `username` and a `password` by host, and `bucket`, its `access_key_id` and
    `secret_access_key`.
    """

    def passwords(found: Mapping[str, Any]) -> Passwords:
        logins = {host: Login(login["username"], login["password"]) for host, login in found["registries"].items()}
        keys = found["bucket"]
        bucket = Login(keys["access_key_id"], keys["secret_access_key"]) if keys else None
        if registry is None:
            return Passwords(logins=logins, bucket=bucket)
        own = found["user"]
        if registry.nodes_log_in:
            logins[registry.host] = Login(own["username"], own["password"])
        return Passwords(logins=logins, registry=own, bucket=bucket)

    none: Mapping[str, Any] = {}
    known = {name: given.get(name) or none for name in ("registries", "bucket")}
    return pulumi.Output.all(user=user, **known).apply(passwords)
