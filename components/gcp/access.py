"""Who may use a cluster's API: roles in IAM for the settings' principals, nothing derived from whoever runs Pulumi."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.incluster.access import Access
from components.settings import GcpProviderSettings, GkeAccessSettings, GkeClusterSettings

ADMINISTRATOR: Final = "roles/container.admin"
"""All of a cluster and of what is in it; the DNS endpoint's door (container.clusters.connect) too.

Least that deployers do with: in-cluster rights given by RBAC alone would need an administrator to give them first.
"""
VISITOR: Final = "roles/container.clusterViewer"
"""The way to the API and nothing inside: what one may do there, Kubernetes' own roles say.

Source: terraform-google-kubernetes-engine, modules/safer-cluster/README.md, commit bb176b2, read 2026-11-29; that it
holds container.clusters.connect, the door of the DNS endpoint, is known, not read.
"""
_GROUPS: Final = ("group:", "principalSet:")
"""Principals of IAM that are groups to Kubernetes."""


@dataclass(frozen=True, kw_only=True)
class AccessArgs:
    """The cluster that access is given to."""

    cluster: gcp.container.Cluster
    provider: GcpProviderSettings
    parent: pulumi.Resource


def grant_access(name: str, settings: GkeClusterSettings, args: AccessArgs) -> Sequence[pulumi.Resource]:
    """Make the deployers administrators of this cluster, and let the others in; of no other cluster in the project.

    Returns:
        The deployers' rights, which everything in the cluster waits for.
    """
    deployers = [
        _role_in_one_cluster(f"{name}-deployer-{principal_key(principal)}", ADMINISTRATOR, principal, args)
        for principal in settings.deployers
    ]
    for key, entry in settings.access.items():
        _role_in_one_cluster(f"{name}-access-{key}", VISITOR, entry.principal, args)
    return deployers


def in_kubernetes(access: Mapping[str, GkeAccessSettings]) -> dict[str, Access]:
    """What the settings' principals may do inside the cluster.

    A user or service account is its email there, everybody else what IAM calls it. Source: GKE documentation,
    "Authorize actions in clusters using RBAC", subjects, as known in 2026-11; not read.
    """
    return {
        key: Access(
            kind="Group" if entry.principal.startswith(_GROUPS) else "User",
            name=_name_in_kubernetes(entry.principal),
            cluster_role=entry.policy.value,
            namespaces=entry.namespaces,
        )
        for key, entry in access.items()
    }


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


def _name_in_kubernetes(principal: str) -> str:
    kind, _, email = principal.partition(":")
    return principal if kind.startswith("principal") else email


def _role_in_one_cluster(logical_name: str, role: str, principal: str, args: AccessArgs) -> gcp.projects.IAMMember:
    """A role in the project that holds for the one cluster alone."""
    project, region = args.provider.project, args.provider.region
    cluster_path = pulumi.Output.concat(f"projects/{project}/locations/{region}/clusters/", args.cluster.name)
    does = "Administers" if role == ADMINISTRATOR else "Reaches"
    return gcp.projects.IAMMember(
        logical_name,
        project=project,
        role=role,
        member=principal,
        condition=gcp.projects.IAMMemberConditionArgs(
            title="one cluster",
            description=f"{does} one GKE cluster and what is in it.",
            expression=cluster_path.apply(only_within),
        ),
        opts=pulumi.ResourceOptions(parent=args.parent),
    )
