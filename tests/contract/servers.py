"""The parts on own servers that the suites look at, each built as a stack would, to what `wanted.py` asks for."""

from __future__ import annotations

from typing import Any, Final

import pulumi

from components.kubeadm.access import SshAccess
from components.kubeadm.cluster import KubeadmCluster, KubeadmClusterArgs
from components.kubeadm.registry import own_registry
from components.servers.harbor import HarborRegistry, HarborRegistryArgs
from components.servers.machines import ServerGroup, ServerGroupArgs
from components.servers.network import SiteNetwork, SiteNetworkArgs
from components.servers.registry import (
    ExternalRegistry,
    ExternalRegistryArgs,
    SelfHostedRegistry,
    SelfHostedRegistryArgs,
)
from components.servers.storage import ServersStorage, ServersStorageArgs
from components.settings import (
    ExternalRegistrySettings,
    HarborRegistrySettings,
    KubeadmClusterSettings,
    ProtectionSettings,
    SelfHostedRegistrySettings,
    ServersNetworkSettings,
    ServersProviderSettings,
    ServersStorageSettings,
)
from components.terms import MachineRole
from tests.contract import wanted
from tests.contract.doubles import HOST_KEY

DOWNLOADS: Final = {
    name: {"url": f"https://mirror.example/{name}", "sha256": "0" * 64}
    for name in ("kubeadm", "kubelet", "kubectl", "containerd", "cni-plugins", "etcd")
}
CREDENTIALS: Final = {"registry.example.com": {"username": "bob", "password": "a registry's password"}}
BUCKET_KEYS: Final = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "a bucket's key"}
ETCD_CERTIFICATES: Final = {
    key: f"-----BEGIN {key}-----\n" for key in ("ca_certificate", "client_certificate", "client_key")
}
_NODES: Final = {
    "labels": wanted.LABELS,
    "taints": {taint.key: {"value": taint.value, "effect": taint.effect} for taint in wanted.TAINTS},
}


def _host(number: int, role: str, **more: Any) -> dict[str, Any]:
    addresses = {"address": f"192.0.2.{number}", "private_address": f"10.0.0.{number}"}
    return {**addresses, "role": role, "host_key": HOST_KEY, **more}


def provider(control_planes: int = 1, workers: int = 2) -> ServersProviderSettings:
    """Hosts of both roles; the workers have the labels and taints that every row has."""
    hosts = {f"cp-{number}": _host(10 + number, "control-plane") for number in range(1, control_planes + 1)}
    hosts |= {f"worker-{number}": _host(20 + number, "worker", **_NODES) for number in range(1, workers + 1)}
    return ServersProviderSettings.model_validate({"hosts": hosts})


def site_network() -> SiteNetwork:
    """A site's network."""
    settings = ServersNetworkSettings.model_validate({"node_cidrs": ["10.0.0.0/24", "10.0.1.0/24"]})
    return SiteNetwork("network", SiteNetworkArgs(settings=settings, provider=provider()))


def server_group() -> ServerGroup:
    """The workers."""
    return _group(provider(), MachineRole.WORKER)


def _group(hosts: ServersProviderSettings, role: MachineRole) -> ServerGroup:
    args = ServerGroupArgs(key=wanted.GROUP, role=role, hosts=hosts.by_role(role), provider=hosts)
    return ServerGroup(f"servers-{role.value}", args)


def kubeadm_cluster() -> KubeadmCluster:
    """A cluster of one control plane and two workers."""
    return cluster(provider())


def kubeadm_cluster_of_three() -> KubeadmCluster:
    """A cluster of three control planes behind a load balancer."""
    return cluster(provider(control_planes=3), endpoint={"host": "k8s.example"})


def cluster(
    hosts: ServersProviderSettings,
    protection: ProtectionSettings | None = None,
    registry: SelfHostedRegistrySettings | HarborRegistrySettings | None = None,
    storage: ServersStorageSettings | None = None,
    **settings: Any,
) -> KubeadmCluster:
    """A cluster of these hosts, with these settings beside those that it must have."""
    given = {"version": "1.36.3", "downloads": DOWNLOADS, **settings}
    network = ServersNetworkSettings.model_validate({"node_cidrs": ["10.0.0.0/24"]})
    args = KubeadmClusterArgs(
        settings=KubeadmClusterSettings.model_validate(given),
        pod_cidr=network.pod_cidr,
        service_cidr=network.service_cidr,
        node_cidrs=network.node_cidrs,
        groups=[_group(hosts, role) for role in MachineRole],
        access=SshAccess(private_key=pulumi.Output.secret("a private key")),
        mirrors={},
        volumes=storage or ServersStorageSettings(),
        protection=protection or ProtectionSettings(),
        registry=None if registry is None else own_registry(registry, "cluster"),
        passwords={"registries": pulumi.Output.secret(CREDENTIALS), "bucket": pulumi.Output.secret(BUCKET_KEYS)},
        etcd_certificates=pulumi.Output.secret(ETCD_CERTIFICATES),
    )
    return KubeadmCluster("cluster", args)


def external_registry() -> ExternalRegistry:
    """A registry that somebody runs already."""
    settings = ExternalRegistrySettings.model_validate(
        {"url": "registry.example.com/platform", "repositories": list(wanted.REPOSITORIES)}
    )
    return ExternalRegistry("registry", ExternalRegistryArgs(settings=settings))


def self_hosted_registry() -> SelfHostedRegistry:
    """A registry that the cluster runs itself."""
    settings = SelfHostedRegistrySettings.model_validate({"repositories": list(wanted.REPOSITORIES)})
    built = cluster(provider(), registry=settings)
    host = own_registry(settings, "cluster").host
    args = SelfHostedRegistryArgs(settings=settings, host=host, user=built.registry_user, after=built.ready)
    return SelfHostedRegistry("registry", args)


def harbor_registry() -> HarborRegistry:
    """Harbor in the cluster."""
    settings = HarborRegistrySettings.model_validate({"repositories": list(wanted.REPOSITORIES)})
    built = cluster(provider(), registry=settings)
    host = own_registry(settings, "cluster").host
    args = HarborRegistryArgs(settings=settings, host=host, user=built.registry_user, after=built.ready)
    return HarborRegistry("registry", args)


def servers_storage(**given: Any) -> ServersStorage:
    """Folders on the nodes' disks, and what is given beside."""
    settings = ServersStorageSettings.model_validate(given)
    return ServersStorage("storage", ServersStorageArgs(settings=settings, after=()))
