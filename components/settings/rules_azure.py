"""Rules between the parts of a stack with AKS on Azure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from components.settings.base import Fault
from components.settings.clouds import AzureStack
from components.settings.rules_cluster_azure import AZURE_CLUSTER_RULES
from components.settings.rules_registry_azure import AZURE_REGISTRY_RULES
from components.settings.rules_storage_azure import AZURE_STORAGE_RULES

AzureRule = Callable[[AzureStack], Iterable[Fault]]

AZURE_NETWORK_RULES: Final[tuple[AzureRule, ...]] = ()
"""Rules between the network and other parts."""
AZURE_RULES: Final[tuple[AzureRule, ...]] = (
    *AZURE_NETWORK_RULES,
    *AZURE_CLUSTER_RULES,
    *AZURE_REGISTRY_RULES,
    *AZURE_STORAGE_RULES,
)
"""Rules on a whole stack on Azure; those on each node group are `rules_node_groups_azure.AZURE_GROUP_RULES`."""
