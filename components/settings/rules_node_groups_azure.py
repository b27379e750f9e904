"""Rules on each node group of AKS, with the stack around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from components.settings.base import Fault
from components.settings.clouds import AzureStack
from components.settings.node_groups import NodeGroupSettings

AzureGroupRule = Callable[[AzureStack, NodeGroupSettings], Iterable[Fault]]

AZURE_GROUP_RULES: Final[tuple[AzureGroupRule, ...]] = ()
"""Rules on each node group on Azure."""
