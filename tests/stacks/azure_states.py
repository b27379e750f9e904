"""What the tests of Azure's examples ask of their states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from preview.plan import Resource
from preview.recorded import Record
from tests.stacks.stack_files import STACK_FILES, applied
from tests.stacks.states import of_type

AGENT_POOL: Final = "azure-native:containerservice:AgentPool"
ASSIGNMENT: Final = "azure-native:authorization:RoleAssignment"
CLUSTER: Final = "azure-native:containerservice:ManagedCluster"
GROUP: Final = "azure-native:resources:ResourceGroup"
IDENTITY: Final = "azure-native:managedidentity:UserAssignedIdentity"
SUBNET: Final = "azure-native:network:Subnet"
EXAMPLES: Final[Mapping[str, Path]] = {name: file for name, file in STACK_FILES.items() if name.startswith("azure-")}


@cache
def standing(name: str) -> Record:
    """An example's resources with every output known."""
    return applied(EXAMPLES[name])


def ours(state: Record) -> list[Resource]:
    """All of Azure's resources."""
    return [item for item in state.resources.values() if item.type.startswith("azure-native:") and not item.external]


def the_cluster(state: Record) -> Resource:
    """The one cluster that each of these stacks has."""
    (cluster,) = of_type(state, CLUSTER)
    return cluster


def roles_by_principal(state: Record) -> dict[str, set[tuple[str, str]]]:
    """Role and scope of each assignment, by the principal that holds it."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for item in of_type(state, ASSIGNMENT):
        role = str(item.inputs["roleDefinitionId"]).rpartition("/")[2]
        found[str(item.inputs["principalId"])].add((role, str(item.inputs["scope"])))
    return found


def identity(state: Record, name: str) -> Resource:
    """A managed identity by its logical name."""
    (found,) = [item for item in of_type(state, IDENTITY) if item.name == name]
    return found


def pools(state: Record) -> Iterator[dict[str, Any]]:
    """What every node pool is made from, the cluster's first one too."""
    yield from (dict(pool.inputs) for pool in of_type(state, AGENT_POOL))
    yield from the_cluster(state).inputs["agentPoolProfiles"]


def the_provider(state: Record) -> Resource:
    """The one provider of Azure's resources."""
    (provider,) = of_type(state, "pulumi:providers:azure-native")
    return provider


def the_subscription(state: Record) -> str:
    """The subscription that all is in."""
    return str(the_provider(state).inputs["subscriptionId"])
