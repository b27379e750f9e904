"""The infrastructure that an in-cluster stack stands on: another stack's exports, read by stack reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pulumi

from components.errors import PlatformError
from components.terms import WorkloadIdentity

IN_CLUSTER: Final = "in_cluster"
"""The export that holds what `exports()` makes. No secret is in it: one would make all of it secret."""


def exports(
    *,
    file_system_id: pulumi.Output[str] | None,
    interruption_queue: pulumi.Output[str] | None,
    autoscaler: WorkloadIdentity | None,
    volume_group: pulumi.Output[str] | None = None,
) -> dict[str, pulumi.Output[str] | None]:
    """What an infrastructure stack exports as `in_cluster`, beyond what every stack exports."""
    return {
        "file_system_id": file_system_id,
        "interruption_queue": interruption_queue,
        "autoscaler_principal": autoscaler.principal if autoscaler else None,
        "volume_group": volume_group,
    }


class InfrastructureReference:
    """The parts of an infrastructure stack that objects inside its cluster need; a `ClusterAccess`.

    `control_plane` is None: a resource of this stack cannot go with another stack's. So this stack is destroyed
    before its infrastructure; see `kubernetes_provider` for the way out where it was not.
    """

    cluster_name: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    node_role: pulumi.Output[str]
    control_plane: pulumi.Resource | None = None
    ready: Sequence[pulumi.Resource] = ()

    def __init__(self, stack: str) -> None:
        """Refer to `stack` by its full name, `organization/project/stack`."""
        self._stack = stack
        self._reference = pulumi.StackReference("infrastructure", stack_name=stack)
        self.cluster_name = self._text("cluster_name")
        self.kubeconfig = pulumi.Output.secret(self._text("kubeconfig"))
        self.node_role = self._text("node_role")

    @property
    def network_id(self) -> pulumi.Output[str]:
        """The provider's id of the network."""
        return self._text("network_id")

    @property
    def file_system_id(self) -> pulumi.Output[str]:
        """Id of the file system of class `file`."""
        return self._text(IN_CLUSTER, "file_system_id")

    @property
    def volume_group(self) -> pulumi.Output[str]:
        """The resource group that disks of class `block` are made in; on Azure."""
        return self._text(IN_CLUSTER, "volume_group")

    @property
    def interruption_queue(self) -> pulumi.Output[str]:
        """Name of the queue that tells Karpenter of interruptions."""
        return self._text(IN_CLUSTER, "interruption_queue")

    @property
    def autoscaler_identity(self) -> WorkloadIdentity:
        """The autoscaler's identity, which the infrastructure stack has bound to its service account already."""
        return WorkloadIdentity(principal=self._text(IN_CLUSTER, "autoscaler_principal"))

    def node_subnet_ids(self, zones: Sequence[str]) -> Mapping[str, pulumi.Output[str]]:
        """Private subnet for nodes by zone."""
        return {zone: self._text("subnet_ids", "nodes", zone) for zone in zones}

    def security_group_id(self, role: str) -> pulumi.Output[str]:
        """The security group that was made for `role`, as `nodes`."""
        return self._text("security_group_ids", role)

    def mirror_url(self, cache: str) -> pulumi.Output[str]:
        """Prefix to pull an upstream's images by, by the cache's name in the settings."""
        return self._text("mirror_urls", cache)

    def export(self, name: str) -> pulumi.Output[Any]:
        """An export as it is, to pass on; a secret stays one."""
        return self._reference.require_output(name)

    def _text(self, export: str, *path: str) -> pulumi.Output[str]:
        """The text at `path` inside an export; what is missing stops the update, not what uses it."""

        def find(value: object) -> str:
            return text_at(value, (export, *path), self._stack)

        return self._reference.require_output(export).apply(find)


def text_at(value: object, path: Sequence[str], stack: str) -> str:
    """The text inside an export's value, at the rest of `path` after the export's own name.

    Raises:
        PlatformError: the stack exports no text there.
    """
    found = value
    for key in path[1:]:
        found = cast("Mapping[str, object]", found).get(key) if isinstance(found, Mapping) else None
    if not isinstance(found, str):
        where = ".".join(path)
        raise PlatformError(
            f"stack {stack} exports no {where}: run `pulumi up` on it with the same settings and layer: infrastructure"
        )
    return found
