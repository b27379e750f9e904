"""`infraplatform:cluster.login` by kubeadm: people log in at an OpenID Connect issuer, not by certificates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Fault, Settings, rule
from components.settings.values import EachOnce, matching

_RESERVED: Final = "system:"

IssuerUrl = Annotated[
    str,
    matching(
        r"^https://[^\s/@?#]+(/[^\s?#]*)?$",
        "the issuer's address with https://, as its tokens name it in `iss`",
        examples=["https://login.example/realms/platform"],
    ),
]
ClaimName = Annotated[
    str, matching(r"^[A-Za-z0-9_.:/-]+$", "the name of a claim in the issuer's tokens", examples=["email"])
]
ScopeName = Annotated[
    str, matching(r"^[!#-+\--\[\]-~]+$", "a scope's name, without blanks and commas", examples=["groups"])
]
Prefix = Annotated[
    str, matching(r"^[A-Za-z0-9_.:/@-]+$", "letters, digits and _.:/@-, at least one", examples=["oidc:"])
]
CertificatePem = Annotated[
    str,
    matching(
        r"^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n-]+(\n[A-Z -]+)*-----END CERTIFICATE-----\n?$",
        "certificates as PEM",
        examples=["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"],
    ),
]


class LoginSettings(Settings):
    """People's tokens, which the API server verifies by the issuer's own keys. What they may do, RBAC says."""

    issuer: IssuerUrl
    """The issuer; control planes reach it, or its keys are not known."""
    client_id: Annotated[str, Field(min_length=1, max_length=200, examples=["kubernetes"])]
    """The client that people log in by; tokens for others are refused."""
    audiences: Annotated[tuple[str, ...], EachOnce, Field(max_length=20, examples=[["kubernetes-ci"]])] = ()
    """Further audiences whose tokens are taken."""
    username_claim: ClaimName = "sub"
    """The claim that is the user's name; with email, email_verified must not be false."""
    groups_claim: ClaimName | None = "groups"
    """The claim that lists the user's groups; null: none do."""
    scopes: Annotated[tuple[ScopeName, ...], EachOnce, Field(max_length=20, examples=[["email", "groups"]])] = ()
    """What people's logins ask for beside openid, where the issuer puts no groups into a token unasked."""
    prefix: Prefix = "oidc:"
    """Comes before users' and groups' names, so that no issuer can make a name of Kubernetes' own."""
    ca: CertificatePem | None = None
    """Certificates that the issuer's is signed by; left out: those that the control planes' image trusts."""

    @rule
    def names_are_not_kubernetes_own(self) -> Iterator[Fault]:
        """Whoever may write `system:masters` into a token would own the cluster."""
        if self.prefix.startswith(_RESERVED):
            yield Fault(("prefix",), f"is {self.prefix}, which Kubernetes' own names begin with", "write oidc:")

    @rule
    def the_client_is_named_once(self) -> Iterator[Fault]:
        """Audiences are others than the client."""
        if self.client_id in self.audiences:
            place = self.audiences.index(self.client_id)
            yield Fault(("audiences", place), f"is {self.client_id}, the client_id", "remove it")
