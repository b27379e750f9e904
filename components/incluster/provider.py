"""The one way to a Kubernetes provider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pulumi
import pulumi_kubernetes as kubernetes


class ClusterAccess(Protocol):
    """What of a cluster the objects inside it need: `contract.Cluster` has it, and so has a reference to a stack."""

    @property
    def cluster_name(self) -> pulumi.Output[str]:
        """The physical name; changes exactly when the cluster is replaced."""
        ...

    @property
    def kubeconfig(self) -> pulumi.Output[str]:
        """kubeconfig as JSON text; always a Pulumi secret."""
        ...

    @property
    def control_plane(self) -> pulumi.Resource | None:
        """The resource whose deletion takes every object along; None where another stack holds it."""
        ...

    @property
    def ready(self) -> Sequence[pulumi.Resource]:
        """What objects wait for: the deployers' access."""
        ...


def kubernetes_provider(
    name: str, cluster: ClusterAccess, opts: pulumi.ResourceOptions | None = None
) -> kubernetes.Provider:
    """Make the provider of a cluster's objects.

    It is replaced, and every object with it, exactly when `cluster_name` changes; a new version, endpoint or tag of
    the cluster updates it in place. Two options are left to whoever runs Pulumi, by their environment variables, for
    the one run that needs them:

    - PULUMI_K8S_DELETE_UNREACHABLE forgets the objects of a cluster that does not answer. Always on, a refresh behind
      a broken VPN would drop every object from the state. It is for the in-cluster stack whose infrastructure was
      destroyed first: `deleted_with` cannot name another stack's cluster.
    - PULUMI_K8S_SKIP_UPDATE_UNREACHABLE reports success for updates that were not made. It is for previews in a CI
      without a way to a private endpoint, never for `pulumi up`.
    """
    return kubernetes.Provider(
        name,
        kubeconfig=cluster.kubeconfig,
        cluster_identifier=cluster.cluster_name,
        enable_server_side_apply=True,
        opts=opts,
    )
