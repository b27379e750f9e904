"""Rules between the parts of a stack's settings, whatever its provider. What holds within one part, its model says.

Rules that hold on one provider only are in `rules_aws.py`, `rules_azure.py`, `rules_gcp.py` and `rules_servers.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.settings.base import Fault
from components.settings.sound import UnsoundError
from components.settings.stack import CLUSTER_KINDS, KINDS, Layer, StackSettings

Rule = Callable[[StackSettings], Iterable[Fault]]


def kinds_fit_the_provider(stack: StackSettings) -> Iterator[Fault]:
    """A cluster and the other parts are of a kind that the provider has."""
    provider = stack.provider.kind
    wanted = {"cluster": CLUSTER_KINDS[provider], **KINDS[provider]}
    for part, kinds in wanted.items():
        try:
            kind: str = getattr(stack, part).kind
        except UnsoundError:
            continue
        if kind not in kinds:
            yield Fault((part, "kind"), f"{kind} is not to be had on {provider}", f"write {' or '.join(kinds)}")


def cluster_zones_are_the_providers(stack: StackSettings) -> Iterator[Fault]:
    """The cluster's zones are zones of the provider's network."""
    for index, zone in enumerate(stack.cluster.zones):
        if zone not in stack.provider.zones:
            known = ", ".join(stack.provider.zones)
            yield Fault(
                ("cluster", "zones", index), f"zone {zone!r} is not one of the provider's", f"write zones from {known}"
            )


def the_in_cluster_layer_names_its_infrastructure(stack: StackSettings) -> Iterator[Fault]:
    """The in-cluster layer names the stack it stands on, and only it does."""
    if stack.layer is Layer.IN_CLUSTER and stack.infrastructure_stack is None:
        remedy = "write the infrastructure layer's stack: organization/project/stack"
        yield Fault(("infrastructure_stack",), "is missing with layer: in_cluster", remedy)
    if stack.layer is not Layer.IN_CLUSTER and stack.infrastructure_stack is not None:
        yield Fault(
            ("infrastructure_stack",), "goes with layer: in_cluster only", "remove it, or write layer: in_cluster"
        )


RULES: Final[tuple[Rule, ...]] = (
    kinds_fit_the_provider,
    cluster_zones_are_the_providers,
    the_in_cluster_layer_names_its_infrastructure,
)
"""Rules on a whole stack on any provider; those on each node group are `rules_node_groups.GROUP_RULES`."""
