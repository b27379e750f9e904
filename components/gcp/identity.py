"""Workload identity on GKE: a service account's pods act as a service account of Google Cloud."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.errors import ConfigurationError, Mistake
from components.gcp.service_accounts import AccountArgs, account_with_roles
from components.settings import GcpProviderSettings
from components.terms import Permissions, ServiceAccount, WorkloadIdentity

ANNOTATION: Final = "iam.gke.io/gcp-service-account"
"""Annotation of a Kubernetes service account: the email of the one that its pods act as."""
_ROLE: Final = re.compile(r"(projects/[^/]+/|organizations/\d+/)?roles/[A-Za-z0-9_.]+")
_PROJECT: Final = re.compile(r"projects/[a-z][a-z0-9-]{4,28}[a-z0-9]")


@dataclass(frozen=True, kw_only=True)
class IdentitiesArgs:
    """The cluster whose service accounts get identities."""

    cluster: gcp.container.Cluster
    provider: GcpProviderSettings
    parent: pulumi.Resource


class WorkloadIdentities:
    """Gives the service accounts of one cluster their service accounts of Google Cloud, one each.

    A binding names the account by namespace and name in the project's one workload pool, so a cluster of the same
    project can take it for its own account of that name: Google Cloud offers no narrower one. Who must not share keeps
    clusters in projects of their own. Non-goals: roles on less than a project, which users give to the principal.
    """

    def __init__(self, name: str, args: IdentitiesArgs) -> None:
        self._name = name
        self._args = args
        self._granted: set[ServiceAccount] = set()

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Make the service account of Google Cloud and let the Kubernetes one act as it.

        Raises:
            ConfigurationError: the account has a grant already, or permissions are not in Google Cloud's words.
        """
        mistakes = list(grant_mistakes(service_account, permissions))
        if service_account in self._granted:
            mistakes.append(_mistake(service_account, "it has a grant already", "put all its permissions in one"))
        if mistakes or permissions.scope is None:
            raise ConfigurationError(mistakes)
        self._granted.add(service_account)

        args = self._args
        name = f"{self._name}-{service_account.namespace}-{service_account.name}"
        made = account_with_roles(
            name,
            AccountArgs(
                project=args.provider.project,
                account_id=account_id(pulumi.get_project(), pulumi.get_stack(), self._name, service_account),
                display_name=f"Pods in namespace {service_account.namespace}",
                description=service_account.name,
                roles=permissions.roles,
                scope=pulumi.Output.from_input(permissions.scope).apply(lambda scope: scope.removeprefix("projects/")),
                parent=args.parent,
            ),
        )
        binding = gcp.serviceaccount.IAMMember(
            name,
            service_account_id=made.account.name,
            role="roles/iam.workloadIdentityUser",
            member=pool_member(args.provider.project, service_account),
            opts=pulumi.ResourceOptions(parent=args.parent, depends_on=[args.cluster]),  # the first cluster's pool
        )
        return WorkloadIdentity(
            principal=made.account.email,
            service_account_annotations={ANNOTATION: made.account.email},
            ready=(binding, *made.rights),
        )


def account_id(project: str, stack: str, cluster: str, service_account: ServiceAccount) -> str:
    """The id of a service account's identity: 30 characters hold no two names, so a hash tells whose it is.

    What is hashed, and in which order, is frozen: a change would replace every identity.
    """
    owner = [project, stack, cluster, service_account.namespace, service_account.name]
    return f"workload-{hashlib.sha256(json.dumps(owner).encode()).hexdigest()[:16]}"


def pool_member(project: str, service_account: ServiceAccount) -> str:
    """How IAM calls a service account of the project's clusters."""
    return f"serviceAccount:{project}.svc.id.goog[{service_account.namespace}/{service_account.name}]"


def grant_mistakes(service_account: ServiceAccount, permissions: Permissions) -> Iterator[Mistake]:
    """What of `permissions` is not in Google Cloud's words."""
    for key in permissions.policies:
        yield _mistake(service_account, f"policy {key!r} means nothing on Google Cloud", "give roles")
    if not permissions.roles:
        yield _mistake(service_account, "it would permit nothing", "give roles")
    for key, role in permissions.roles.items():
        if isinstance(role, str) and not _ROLE.fullmatch(role):
            yield _mistake(service_account, f"role {key!r} is {role!r}, which is no role's name", "write roles/...")
    scope = permissions.scope
    if scope is None:
        yield _mistake(service_account, "its roles have no scope", "write projects/<project>")
    elif isinstance(scope, str) and not _PROJECT.fullmatch(scope):
        yield _mistake(service_account, f"scope {scope!r} is no project", "write projects/<project>")


def _mistake(service_account: ServiceAccount, problem: str, remedy: str) -> Mistake:
    return Mistake(f"grant to {service_account.namespace}/{service_account.name}", problem, remedy)
