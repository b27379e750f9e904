"""What Kubernetes objects make a cloud charge for; all others run on nodes that are counted.

None of these has a price here: the objects say neither the cloud nor the region that they end up in.
"""

from __future__ import annotations

from collections.abc import Iterator

from preview.cost.model import Gap
from preview.cost.scene import items, text
from preview.plan import Resource


def gaps(resource: Resource) -> Iterator[Gap]:
    """Yield what an object asks the cloud for."""
    kind = resource.type.rpartition(":")[2]
    claims = kind == "StatefulSet" and items(resource.inputs, "spec", "volumeClaimTemplates")
    if claims or kind == "PersistentVolumeClaim":
        yield Gap(what="volumes", why="the cluster makes them as pods ask for them")
    elif kind == "Service" and text(resource.inputs, "spec", "type") == "LoadBalancer":
        yield Gap(what="load balancer", why="the cluster makes it in its own cloud")
    elif kind in ("Ingress", "Gateway"):
        yield Gap(what="load balancer", why="the cluster's controller may make one")
    elif kind in ("NodePool", "NodeClaim") and ":karpenter" in resource.type:
        yield Gap(what="machines of Karpenter", why="it starts them as pods ask for them, within the pool's limits")
