"""Who may use a cluster's API: roles in IAM for the settings' principals, nothing derived from whoever runs Pulumi."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.settings import GcpProviderSettings, GkeClusterSettings

ADMINISTRATOR: Final = "roles/container.admin"
"""All of a cluster and of what is in it; the DNS endpoint's door (container.clusters.connect) too.

Least that deployers do with: in-cluster rights given by RBAC alone would need an administrator to give them first.
"""


def grant_access(
    name: str,
    settings: GkeClusterSettings,
    provider: GcpProviderSettings,
    cluster: gcp.container.Cluster,
    parent: pulumi.Resource,
) -> Sequence[pulumi.Resource]:
    """Make the deployers administrators of this cluster, and of no other in the project.

    Returns:
        Their rights, which everything in the cluster waits for.
    """
    cluster_path = pulumi.Output.concat(
        f"projects/{provider.project}/locations/{provider.region}/clusters/", cluster.name
    )
    return [
        gcp.projects.IAMMember(
            f"{name}-deployer-{principal_key(principal)}",
            project=provider.project,
            role=ADMINISTRATOR,
            member=principal,
            condition=gcp.projects.IAMMemberConditionArgs(
                title="one cluster",
                description="Administers one GKE cluster and what is in it.",
                expression=cluster_path.apply(only_within),
            ),
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for principal in settings.deployers
    ]


def only_within(cluster_path: str) -> str:
    """The condition of a role that holds for one cluster: itself, and what has a name below its own.

    Source: IAM documentation, "Resource attributes for IAM Conditions", name format of regional GKE clusters, read
    2026-11-23; not tried on a cluster.
    """
    return f'resource.name == "{cluster_path}" || resource.name.startsWith("{cluster_path}/")'


def principal_key(principal: str) -> str:
    """A short stable key of a principal: its name without the domain, and six digits that tell equal names apart."""
    name = principal.rpartition("/")[2].rpartition(":")[2].partition("@")[0]
    return f"{name}-{hashlib.sha256(principal.encode()).hexdigest()[:6]}"
