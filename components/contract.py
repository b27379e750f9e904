"""The contract: what every network, cluster, node group, machine group, registry and storage offers, on any provider.

A part is built from settings and from earlier parts, and knows those only by these Protocols. Prose, with what each
attribute means on each provider: `docs/contract.md`. `tests/contract/` holds one suite per Protocol; an implementation
joins by adding a row there. An attribute that a provider cannot fill is None, and its docstring says where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Protocol

import pulumi

from components.terms import (
    Machine,
    MachineRole,
    Permissions,
    ServiceAccount,
    SnapshotClass,
    StorageClass,
    Taint,
    WorkloadIdentity,
)


class Network(Protocol):
    """Addresses and routes: where nodes, control planes and load balancers get their place."""

    @property
    def network_id(self) -> pulumi.Output[str]:
        """The provider's id: VPC (AWS), virtual network (Azure), network name (GCP), the site's name (servers)."""

    @property
    def cidrs(self) -> tuple[IPv4Network, ...]:
        """All IPv4 ranges of the network; nothing outside them is a node."""

    @property
    def zones(self) -> tuple[str, ...]:
        """Zones in the short form of the settings (`a`, `1`), in their declared order."""

    @property
    def node_subnet_ids(self) -> Mapping[str, pulumi.Output[str]]:
        """Private subnet for nodes by zone; where subnets span the region (Azure, GCP) each zone has the same one."""

    @property
    def control_plane_subnet_ids(self) -> Mapping[str, pulumi.Output[str]]:
        """Private subnet for the control plane's interfaces by zone."""

    @property
    def load_balancer_subnet_ids(self) -> Mapping[str, pulumi.Output[str]]:
        """Public subnet for internet-facing load balancers by zone; empty without egress to the internet."""

    @property
    def pod_range(self) -> pulumi.Output[str] | None:
        """Name of the secondary range for pods (GCP); None where pods use node subnets (AWS) or an overlay."""

    @property
    def service_range(self) -> pulumi.Output[str] | None:
        """Name of the secondary range for services (GCP); None elsewhere."""

    @property
    def security_group_ids(self) -> Mapping[str, pulumi.Output[str]]:
        """Security groups (AWS) or network security groups (Azure) made with the network, by role; may be empty."""

    @property
    def ready(self) -> Sequence[pulumi.Resource]:
        """What must stand before a node can reach its control plane and pull images: routes, NAT, endpoints."""


class Cluster(Protocol):
    """A Kubernetes API that answers, whoever runs its control plane."""

    @property
    def cluster_name(self) -> pulumi.Output[str]:
        """The physical name; changes exactly when the cluster is replaced, so it identifies the cluster."""

    @property
    def version(self) -> str:
        """Kubernetes version as the settings say it: a minor (`1.35`) where managed, a patch (`1.36.3`) on kubeadm."""

    @property
    def api_url(self) -> pulumi.Output[str]:
        """URL of the API server, with scheme."""

    @property
    def ca_certificate(self) -> pulumi.Output[str]:
        """The cluster's CA certificate, base64 of PEM, as kubeconfigs hold it."""

    @property
    def oidc_issuer(self) -> pulumi.Output[str] | None:
        """Issuer URL of service account tokens, with scheme; None where nothing outside can trust it."""

    @property
    def kubeconfig(self) -> pulumi.Output[str]:
        """kubeconfig as JSON text (which is YAML); always a Pulumi secret. Managed: exec, no credential in it."""

    @property
    def node_role(self) -> pulumi.Output[str] | None:
        """What nodes act as: role ARN (AWS), kubelet object id (Azure), service account email (GCP); or None."""

    @property
    def security_group_ids(self) -> Mapping[str, pulumi.Output[str]]:
        """Security groups made with the cluster, by role (`nodes` where nodes share one); may be empty."""

    @property
    def control_plane(self) -> pulumi.Resource:
        """The resource whose deletion takes every in-cluster object along (`deleted_with`)."""

    @property
    def node_prerequisites(self) -> Sequence[pulumi.Resource]:
        """What nodes wait for, or they never become Ready: the rights of their role, the CNI, kube-proxy."""

    @property
    def ready(self) -> Sequence[pulumi.Resource]:
        """What in-cluster objects wait for: the deployers' access."""

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Give the pods of a service account permissions in the cloud, by workload identity; call once per account.

        Raises:
            ConfigurationError: the account has a grant already, or permissions are not in this cloud's words.
        """


class NodeGroup(Protocol):
    """Nodes of one shape, in one or more zones; sizes are totals over the zones."""

    @property
    def name(self) -> str:
        """The user's name of the group: its key in the settings."""

    @property
    def group_names(self) -> Mapping[str, pulumi.Output[str]]:
        """Physical group by zone; where one group spans zones (Azure, GCP) each zone has the same one."""

    @property
    def min_nodes(self) -> int:
        """Least nodes over all zones."""

    @property
    def max_nodes(self) -> int:
        """Most nodes over all zones."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels that every node of the group carries."""

    @property
    def taints(self) -> Sequence[Taint]:
        """Taints that every node of the group carries."""

    @property
    def ready(self) -> Sequence[pulumi.Resource]:
        """What pods wait for: the physical groups."""


class MachineGroup(Protocol):
    """Machines of one role that `kubeadm/` makes into nodes: a cloud's VMs or own servers."""

    @property
    def name(self) -> str:
        """The user's name of the group: its key in the settings."""

    @property
    def role(self) -> MachineRole:
        """What the machines become."""

    @property
    def machines(self) -> Mapping[str, Machine]:
        """Machines by their stable name, which is also their node name."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels that every node of the group carries."""

    @property
    def taints(self) -> Sequence[Taint]:
        """Taints that every node of the group carries."""

    @property
    def ready(self) -> Sequence[pulumi.Resource]:
        """What must stand before the first SSH connection."""


class Registry(Protocol):
    """Where images are pushed and what nodes may pull."""

    @property
    def registry_url(self) -> pulumi.Output[str]:
        """Host, and path where there is one, without scheme; `docker login` takes its host."""

    @property
    def repository_urls(self) -> Mapping[str, pulumi.Output[str]]:
        """What `docker push` takes, by the repository's name in the settings."""

    @property
    def mirror_urls(self) -> Mapping[str, pulumi.Output[str]]:
        """Prefix to pull an upstream registry's images by, by the upstream's name in the settings; may be empty."""

    @property
    def pull_credentials(self) -> pulumi.Output[str] | None:
        """Docker config JSON, always a Pulumi secret; None where the nodes' own identity may pull."""

    @property
    def ready(self) -> Sequence[pulumi.Resource]:
        """What pods that pull from here wait for: repositories and the nodes' rights."""


class Storage(Protocol):
    """Persistent volumes: classes that claims name, and what is kept when the stack goes."""

    @property
    def classes(self) -> Mapping[str, StorageClass]:
        """Storage classes by name; exactly one is the default."""

    @property
    def snapshot_classes(self) -> Mapping[str, SnapshotClass]:
        """Volume snapshot classes by name; empty where the provider has no snapshots."""

    @property
    def kept(self) -> Mapping[str, pulumi.Output[str]]:
        """Ids of what holds data and outlives the stack, by role: file systems, backup vaults."""

    @property
    def ready(self) -> Sequence[pulumi.Resource]:
        """What claims wait for: mount targets, the drivers' rights."""
