"""The parts on AWS that the suites look at, each built as a stack would, to what `wanted.py` asks for."""

from __future__ import annotations

from typing import Any, Final

import pulumi

from components.aws.cluster import EksCluster, EksClusterArgs
from components.aws.network import VpcNetwork, VpcNetworkArgs
from components.aws.network_existing import ExistingVpcNetwork, ExistingVpcNetworkArgs
from components.aws.node_groups import EksNodeGroup, EksNodeGroupArgs
from components.aws.registry import EcrRegistry, EcrRegistryArgs
from components.aws.storage import AwsStorage, AwsStorageArgs
from components.contract import Network
from components.settings import (
    AwsExistingNetwork,
    AwsNetworkSettings,
    AwsProviderSettings,
    AwsStorageSettings,
    EcrRegistrySettings,
    EksClusterSettings,
    NodeGroupSettings,
    ProtectionSettings,
)
from components.tags import platform_tags
from tests.contract import wanted

PROVIDER: Final = AwsProviderSettings(account="123456789012", region="us-east-1", zones=("a", "b"))
PROTECTION: Final = ProtectionSettings(keep_data=True)
TAGS: Final = platform_tags("infraplatform", "test", "dev", {})


def _vpc(**settings: Any) -> VpcNetwork:
    return VpcNetwork(
        "network",
        VpcNetworkArgs(
            settings=AwsNetworkSettings.model_validate({"cidr": "10.20.0.0/16", **settings}),
            provider=PROVIDER,
            protection=PROTECTION,
            tags=TAGS,
        ),
    )


def vpc_network() -> VpcNetwork:
    """A VPC with one NAT gateway."""
    return _vpc()


def isolated_vpc_network() -> VpcNetwork:
    """A VPC without a way to the internet, reached by private endpoints."""
    return _vpc(egress="none")


def existing_vpc_network() -> ExistingVpcNetwork:
    """A VPC that stands already."""
    existing = AwsExistingNetwork.model_validate(
        {
            "network_id": "vpc-0a1b2c3d4e5f60718",
            "cidrs": ["10.20.0.0/16"],
            "node_subnet_ids": {"a": "subnet-0a1b2c3d4e5f60710", "b": "subnet-0a1b2c3d4e5f60711"},
        }
    )
    return ExistingVpcNetwork("network", ExistingVpcNetworkArgs(existing=existing, provider=PROVIDER))


def _cluster_settings(**settings: Any) -> EksClusterSettings:
    deployer = "arn:aws:iam::123456789012:role/deployer"
    required = {"version": "1.35", "zones": ["a", "b"], "deployers": [deployer], "reach": "inside-network"}
    return EksClusterSettings.model_validate({**required, **settings})


def _eks(network: Network, **settings: Any) -> EksCluster:
    args = EksClusterArgs(
        settings=_cluster_settings(**settings), provider=PROVIDER, network=network, protection=PROTECTION, tags=TAGS
    )
    return EksCluster("cluster", args)


def eks_cluster() -> EksCluster:
    """An EKS cluster for managed node groups."""
    return _eks(_vpc())


def eks_auto_mode_cluster() -> EksCluster:
    """An EKS cluster that makes its own nodes."""
    return _eks(_vpc(), autoscaler="auto-mode")


def eks_node_group(image: str) -> EksNodeGroup:
    """A managed node group with the nodes that every row has."""
    settings = NodeGroupSettings.model_validate(
        {
            "machine_types": ["m7g.large"],
            "min_nodes": wanted.MIN_NODES,
            "max_nodes": wanted.MAX_NODES,
            "image": image,
            "labels": wanted.LABELS,
            "taints": {taint.key: {"value": taint.value, "effect": taint.effect} for taint in wanted.TAINTS},
        }
    )
    network = _vpc()
    args = EksNodeGroupArgs(
        key=wanted.GROUP,
        settings=settings,
        provider=PROVIDER,
        cluster_settings=_cluster_settings(),
        cluster=_eks(network),
        network=network,
        tags=TAGS,
    )
    return EksNodeGroup(f"node-group-{wanted.GROUP}", args)


def ecr_registry() -> EcrRegistry:
    """Repositories and a cache of a registry that wants credentials."""
    settings = EcrRegistrySettings.model_validate(
        {
            "repositories": list(wanted.REPOSITORIES),
            "pull_through": {
                name: {"upstream": upstream, "credentials": upstream in wanted.UPSTREAMS_WITH_CREDENTIALS}
                for name, upstream in wanted.UPSTREAMS.items()
            },
        }
    )
    secret = pulumi.Output.secret('{"username": "someone", "accessToken": "made-up"}')
    credentials = {
        name: secret for name, upstream in wanted.UPSTREAMS.items() if upstream in wanted.UPSTREAMS_WITH_CREDENTIALS
    }
    args = EcrRegistryArgs(
        settings=settings,
        provider=PROVIDER,
        cluster=_eks(_vpc()),
        protection=PROTECTION,
        tags=TAGS,
        pull_through_credentials=credentials,
    )
    return EcrRegistry("registry", args)


def aws_storage(**settings: Any) -> AwsStorage:
    """Disks, and what `settings` adds."""
    network = _vpc()
    args = AwsStorageArgs(
        settings=AwsStorageSettings.model_validate(settings),
        provider=PROVIDER,
        network=network,
        cluster=_eks(network),
        protection=PROTECTION,
        tags=TAGS,
    )
    return AwsStorage("storage", args)
