"""The cluster's PKI and the operators' certificate as resources: programs of this folder that print secrets."""

from __future__ import annotations

import json

import pulumi
from pulumi_command import local

from components.kubeadm.access import python_module, standard_input
from components.kubeadm.node import Files


def cluster_pki(name: str, cluster: str, *, protect: bool, parent: pulumi.Resource) -> pulumi.Output[Files]:
    """A cluster's CAs and keys by file name, made once; what later versions of this project would make anew stays."""
    made = local.Command(
        name,
        create=python_module("pki"),
        stdin=standard_input({"cluster": cluster}),
        logging=local.Logging.NONE,
        add_previous_output_in_env=False,
        triggers=[cluster],
        opts=pulumi.ResourceOptions(
            parent=parent,
            additional_secret_outputs=["stdout"],
            ignore_changes=["create", "stdin"],
            protect=protect,
        ),
    )
    return pulumi.Output.secret(made.stdout).apply(json.loads)


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
