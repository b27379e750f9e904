"""Who is who at the API server, beside client certificates: nobody anonymous, and people by an issuer's tokens.

`AuthenticationConfiguration` of apiserver.config.k8s.io/v1 takes the place of --anonymous-auth and the --oidc flags.
Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration and
k8s.io/apiserver, pkg/apis/apiserver/v1/types.go; the tests have the real API server read what is written here.
"""

from __future__ import annotations

from typing import Any

import yaml

from components.settings import LoginSettings


def authentication_file(anonymous: str, login: LoginSettings | None) -> str:
    """The API server's file: `anonymous` is the text of what only limits anonymous requests."""
    if login is None:
        return anonymous
    return f"{anonymous.rstrip()}\n{yaml.safe_dump({'jwt': [_issuer(login)]}, sort_keys=False)}"


def _issuer(login: LoginSettings) -> dict[str, Any]:
    issuer: dict[str, Any] = {"url": login.issuer, "audiences": [login.client_id, *login.audiences]}
    if login.audiences:
        issuer["audienceMatchPolicy"] = "MatchAny"
    if login.ca is not None:
        issuer["certificateAuthority"] = login.ca
    mappings: dict[str, Any] = {"username": {"claim": login.username_claim, "prefix": login.prefix}}
    if login.groups_claim is not None:
        mappings["groups"] = {"claim": login.groups_claim, "prefix": login.prefix}
    return {"issuer": issuer, "claimMappings": mappings}
