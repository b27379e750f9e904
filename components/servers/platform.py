"""A platform on own servers: its parts in their order, each knowing those before it by the contract."""

from __future__ import annotations

import pulumi

from components import overrides
from components.contract import Cluster, Registry
from components.incluster.reference import exports
from components.kubeadm.access import SshAccess
from components.kubeadm.cluster import KubeadmCluster, KubeadmClusterArgs
from components.kubeadm.kubeconfig import login_kubeconfig
from components.kubeadm.registry import OwnRegistry, own_registry
from components.platform import Platform
from components.servers.harbor import HarborRegistry, HarborRegistryArgs
from components.servers.machines import ServerGroup, ServerGroupArgs, bastion
from components.servers.network import SiteNetwork, SiteNetworkArgs
from components.servers.registry import (
    ExternalRegistry,
    ExternalRegistryArgs,
    SelfHostedRegistry,
    SelfHostedRegistryArgs,
)
from components.servers.storage import ServersStorage, ServersStorageArgs
from components.settings import ExternalRegistrySettings, HarborRegistrySettings, ServersStack
from components.settings.secrets import secret
from components.terms import MachineRole


def platform(settings: ServersStack) -> Platform:
    """All of a platform on own servers."""
    network = SiteNetwork("network", SiteNetworkArgs(settings=settings.network, provider=settings.provider))
    groups = [
        ServerGroup(
            f"servers-{role.value}",
            ServerGroupArgs(key=role.value, role=role, hosts=hosts, provider=settings.provider),
        )
        for role in MachineRole
        if (hosts := settings.provider.by_role(role))
    ]
    args = KubeadmClusterArgs(
        settings=settings.cluster,
        pod_cidr=settings.network.pod_cidr,
        service_cidr=settings.network.service_cidr,
        node_cidrs=settings.network.node_cidrs,
        groups=groups,
        access=SshAccess(private_key=secret("ssh_private_key"), bastion=bastion(settings.provider)),
        mirrors=settings.registry.mirrors,
        volumes=settings.storage,
        protection=settings.protection,
        registry=_own_registry(settings),
        passwords={"registries": secret("registry_credentials"), "bucket": secret("etcd_backup_credentials")},
        etcd_certificates=secret("external_etcd"),
    )
    options = pulumi.ResourceOptions(transforms=overrides.transforms(settings.cluster.overrides))
    cluster = KubeadmCluster("cluster", args, options)
    return Platform(
        network=network,
        cluster=cluster,
        node_groups={},
        registry=_registry(settings, cluster),
        storage=ServersStorage("storage", ServersStorageArgs(settings=settings.storage, after=cluster.ready)),
        login_kubeconfig=_login_kubeconfig(settings, cluster),
        in_cluster=exports(file_system_id=None, interruption_queue=None, autoscaler=None),
    )


def _login_kubeconfig(settings: ServersStack, cluster: Cluster) -> pulumi.Output[str] | None:
    login = settings.cluster.login
    if login is None:
        return None
    return pulumi.Output.all(cluster.api_url, cluster.ca_certificate).apply(
        lambda found: login_kubeconfig(
            cluster_name=settings.cluster.name, api_url=found[0], ca_certificate=found[1], login=login
        )
    )


def _own_registry(settings: ServersStack) -> OwnRegistry | None:
    registry = settings.registry
    return None if isinstance(registry, ExternalRegistrySettings) else own_registry(registry, settings.cluster.name)


def _registry(settings: ServersStack, cluster: KubeadmCluster) -> Registry:
    registry = settings.registry
    if isinstance(registry, ExternalRegistrySettings):
        return ExternalRegistry("registry", ExternalRegistryArgs(settings=registry))
    host = own_registry(registry, settings.cluster.name).host
    if isinstance(registry, HarborRegistrySettings):
        harbor = HarborRegistryArgs(settings=registry, host=host, user=cluster.registry_user, after=cluster.ready)
        return HarborRegistry("registry", harbor)
    args = SelfHostedRegistryArgs(settings=registry, host=host, user=cluster.registry_user, after=cluster.ready)
    return SelfHostedRegistry("registry", args)
