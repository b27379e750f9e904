"""A stack as a picture shows it: networks with their zones, clusters with their node groups, and shelves below them.

What a resource is says `parts.yaml`; where it belongs say the dependencies between inputs. No layout is in here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from preview.cost.scene import Scene, short_type
from preview.plan import Operation, Plan, Resource
from preview.report.model import Part, StackReport
from preview.report.parts import facts_of, part_of
from preview.report.sizes import note, zones_of
from preview.urn import display_type

_SHELVES: Final[Mapping[str, tuple[Part, ...]]] = {
    "Registry": (Part.REGISTRY,),
    "Storage": (Part.VOLUME, Part.FILE_SYSTEM, Part.BUCKET, Part.DATABASE, Part.BACKUP),
    "Keys": (Part.KEY,),
    "Logs": (Part.LOGS,),
    "In the cluster": (Part.NAMESPACE, Part.WORKLOAD),
}
_WHOLE_NETWORKS: Final = frozenset({"aws:ec2:Vpc", "gcp:compute:Network", "azure-native:network:VirtualNetwork"})
_SUBNETS: Final = ("Subnet", "Subnetwork")


@dataclass(frozen=True, kw_only=True)
class Card:
    """One resource: its name, what it is, a line about it, and what happens to it."""

    urn: str
    name: str
    kind: str
    type: str
    note: str
    operation: Operation
    zones: tuple[str, ...] = ()  # none: of the whole region


@dataclass(frozen=True, kw_only=True)
class ClusterBox:
    """A cluster with its node groups."""

    card: Card
    groups: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class NetworkBox:
    """A network with what lies in it; `card` is None for one that is not the stack's own."""

    card: Card | None
    zones: tuple[str, ...]
    clusters: tuple[ClusterBox, ...]
    ways_out: tuple[Card, ...]
    subnets: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All that is drawn of one stack."""

    stack: str
    networks: tuple[NetworkBox, ...] = ()
    shelves: tuple[tuple[str, tuple[Card, ...]], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the stack has nothing that a picture shows."""
        return not self.networks and not self.shelves

    def cards(self) -> Iterator[Card]:
        """Yield every card in the picture."""
        for network in self.networks:
            yield from (network.card,) if network.card else ()
            for cluster in network.clusters:
                yield from (cluster.card, *cluster.groups)
            yield from (*network.ways_out, *network.subnets)
        for _, cards in self.shelves:
            yield from cards


def of_stack(stack: StackReport) -> Picture:
    """Return the picture of a stack: what stands after the update, and what it deletes."""
    operations = {change.urn: change.operation for change in stack.changes}
    new = _resources(stack.head)
    gone = {urn: it for urn, it in _resources(stack.base).items() if operations.get(urn) is Operation.DELETE}
    return _picture(stack.stack, {**gone, **new}, operations)


def of_plan(plan: Plan) -> Picture:
    """Return the picture of a plan with the operations that it has itself."""
    operations = {step.urn: step.operation for step in plan.steps}
    return _picture(plan.stack, {step.urn: step.resource for step in plan.steps}, operations)


def _resources(plan: Plan | None) -> Mapping[str, Resource]:
    return {resource.urn: resource for resource in plan.resources} if plan else {}


def _picture(stack: str, resources: Mapping[str, Resource], operations: Mapping[str, Operation]) -> Picture:
    cards = _Cards(Scene(resources.values()), operations)
    found: dict[Part, list[Resource]] = {part: [] for part in Part}
    for resource in sorted(resources.values(), key=lambda it: (it.name, it.type, it.urn)):
        part = part_of(resource.type)
        if part is not None and resource.custom and not resource.external and _is_drawn(resource, part):
            found[part].append(resource)
    shelves = tuple(
        (label, tuple(cards.card(it) for part in parts for it in found[part]))
        for label, parts in _SHELVES.items()
        if any(found[part] for part in parts)
    )
    return Picture(stack=stack, networks=tuple(cards.networks(found)), shelves=shelves)


def _kind(resource: Resource, part: Part | None) -> str:
    """Return what a card is called: the part where each cloud has its own word, else the type's: `nat gateway`."""
    if part in (Part.CLUSTER, Part.NODE_GROUP) or short_type(resource) in _WHOLE_NETWORKS:
        return part.value if part else ""
    name = resource.type.rpartition(":")[2]
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _is_drawn(resource: Resource, part: Part) -> bool:
    """Whether a resource is a thing of its own: a mount target, say, is only a way to its file system."""
    facts = facts_of(resource.type)
    return part in (Part.NODE_GROUP, Part.NETWORK, Part.WORKLOAD) or (facts is not None and facts.stateful)


class _Cards:
    """Makes cards of resources and finds what belongs together."""

    def __init__(self, scene: Scene, operations: Mapping[str, Operation]) -> None:
        self._scene = scene
        self._operations = operations

    def card(self, resource: Resource) -> Card:
        part = part_of(resource.type)
        return Card(
            urn=resource.urn,
            name=resource.name,
            kind=_kind(resource, part),
            type=display_type(resource.type),
            note=note(resource),
            operation=self._operations.get(resource.urn, Operation.SAME),
            zones=zones_of(resource, self._scene),
        )

    def networks(self, found: Mapping[Part, Sequence[Resource]]) -> Iterator[NetworkBox]:
        """Yield the stack's networks with what lies in them, then what lies in a network of others."""
        owners = [it for it in found[Part.NETWORK] if short_type(it) in _WHOLE_NETWORKS]
        inside = [it for it in found[Part.NETWORK] if short_type(it) not in _WHOLE_NETWORKS]
        groups = self._by_owner(found[Part.NODE_GROUP], found[Part.CLUSTER])
        clusters = self._by_owner(found[Part.CLUSTER], owners)
        within = self._by_owner(inside, owners)
        for owner in (*(it.urn for it in owners), None):
            boxes = [self._cluster(it, groups.get(it.urn, [])) for it in clusters.get(owner, [])]
            mine = within.get(owner, [])
            if owner or mine or boxes:
                yield self._network(self._scene.resources[owner] if owner else None, mine, boxes)

    def _by_owner(self, resources: Iterable[Resource], owners: Sequence[Resource]) -> dict[str | None, list[Resource]]:
        """Return the resources by the URN of the owner that they depend on, None for none."""
        wanted = {it.urn for it in owners}
        found = dict[str | None, list[Resource]]()
        for resource in resources:
            owner = self._owner(resource, wanted) or (owners[0].urn if len(owners) == 1 else None)
            found.setdefault(owner, []).append(resource)
        return found

    def _network(
        self, owner: Resource | None, inside: Sequence[Resource], clusters: Sequence[ClusterBox]
    ) -> NetworkBox:
        subnets = tuple(self.card(it) for it in inside if it.type.endswith(_SUBNETS))
        ways_out = tuple(self.card(it) for it in inside if not it.type.endswith(_SUBNETS))
        groups = [group for cluster in clusters for group in cluster.groups]
        return NetworkBox(
            card=self.card(owner) if owner else None,
            zones=tuple(sorted({zone for card in (*subnets, *ways_out, *groups) for zone in card.zones})),
            clusters=tuple(clusters),
            ways_out=ways_out,
            subnets=subnets,
        )

    def _cluster(self, cluster: Resource, groups: Iterable[Resource]) -> ClusterBox:
        return ClusterBox(card=self.card(cluster), groups=tuple(self.card(it) for it in groups))

    def _owner(self, resource: Resource, wanted: Container[str]) -> str | None:
        """Return which of the wanted URNs is the nearest that a resource depends on, or None."""
        seen, pending = set[str](), [resource.urn]
        while pending:
            urn = pending.pop(0)
            if urn in wanted:
                return urn
            if urn not in seen and urn in self._scene.resources:
                seen.add(urn)
                pending.extend(sorted(self._scene.resources[urn].dependencies))
        return None
