"""A Kubernetes cluster by kubeadm, on machines of any provider."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any, Final

import pulumi
from pulumi_command import local

from components.contract import MachineGroup
from components.errors import ConfigurationError, Mistake
from components.kubeadm.access import SshAccess, python_module, standard_input, target
from components.kubeadm.cluster_nodes import ClusterNode, nodes_of, taints_of_workers, warn_of_an_even_number
from components.kubeadm.credentials import (
    authority_certificate,
    cluster_pki,
    node_passwords,
    operator_certificate,
    registry_user,
)
from components.kubeadm.external_etcd import nodes_pki
from components.kubeadm.kubeadm_config import ClusterFacts
from components.kubeadm.kubeconfig import base64_of, certificate_kubeconfig
from components.kubeadm.node import Files, KubeadmNode, KubeadmNodeArgs
from components.kubeadm.node_files import SiteFacts, node_variables
from components.kubeadm.program import API_PORT, probe_command
from components.kubeadm.registry import OwnRegistry
from components.kubeadm.rotation import accepted_keys, rotated_keys
from components.kubeadm.site_charts import site_charts
from components.kubeadm.upgrade import node_guard
from components.settings import KubeadmClusterSettings, MirrorSettings, ProtectionSettings, ServersStorageSettings
from components.terms import Permissions, ServiceAccount, WorkloadIdentity

_MARK: Final = 8
"""Digits of the CA's digest that a cluster's name ends with."""


@dataclass(frozen=True, kw_only=True)
class KubeadmClusterArgs:
    """What a kubeadm cluster is made from; the machines of `groups` become its nodes.

    `registry` is one that the cluster runs itself; `passwords` are what `node_passwords()` reads.
    `etcd_certificates` are those of external etcd, a secret (`external_etcd.FILES`).
    """

    settings: KubeadmClusterSettings
    pod_cidr: IPv4Network
    service_cidr: IPv4Network
    node_cidrs: Sequence[IPv4Network]
    groups: Sequence[MachineGroup]
    access: SshAccess
    mirrors: Mapping[str, MirrorSettings]
    volumes: ServersStorageSettings
    protection: ProtectionSettings
    registry: OwnRegistry | None = None
    passwords: Mapping[str, pulumi.Output[Any] | None] = field(default_factory=dict[str, pulumi.Output[Any] | None])
    etcd_certificates: pulumi.Output[Mapping[str, str]] | None = None


class KubeadmCluster(pulumi.ComponentResource):
    """A cluster on machines that answer SSH; fulfils `contract.Cluster`.

    Control planes with stacked etcd, one after another, then all workers side by side. Secrets are encrypted at rest,
    requests are logged, Pod Security holds pods to the baseline, nobody anonymous gets beyond the health paths. The
    network between pods (flannel) and the default storage class come with it and wait for no plugin.
    Non-goals: machines that come and go by themselves, other operating systems than Linux with systemd.
    """

    cluster_name: pulumi.Output[str]
    version: str
    api_url: pulumi.Output[str]
    ca_certificate: pulumi.Output[str]
    oidc_issuer: pulumi.Output[str] | None
    kubeconfig: pulumi.Output[str]
    registry_user: pulumi.Output[Files]
    node_role: pulumi.Output[str] | None
    security_group_ids: Mapping[str, pulumi.Output[str]]
    control_plane: pulumi.Resource
    node_prerequisites: Sequence[pulumi.Resource]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: KubeadmClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the PKI, look at all hosts, make the nodes."""
        shown = {"kubernetes_version": args.settings.version}
        super().__init__("infraplatform:kubeadm:KubeadmCluster", name, shown, opts)
        self._name = name
        self._args = args
        self._nodes = nodes_of(args.groups)
        if args.settings.etcd is None:
            warn_of_an_even_number(sum(node.is_control_plane for node in self._nodes))
        self._site = self._site_facts()
        self._pki = cluster_pki(f"{name}-pki", protect=args.protection.protect, parent=self)
        self._keys, self._accepted = rotated_keys(name, self._pki, args.settings.rotate, parent=self)
        authority = authority_certificate(f"{name}-authority", self._pki, parent=self)
        operator = operator_certificate(f"{name}-operator", self._pki, args.settings.rotate.operator, parent=self)
        self.registry_user = registry_user(
            f"{name}-registry", args.registry, protect=args.protection.protect, parent=self
        )
        preflight = self._preflight(f"{name}-preflight")
        members = self._members(preflight)
        self.cluster_name = authority.apply(self._marked)
        self.version = args.settings.version
        self.api_url = self._site.apply(lambda site: f"https://{site.cluster.endpoint}")
        self.ca_certificate = authority.apply(base64_of)
        self.oidc_issuer = None
        self.kubeconfig = self._kubeconfig(operator)
        self.node_role = None
        self.security_group_ids = {}
        self.control_plane = members[0]
        self.node_prerequisites = (preflight,)
        self.ready = members
        self.register_outputs({"cluster_name": self.cluster_name, "api_url": self.api_url})

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Refused: no cloud knows this cluster's service accounts.

        Raises:
            ConfigurationError: always.
        """
        named = [*permissions.roles, *permissions.policies]
        problem = f"{service_account.namespace}/{service_account.name} cannot have {', '.join(named) or 'permissions'}"
        remedy = "give it what it needs as a Kubernetes secret: no cloud trusts this cluster's service accounts"
        raise ConfigurationError([Mistake("infraplatform:cluster", f"{problem} of a cloud", remedy)])

    def _site_facts(self) -> pulumi.Output[SiteFacts]:
        """What all nodes are told alike, as soon as the control planes' addresses are known."""
        args = self._args
        addresses = {node.machine.name: node.machine.private_address for node in self._nodes if node.is_control_plane}

        taints = taints_of_workers(self._nodes)

        def facts(found: Mapping[str, str]) -> SiteFacts:
            endpoint = args.settings.endpoint
            cluster = ClusterFacts(
                settings=args.settings,
                endpoint_host=found[min(found)] if endpoint is None else endpoint.host,
                endpoint_port=API_PORT if endpoint is None else endpoint.port,
                pod_cidr=args.pod_cidr,
                service_cidr=args.service_cidr,
                node_cidrs=tuple(args.node_cidrs),
            )
            return SiteFacts(
                cluster=cluster,
                control_planes=found,
                mirrors=args.mirrors,
                volumes=args.volumes,
                registry=args.registry,
                gpus=any(node.machine.gpu for node in self._nodes),
                charts=site_charts(cluster, args.volumes, taints, args.registry),
            )

        return pulumi.Output.all(**addresses).apply(facts)

    def _preflight(self, name: str) -> local.Command:
        """Looks at all hosts that it has not seen; all that is amiss on any of them is one failure."""
        hosts = [
            {**target(node.machine, probe_command(node.machine.user)), "variables": self._variables(node)}
            for node in self._nodes
        ]
        ready = [resource for group in self._args.groups for resource in group.ready]
        return local.Command(
            name,
            create=python_module("preflight"),
            stdin=standard_input({"access": self._args.access.given(), "hosts": hosts}),
            logging=local.Logging.NONE,
            opts=pulumi.ResourceOptions(parent=self, depends_on=ready),
        )

    def _variables(self, node: ClusterNode) -> pulumi.Output[dict[str, str]]:
        return pulumi.Output.all(site=self._site, facts=node.facts()).apply(
            lambda found: node_variables(found["site"], found["facts"])
        )

    def _members(self, preflight: pulumi.Resource) -> list[pulumi.Resource]:
        """The nodes: control planes one after another in the order of their names, then the workers.

        Workers' turns to follow a version are lanes, as many as may be unavailable at a time.
        """
        guard = node_guard(self._name)
        accepted = self._accept(preflight) if self._args.settings.rotate.has_other_keys else []
        control_planes: list[pulumi.Resource] = []
        workers: list[pulumi.Resource] = []
        turns: list[pulumi.Resource] = []
        lanes = self._args.settings.upgrade.max_unavailable
        for node in self._nodes:
            after = (control_planes or accepted)[-1:] if node.is_control_plane else list(control_planes)
            before = [turns[-lanes]] if len(turns) >= lanes else []
            made = KubeadmNode(node.machine.name, self._node_args(node, guard, preflight, after, before), self._child())
            turns += [made.upgrade] if made.upgrade else []
            (control_planes if node.is_control_plane else workers).append(made.member)
        return [*control_planes, *workers]

    def _accept(self, preflight: pulumi.Resource) -> list[pulumi.Resource]:
        """Where keys were ever rotated: every control plane accepts them before the first member uses the newest."""
        machines = [node.machine for node in self._nodes if node.is_control_plane]
        newest = self._args.settings.rotate.encryption_keys[-1]
        options = pulumi.ResourceOptions(parent=self, depends_on=[preflight])
        return accepted_keys(machines, self._args.access, self._accepted, newest, options)

    def _node_args(
        self,
        node: ClusterNode,
        guard: pulumi.ResourceHookBinding,
        preflight: pulumi.Resource,
        after: Sequence[pulumi.Resource],
        before_upgrade: Sequence[pulumi.Resource],
    ) -> KubeadmNodeArgs:
        args = self._args
        return KubeadmNodeArgs(
            machine=node.machine,
            role=node.group.role,
            version=args.settings.version,
            facts=node.facts(),
            site=self._site,
            labels={**node.group.labels, **node.machine.labels},
            access=args.access,
            generation=args.settings.rotate.join,
            authority=self._pki,
            pki=nodes_pki(args.settings, self._keys if node.is_control_plane else self._pki, args.etcd_certificates),
            passwords=node_passwords(args.registry, self.registry_user, args.passwords),
            helpers=[other.machine for other in self._nodes if other.is_control_plane and other is not node],
            before_program=[preflight],
            before_member=after,
            before_upgrade=before_upgrade,
            guard=guard,
        )

    def _kubeconfig(self, operator: pulumi.Output[Files]) -> pulumi.Output[str]:
        text = pulumi.Output.all(site=self._site, pki=self._pki, operator=operator).apply(
            lambda found: certificate_kubeconfig(
                cluster_name=self._args.settings.name,
                api_url=f"https://{found['site'].cluster.endpoint}",
                authority=found["pki"]["ca.crt"],
                certificate=found["operator"]["certificate"],
                key=found["operator"]["key"],
            )
        )
        return pulumi.Output.secret(text)

    def _marked(self, authority: str) -> str:
        """The name with the CA's mark: another CA is another cluster."""
        return f"{self._args.settings.name}-{hashlib.sha256(authority.encode()).hexdigest()[:_MARK]}"

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)
