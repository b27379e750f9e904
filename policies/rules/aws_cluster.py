"""What an EKS control plane must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path, Properties, each
from policies.rule import Resource, Rule, Severity

EKS_CLUSTER: Final = "aws:eks/cluster:Cluster"
ANYWHERE: Final = ("0.0.0.0/0", "::/0")
_SOURCE: Final = "pulumi-aws eks.Cluster and ClusterVpcConfig, read 2026-11-29"


def _public_endpoint_names_its_callers(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("vpcConfig", "endpointPublicAccess", default=True):
        return
    ranges = cluster.inputs.items("vpcConfig", "publicAccessCidrs")
    if not ranges:
        yield "the Kubernetes API answers the whole internet: vpcConfig.publicAccessCidrs is not set"
    yield from each(ranges, _is_not_the_internet)


def _is_not_the_internet(entry: Properties) -> Iterator[str]:
    if entry.get() in ANYWHERE:
        yield f"the Kubernetes API answers the whole internet: {entry.path} is {entry.get()}"


def _private_endpoint_is_on(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("vpcConfig", "endpointPrivateAccess"):
        yield "vpcConfig.endpointPrivateAccess is off: nodes reach the Kubernetes API over the internet"


def _with_private_endpoint(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_private_endpoint_is_on(cluster)):
        yield ("vpcConfig", "endpointPrivateAccess"), True


RULES: Final = (
    Rule(
        id="aws-api-public",
        title="The Kubernetes API of an EKS cluster does not answer the whole internet.",
        severity=Severity.CRITICAL,
        types=(EKS_CLUSTER,),
        controls=("cis-eks:5.4.1", "cis-eks:5.4.2", "iso-27001:8.20", "pci-dss:1.3.1", "pci-dss:1.4.2", "isms-p:2.6.1"),
        problem="Anyone can try credentials and exploits on the control plane.",
        remedy="set vpcConfig.endpointPublicAccess to false, or name the callers' ranges in publicAccessCidrs",
        source=_SOURCE,
        checkov=("CKV_AWS_38", "CKV_AWS_39"),
        checks=(_public_endpoint_names_its_callers,),
    ),
    Rule(
        id="aws-api-private",
        title="Nodes reach the Kubernetes API of an EKS cluster inside its network.",
        severity=Severity.HIGH,
        types=(EKS_CLUSTER,),
        controls=("cis-eks:5.4.2",),
        problem="Traffic between nodes and the control plane leaves the network.",
        remedy="set vpcConfig.endpointPrivateAccess to true",
        source=_SOURCE,
        checks=(_private_endpoint_is_on,),
        fix=_with_private_endpoint,
    ),
)
