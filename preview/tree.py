"""Steps as the tree of their parents, in one order whatever order the program registered them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from preview.plan import Step
from preview.urn import display_type


@dataclass
class Node:
    """A step with the steps of its children."""

    step: Step
    children: list[Node] = field(default_factory=list["Node"])

    def walk(self) -> Iterator[Node]:
        """Yield this node and everything below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def grow(steps: Iterable[Step]) -> list[Node]:
    """Return the roots; a step whose parent is not among the steps is one."""
    nodes = [Node(step) for step in sorted(steps, key=_order)]
    by_urn = {node.step.urn: node for node in nodes}
    roots = list[Node]()
    for node in nodes:
        parent = by_urn.get(node.step.resource.parent or "")
        (parent.children if parent is not None and parent is not node else roots).append(node)
    return roots


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps in the tree's order."""
    return tuple(node.step for root in grow(steps) for node in root.walk())


def _order(step: Step) -> tuple[str, str, str, bool]:
    resource = step.resource
    return display_type(resource.type), resource.name, resource.urn, step.new is None
