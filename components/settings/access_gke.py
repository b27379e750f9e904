"""`infraplatform:cluster.access` on GKE: who else uses the cluster, in the same words as on EKS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Fault, Settings, rule
from components.settings.cluster import AccessPolicy, Namespace
from components.settings.values import EachOnce, matching

GROUP: Final = "group:"
"""What a Google group starts with as a principal of IAM."""

GcpPrincipal = Annotated[
    str,
    matching(
        r"^(user:[^\s@]+@[^\s@]+\.[a-z]+"
        r"|group:[^\s@]+@[^\s@]+\.[a-z]+"
        r"|serviceAccount:[^\s@]+@[a-z0-9.-]+\.gserviceaccount\.com"
        r"|principal(Set)?://iam\.googleapis\.com/\S+)$",
        "user:<email>, group:<email>, serviceAccount:<email> or principal://iam.googleapis.com/...",
        examples=["serviceAccount:deployer@my-project.iam.gserviceaccount.com"],
    ),
]
"""Who IAM gives roles to; `allUsers` and `allAuthenticatedUsers` are nobody's name."""
SecurityGroup = Annotated[
    str,
    matching(
        r"^gke-security-groups@[a-z0-9-]+(\.[a-z0-9-]+)+$",
        "gke-security-groups@<your domain>, the one name that GKE takes",
        examples=["gke-security-groups@example.com"],
    ),
]
"""Source: terraform-google-kubernetes-engine, README, authenticator_security_group, commit bb176b2, read 2026-11-29."""


class GkeAccessSettings(Settings):
    """One principal's access to the Kubernetes API."""

    principal: GcpPrincipal
    """Who, as IAM writes it; a group needs cluster.security_group."""
    policy: AccessPolicy = AccessPolicy.VIEW
    """What it may do: Kubernetes' own role of that name."""
    namespaces: Annotated[tuple[Namespace, ...], EachOnce, Field(examples=[["payments"]])] = ()
    """Namespaces it holds in, which exist already; all where left out."""

    @rule
    def gke_cluster_admins_have_no_namespaces(self) -> Iterator[Fault]:
        """A cluster administrator's rights hold in the whole cluster."""
        if self.policy is AccessPolicy.CLUSTER_ADMIN and self.namespaces:
            problem = "cluster-admin holds in the whole cluster"
            yield Fault(("namespaces",), problem, "remove them, or write policy: admin")


def access_faults(
    access: Mapping[str, GkeAccessSettings], deployers: Sequence[str], security_group: str | None
) -> Iterator[Fault]:
    """Principals with two entries, and groups that the cluster does not know."""
    entries = Counter(entry.principal for entry in access.values())
    for name, entry in access.items():
        path = ("access", name, "principal")
        if entry.principal in deployers:
            problem = f"{entry.principal} is one of deployers already"
            yield Fault(path, problem, "remove it here; deployers may do everything")
        elif entries[entry.principal] > 1:
            problem = f"{entry.principal} has {entries[entry.principal]} entries"
            yield Fault(path, problem, "write one entry for each principal")
        if entry.principal.startswith(GROUP) and security_group is None:
            domain = entry.principal.partition("@")[2]
            remedy = f"write cluster.security_group: gke-security-groups@{domain}, which this group is a member of"
            yield Fault(path, "is a group, and the cluster asks Google about none", remedy)
