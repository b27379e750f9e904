"""What the nodes of an AKS cluster must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.properties import Properties, each
from policies.rule import Resource, Rule, Severity
from policies.rules.azure_access import AKS_CLUSTER, is_automatic

AGENT_POOL: Final = "azure-native:containerservice:AgentPool"
_SOURCE: Final = (
    "pulumi-azure-native 3.29.0, containerservice.AgentPool and ManagedClusterAgentPoolProfileArgs; AKS documentation, "
    "Host-based encryption; both read 2026-11-29"
)


def _pools(resource: Resource) -> list[Properties]:
    """The pools that a resource describes: itself, or those within a cluster whose nodes are not AKS's to choose."""
    if resource.type == AGENT_POOL:
        return [resource.inputs]
    pools = resource.inputs.items("agentPoolProfiles")
    return [] if pools and is_automatic(resource) else pools


def _nodes_have_no_public_address(resource: Resource) -> Iterator[str]:
    yield from each(_pools(resource), _has_no_public_address)


def _has_no_public_address(pool: Properties) -> Iterator[str]:
    if pool.is_true("enableNodePublicIP"):
        yield f"{pool.at('enableNodePublicIP').path} is on: the internet reaches each node"


def _disks_are_encrypted_at_the_host(resource: Resource) -> Iterator[str]:
    yield from each(_pools(resource), _is_encrypted_at_the_host)


def _is_encrypted_at_the_host(pool: Properties) -> Iterator[str]:
    if not pool.is_true("enableEncryptionAtHost"):
        yield f"{pool.at('enableEncryptionAtHost').path} is off: temporary disks lie open on the host"


RULES: Final = (
    Rule(
        id="azure-node-addresses",
        title="Nodes of an AKS cluster have no public addresses.",
        severity=Severity.HIGH,
        types=(AKS_CLUSTER, AGENT_POOL),
        controls=(
            "cis-aks:5.4.3",
            "iso-27001:8.20",
            "pci-dss:1.4.4",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
            "isms-p:2.6.1",
        ),
        problem="The kubelet and all that listens on a node can be attacked from anywhere.",
        remedy="set enableNodePublicIP to false; a pool cannot change it, so its nodes are replaced",
        source=_SOURCE,
        checkov=("CKV_AZURE_143",),
        checks=(_nodes_have_no_public_address,),
    ),
    Rule(
        id="azure-node-disks",
        title="Nodes of an AKS cluster encrypt at the host.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER, AGENT_POOL),
        controls=(
            "iso-27001:8.24",
            "pci-dss:3.5.1",
            "soc-2:C1.1",
            "hipaa:164.312(a)(2)(iv)",
            "isms-p:2.7.1",
        ),
        problem="Azure encrypts managed disks where they are stored; temporary disks and the way there are left open.",
        remedy="set enableEncryptionAtHost to true, where the VM size and the region know it; a pool cannot change it",
        source=_SOURCE,
        checkov=("CKV_AZURE_227",),
        checks=(_disks_are_encrypted_at_the_host,),
    ),
)
