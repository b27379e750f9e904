"""The cluster's PKI and the operators' certificate as resources: programs of this folder that print secrets."""

from __future__ import annotations

import json

import pulumi
from pulumi_command import local

from components.kubeadm.access import python_module, standard_input
from components.kubeadm.node import Files


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
