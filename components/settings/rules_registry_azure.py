"""Rules between a registry on Azure and the stack's other parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from components.settings.base import Fault
from components.settings.clouds import AzureStack

AZURE_REGISTRY_RULES: Final[tuple[Callable[[AzureStack], Iterable[Fault]], ...]] = ()
"""Rules on a whole stack on Azure that the registry is in."""
