"""Workload identity on AKS: a service account's pods act as a managed identity of Azure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import containerservice, managedidentity

from components.azure.roles import assign_to_identity
from components.errors import ConfigurationError, Mistake
from components.settings import AzureProviderSettings
from components.terms import Permissions, ServiceAccount, WorkloadIdentity

ANNOTATION: Final = "azure.workload.identity/client-id"
"""Annotation of a Kubernetes service account: the client id of the identity that its pods act as."""
POD_LABEL: Final = "azure.workload.identity/use"
"""Label of pods that get the account's token for Azure."""
AUDIENCE: Final = "api://AzureADTokenExchange"
"""Whom the tokens are for. Source of the three: Azure AD workload identity documentation, read 2026-11."""
_GUID: Final = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ROLE: Final = re.compile(rf"/(subscriptions/{_GUID}/)?providers/Microsoft\.Authorization/roleDefinitions/{_GUID}")
_SCOPE: Final = re.compile(rf"/(subscriptions/{_GUID}|providers/Microsoft\.Management/managementGroups/[^/]+)(/.+)?")


@dataclass(frozen=True, kw_only=True)
class WorkloadIdentitiesArgs:
    """The cluster whose service accounts get identities."""

    cluster: containerservice.ManagedCluster
    issuer: pulumi.Output[str]
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    tags: Mapping[str, str]
    parent: pulumi.Resource


class WorkloadIdentities:
    """Gives the service accounts of one cluster their managed identities, one each.

    A credential names the cluster's own issuer, so no other cluster's account of that name can use it.
    """

    def __init__(self, name: str, args: WorkloadIdentitiesArgs) -> None:
        self._name = name
        self._args = args
        self._granted: set[ServiceAccount] = set()

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Make the identity, let the service account act as it, and give it its roles.

        Raises:
            ConfigurationError: the account has a grant already, or permissions are not in Azure's words.
        """
        mistakes = list(grant_mistakes(service_account, permissions))
        if service_account in self._granted:
            mistakes.append(_mistake(service_account, "it has a grant already", "put all its permissions in one"))
        if mistakes or permissions.scope is None:
            raise ConfigurationError(mistakes)
        self._granted.add(service_account)

        name = f"{self._name}-{service_account.namespace}-{service_account.name}"
        identity = self._identity(name)
        credential = self._credential(name, identity, service_account)
        rights = [
            assign_to_identity(
                f"{name}-{key}",
                identity,
                role_definition_id=role,
                scope=permissions.scope,
                parent=self._args.parent,
            )
            for key, role in permissions.roles.items()
        ]
        return WorkloadIdentity(
            principal=identity.client_id,
            service_account_annotations={ANNOTATION: identity.client_id},
            pod_labels={POD_LABEL: "true"},
            ready=(credential, *rights),
        )

    def _identity(self, name: str) -> managedidentity.UserAssignedIdentity:
        args = self._args
        return managedidentity.UserAssignedIdentity(
            name,
            resource_group_name=args.resource_group_name,
            location=args.provider.region,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=args.parent),
        )

    def _credential(
        self, name: str, identity: managedidentity.UserAssignedIdentity, service_account: ServiceAccount
    ) -> managedidentity.FederatedIdentityCredential:
        """What lets the account's tokens in. A cluster has one issuer for its whole life, which previews forget."""
        args = self._args
        return managedidentity.FederatedIdentityCredential(
            name,
            resource_group_name=args.resource_group_name,
            resource_name_=identity.name,
            federated_identity_credential_resource_name="kubernetes",
            issuer=args.issuer,
            subject=f"system:serviceaccount:{service_account.namespace}:{service_account.name}",
            audiences=[AUDIENCE],
            opts=pulumi.ResourceOptions(parent=args.parent, ignore_changes=["issuer"], replace_with=[args.cluster]),
        )


def grant_mistakes(service_account: ServiceAccount, permissions: Permissions) -> Iterator[Mistake]:
    """What of `permissions` is not in Azure's words."""
    for key in permissions.policies:
        yield _mistake(service_account, f"policy {key!r} means nothing on Azure", "give roles")
    if not permissions.roles:
        yield _mistake(service_account, "it would permit nothing", "give roles")
    for key, role in permissions.roles.items():
        if isinstance(role, str) and not _ROLE.fullmatch(role):
            remedy = "write /subscriptions/<id>/providers/Microsoft.Authorization/roleDefinitions/<id>"
            yield _mistake(service_account, f"role {key!r} is {role!r}, which is no role definition's id", remedy)
    scope = permissions.scope
    if scope is None:
        yield _mistake(service_account, "its roles have no scope", "write a resource's, group's or subscription's id")
    elif isinstance(scope, str) and not _SCOPE.fullmatch(scope):
        yield _mistake(service_account, f"scope {scope!r} is no id of Azure", "write /subscriptions/<id>/...")


def _mistake(service_account: ServiceAccount, problem: str, remedy: str) -> Mistake:
    return Mistake(f"grant to {service_account.namespace}/{service_account.name}", problem, remedy)
