"""AKS clusters for the tests, in a network that is a double."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from components.azure.cluster import AksCluster, AksClusterArgs
from components.settings import AksClusterSettings, ProtectionSettings
from preview.plan import Resource
from tests.components.azure.parts import PROVIDER, azure_network, group_name
from tests.components.doubles import TAGS
from tests.components.plans import planned

DEPLOYER: Final = "service-principal:3d4e5f60-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
PUBLIC: Final = {"api_access": ("203.0.113.0/24", "198.51.100.7/32")}


def aks_settings(**settings: Any) -> AksClusterSettings:
    """A standard cluster with nodes in zones 1 and 2 and a private address alone, unless told otherwise."""
    defaults = {"version": "1.35", "zones": ("1", "2"), "deployers": (DEPLOYER,)}
    return AksClusterSettings.model_validate({**defaults, **settings})


def aks_cluster(
    *,
    protection: ProtectionSettings | None = None,
    tags: Mapping[str, str] = TAGS,
    outbound_type: str = "userAssignedNATGateway",
    encryption_at_host: bool = True,
    **settings: Any,
) -> AksCluster:
    """A cluster of `aks_settings(**settings)`."""
    return AksCluster(
        "cluster",
        AksClusterArgs(
            settings=aks_settings(**settings),
            provider=PROVIDER,
            network=azure_network(),
            protection=protection or ProtectionSettings(),
            tags=tags,
            resource_group_name=group_name(),
            outbound_type=outbound_type,
            encryption_at_host=encryption_at_host,
        ),
    )


def with_cluster(**settings: Any) -> Callable[[], AksCluster]:
    """A program of one cluster; the same one for the same settings, as plans are kept by their program."""
    return _programs.setdefault(repr(sorted(settings.items())), lambda: aks_cluster(**settings))


_programs: dict[str, Callable[[], AksCluster]] = {}


def control_plane(**settings: Any) -> Resource:
    """The cluster itself, as a first preview plans it."""
    return planned(with_cluster(**settings))["ManagedCluster", settings.get("name", "cluster")]
