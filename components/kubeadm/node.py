"""One node: the program and what it is told, joining, and the way out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_command import local, remote

from components.contract import Machine
from components.kubeadm.access import SshAccess, python_module, standard_input, target
from components.kubeadm.kubeadm_config import NodeFacts
from components.kubeadm.kubeconfig import certificate_kubeconfig
from components.kubeadm.node_files import (
    Passwords,
    SiteFacts,
    password_files,
    public_files,
    secret_files,
)
from components.kubeadm.program import blocks, digest, send_command, sent, verb_command
from components.settings.cluster_kubeadm_rotation import FIRST_KEY
from components.terms import MachineRole

Files = Mapping[str, str]
"""Texts by name."""


@dataclass(frozen=True, kw_only=True)
class KubeadmNodeArgs:
    """What a node is made from.

    `facts` and `site` are Outputs, as a cloud's machines get their addresses late. Another `generation` is another
    certificate to join with, by the CA of `authority`. `pki` are the cluster's files by name, a secret. `helpers` are
    the other control planes, which take this node out. `before_program` and `before_member` are what the two wait for,
    `before_upgrade` what a worker's turn waits for; `guard` refuses unsafe changes at preview.
    """

    machine: Machine
    role: MachineRole
    version: str
    facts: pulumi.Output[NodeFacts]
    site: pulumi.Output[SiteFacts]
    labels: Mapping[str, str]
    access: SshAccess
    generation: str
    authority: pulumi.Output[Files]
    pki: pulumi.Output[Files]
    passwords: pulumi.Output[Passwords]
    helpers: Sequence[Machine]
    before_program: Sequence[pulumi.Resource]
    before_member: Sequence[pulumi.Resource]
    before_upgrade: Sequence[pulumi.Resource]
    guard: pulumi.ResourceHookBinding


class KubeadmNode(pulumi.ComponentResource):
    """A host that is a node of the cluster.

    A host at another address, or in another role, is another one: the old leaves before the new joins. All else is
    changed in place. Non-goals: draining before a reboot, changing a node's name.

    Attributes:
        member: stands when the node is what its configuration says.
        upgrade: a worker's turn to follow its control planes; None for a control plane, whose turn `member` is.
    """

    member: remote.Command
    upgrade: remote.Command | None

    def __init__(self, name: str, args: KubeadmNodeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the node of this name."""
        super().__init__("infraplatform:kubeadm:KubeadmNode", name, {"role": args.role.value}, opts)
        self._args = args
        self._public = pulumi.Output.all(site=args.site, facts=args.facts).apply(
            lambda found: public_files(found["site"], found["facts"], args.labels)
        )
        join = self._join(f"{name}-join")
        program = self._program(f"{name}-program")
        leave = self._leave(f"{name}-leave", program)
        worker = args.role is MachineRole.WORKER
        self.upgrade = self._upgrade(f"{name}-upgrade", program) if worker else None
        self.member = self._member(f"{name}-member", join, [leave, self.upgrade] if self.upgrade else [leave])
        self.register_outputs({"role": args.role.value})

    def _join(self, name: str) -> pulumi.Output[Files]:
        """The node's own certificate for joining, and its key."""
        args = self._args
        authority = {
            "node": args.machine.name,
            "address": args.machine.private_address,
            "ca.crt": args.authority.apply(lambda files: files["ca.crt"]),
            "ca.key": args.authority.apply(lambda files: files["ca.key"]),
        }
        options = self._options()
        options.additional_secret_outputs = ["stdout"]
        made = local.Command(
            name,
            create=python_module("join"),
            stdin=standard_input(authority),
            logging=local.Logging.NONE,
            add_previous_output_in_env=False,
            triggers=[*self._identity(), *([] if args.generation == FIRST_KEY else [args.generation])],
            opts=options,
        )
        return pulumi.Output.secret(made.stdout).apply(json.loads)

    def _program(self, name: str) -> remote.Command:
        """The program and the public configuration, which previews and policies read."""
        args = self._args
        options = self._options(*args.before_program)
        options.hooks = args.guard
        return remote.Command(
            name,
            connection=args.access.connection(args.machine),
            create=send_command(args.machine.user),
            stdin=self._public.apply(sent),
            add_previous_output_in_env=False,
            triggers=self._identity(),
            opts=options,
        )

    def _leave(self, name: str, program: pulumi.Resource) -> local.Command:
        """Nothing, until the node is deleted. It stands before the member, so that half a join can be taken back."""
        args = self._args
        machine = args.machine
        given = {
            "access": args.access.given(),
            "node": machine.name,
            "target": target(machine, verb_command(machine.user, "reset")),
            "helpers": [target(helper, verb_command(helper.user, "leave", machine.name)) for helper in args.helpers],
        }
        return local.Command(
            name,
            delete=python_module("leave"),
            stdin=standard_input(given),
            add_previous_output_in_env=False,
            triggers=self._identity(),
            opts=self._options(program, *args.before_member),
        )

    def _upgrade(self, name: str, program: pulumi.Resource) -> remote.Command:
        """Nothing when the node is made: without a `create` no connection is opened. It runs when its words change.

        So workers join side by side, and follow another version or other kubelet settings in turns.
        """
        args = self._args
        user, version = args.machine.user, args.version
        turn = self._public.apply(lambda files: verb_command(user, "upgrade", version, digest(files, "kubelet.yaml")))
        return remote.Command(
            name,
            connection=args.access.connection(args.machine),
            update=turn,
            add_previous_output_in_env=False,
            triggers=self._identity(),
            opts=self._options(program, *args.before_member, *args.before_upgrade),
        )

    def _member(self, name: str, join: pulumi.Output[Files], after: Sequence[pulumi.Resource]) -> remote.Command:
        """The node itself; its secrets go in by standard input alone."""
        args = self._args
        user, version = args.machine.user, args.version
        options = self._options(*after)
        options.hooks = args.guard
        secrets = pulumi.Output.all(site=args.site, pki=args.pki, join=join, passwords=args.passwords).apply(
            lambda found: self._secrets(found["site"], found["pki"], found["join"], found["passwords"])
        )
        return remote.Command(
            name,
            connection=args.access.connection(args.machine),
            create=self._public.apply(lambda files: verb_command(user, "member", version, digest(files))),
            stdin=pulumi.Output.secret(secrets),
            add_previous_output_in_env=False,
            triggers=self._identity(),
            opts=options,
        )

    def _secrets(self, site: SiteFacts, pki: Files, join: Files, passwords: Passwords) -> str:
        cluster = site.cluster
        discovery = certificate_kubeconfig(
            cluster_name=cluster.settings.name,
            api_url=f"https://{cluster.endpoint}",
            authority=pki["ca.crt"],
            certificate=join["certificate"],
            key=join["key"],
        )
        role = self._args.role
        return blocks([*secret_files(role, pki, discovery), *password_files(site, role, passwords)])

    def _identity(self) -> list[pulumi.Input[str]]:
        """What makes another host of it."""
        return [self._args.role.value, self._args.machine.address]

    def _options(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=list(after), delete_before_replace=True)
