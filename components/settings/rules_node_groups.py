"""Rules between one node group and the stack's other parts, whatever the provider. Each runs once for each group.

Rules that hold on one provider only are in `rules_node_groups_aws.py`, `rules_node_groups_azure.py` and
`rules_node_groups_gcp.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from components.settings.base import Fault
from components.settings.node_groups import IMAGES, NodeGroupSettings
from components.settings.stack import StackSettings

GroupRule = Callable[[StackSettings, NodeGroupSettings], Iterable[Fault]]

CLOUD_KEYS: Final = ("aws", "azure", "gcp")
"""Keys of a group that hold what only one cloud has."""
RESERVED_LABEL_DOMAINS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws": ("kubernetes.io", "k8s.io", "eks.amazonaws.com"),
    "azure": ("kubernetes.io", "k8s.io", "kubernetes.azure.com"),
    "gcp": ("kubernetes.io", "k8s.io", "cloud.google.com", "gke.io"),
}
"""Label prefixes that managed clusters refuse on node groups, by provider.

Sources: eksctl issue 4007; terraform-provider-google issue 6003 and pull request 19677: the APIs' own errors; read
2026-11-23.
"""

WITHOUT_GROUPS: Final = ("servers",)
"""Providers whose nodes are no groups; their own rules refuse each group."""


def zones_are_the_providers(stack: StackSettings, group: NodeGroupSettings) -> Iterator[Fault]:
    """A group's zones are zones of the provider's network."""
    for index, zone in enumerate(group.zones or ()):
        if zone not in stack.provider.zones:
            known = ", ".join(stack.provider.zones)
            yield Fault(("zones", index), f"zone {zone!r} is not one of the provider's", f"write zones from {known}")


def cloud_keys_are_the_providers(stack: StackSettings, group: NodeGroupSettings) -> Iterator[Fault]:
    """What only one cloud has is said on that cloud."""
    for name in CLOUD_KEYS:
        if name in group.model_fields_set and name != stack.provider.kind:
            remedy = f"remove it; what only {stack.provider.kind} has goes under {stack.provider.kind}"
            yield Fault((name,), f"has no meaning on {stack.provider.kind}", remedy)


def the_image_is_the_providers(stack: StackSettings, group: NodeGroupSettings) -> Iterator[Fault]:
    """Each provider has operating systems of its own."""
    images = IMAGES[stack.provider.kind]
    if group.image is not None and group.image not in images:
        listed = " or ".join(image.value for image in images)
        yield Fault(("image",), f"{group.image.value} is not to be had on {stack.provider.kind}", f"write {listed}")


def labels_are_not_reserved(stack: StackSettings, group: NodeGroupSettings) -> Iterator[Fault]:
    """Labels in Kubernetes' and the cloud's own domains are theirs to set."""
    for label in group.labels:
        prefix, slash, name = label.rpartition("/")
        domains = RESERVED_LABEL_DOMAINS[stack.provider.kind]
        if slash and any(prefix == domain or prefix.endswith(f".{domain}") for domain in domains):
            problem = f"the prefix {prefix} is the cluster's own"
            yield Fault(("labels", label), problem, f"write {name}, or a prefix of yours")


GROUP_RULES: Final[tuple[GroupRule, ...]] = (
    zones_are_the_providers,
    cloud_keys_are_the_providers,
    the_image_is_the_providers,
    labels_are_not_reserved,
)
"""Rules on each node group on any provider, with the stack around it."""
