"""Service accounts with their roles in the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp


@dataclass(frozen=True, kw_only=True)
class AccountArgs:
    """What a service account is made from: its id is autonamed where None, and roles have short stable keys."""

    project: str
    display_name: str
    description: str
    roles: Mapping[str, pulumi.Input[str]]
    scope: pulumi.Input[str]
    parent: pulumi.Resource
    account_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class AccountWithRoles:
    """A service account, and what must stand before it may do what it is for."""

    account: gcp.serviceaccount.Account
    rights: tuple[pulumi.Resource, ...]


def account_with_roles(name: str, args: AccountArgs) -> AccountWithRoles:
    """Make the service account and give it the roles on the project `scope`.

    Each role is a membership of its own, which leaves everybody else's alone. The account has no key.
    """
    child = pulumi.ResourceOptions(parent=args.parent)
    account = gcp.serviceaccount.Account(
        name,
        project=args.project,
        account_id=args.account_id,
        display_name=args.display_name,
        description=args.description,
        opts=child,
    )
    rights = tuple(
        gcp.projects.IAMMember(f"{name}-{key}", project=args.scope, role=role, member=account.member, opts=child)
        for key, role in args.roles.items()
    )
    return AccountWithRoles(account=account, rights=rights)
