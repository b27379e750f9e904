"""Who reaches the API of an EKS cluster, and as whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path, Properties, each
from policies.rule import Resource, Rule, Severity

EKS_CLUSTER: Final = "aws:eks/cluster:Cluster"
ANYWHERE: Final = ("0.0.0.0/0", "::/0")
_SOURCE: Final = "pulumi-aws eks.ClusterVpcConfigArgs and ClusterAccessConfigArgs, read 2026-11-29"


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


def _api_has_no_public_endpoint(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.is_true("vpcConfig", "endpointPublicAccess", default=True):
        yield "vpcConfig.endpointPublicAccess is on: the Kubernetes API has a public address"


def _private_endpoint_is_on(cluster: Resource) -> Iterator[str]:
    vpc = cluster.inputs.at("vpcConfig")
    if cluster.inputs.has("remoteNetworkConfig") and vpc.is_true("endpointPublicAccess", default=True):
        return  # hybrid nodes on a public endpoint: the private one would give them addresses that they cannot reach
    if not vpc.is_true("endpointPrivateAccess"):
        yield "vpcConfig.endpointPrivateAccess is off: nodes reach the Kubernetes API over the internet"


def _with_private_endpoint(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_private_endpoint_is_on(cluster)):
        yield ("vpcConfig", "endpointPrivateAccess"), True


def _access_is_by_entries(cluster: Resource) -> Iterator[str]:
    mode = cluster.inputs.get("accessConfig", "authenticationMode", default="CONFIG_MAP")
    if mode != "API":
        yield f"accessConfig.authenticationMode is {mode}: the aws-auth config map in the cluster grants access, too"


def _creator_is_no_administrator(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.is_true("accessConfig", "bootstrapClusterCreatorAdminPermissions", default=True):
        yield (
            "accessConfig.bootstrapClusterCreatorAdminPermissions is on:"
            " who creates the cluster is its administrator for ever, and no access entry says so"
        )


RULES: Final = (
    Rule(
        id="aws-api-public",
        title="The Kubernetes API of an EKS cluster does not answer the whole internet.",
        severity=Severity.CRITICAL,
        types=(EKS_CLUSTER,),
        controls=(
            "cis-eks:5.4.1",
            "iso-27001:8.20",
            "pci-dss:1.3.1",
            "pci-dss:1.4.2",
            "isms-p:2.6.1",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
        ),
        problem="Anyone can try credentials and exploits on the control plane.",
        remedy="set vpcConfig.endpointPublicAccess to false, or name the callers' ranges in publicAccessCidrs",
        source=_SOURCE,
        checkov=("CKV_AWS_38",),
        checks=(_public_endpoint_names_its_callers,),
    ),
    Rule(
        id="aws-no-public-api",
        title="The Kubernetes API of an EKS cluster has no public endpoint.",
        severity=Severity.LOW,
        types=(EKS_CLUSTER,),
        controls=("cis-eks:5.4.2",),
        problem="A stolen credential works wherever a named range reaches, and a slip in the ranges opens the API.",
        remedy="set vpcConfig.endpointPublicAccess to false, and deploy from inside the network",
        source=_SOURCE,
        checkov=("CKV_AWS_39",),
        checks=(_api_has_no_public_endpoint,),
    ),
    Rule(
        id="aws-api-private",
        title="Nodes reach the Kubernetes API of an EKS cluster inside its network.",
        severity=Severity.HIGH,
        types=(EKS_CLUSTER,),
        controls=(
            "cis-eks:5.4.2",
            "iso-27001:8.20",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
            "isms-p:2.6.1",
        ),
        problem="Traffic between nodes and the control plane leaves the network.",
        remedy="set vpcConfig.endpointPrivateAccess to true",
        source=_SOURCE + "; EKS user guide, hybrid nodes prerequisites, known, not read",
        checks=(_private_endpoint_is_on,),
        fix=_with_private_endpoint,
    ),
    Rule(
        id="aws-access-entries",
        title="Access to an EKS cluster is granted by access entries alone.",
        severity=Severity.MEDIUM,
        types=(EKS_CLUSTER,),
        controls=(
            "cis-eks:5.5.1",
            "cis-eks:4.1.7",
            "iso-27001:5.18",
            "pci-dss:7.2.1",
            "soc-2:CC6.3",
            "hipaa:164.312(a)(1)",
            "isms-p:2.5.1",
        ),
        problem="Whoever may edit the aws-auth config map makes administrators, and no AWS log shows it.",
        remedy="set accessConfig.authenticationMode to API, after the last entry of aws-auth has an access entry",
        source=_SOURCE,
        checks=(_access_is_by_entries,),
    ),
    Rule(
        id="aws-creator-admin",
        title="Who creates an EKS cluster is not its administrator by that alone.",
        severity=Severity.MEDIUM,
        types=(EKS_CLUSTER,),
        controls=(
            "cis-eks:4.1.1",
            "isms-p:2.5.5",
            "iso-27001:8.2",
            "pci-dss:7.2.2",
            "soc-2:CC6.3",
        ),
        problem="The deployer's role keeps full rights that no configuration names.",
        remedy="set accessConfig.bootstrapClusterCreatorAdminPermissions to false; it replaces the cluster",
        source=_SOURCE,
        checks=(_creator_is_no_administrator,),
    ),
)
