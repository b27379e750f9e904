"""kubeconfigs: the operators' and a node's for joining, by a client certificate; people's, by a login."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from components.settings import LoginSettings


def certificate_kubeconfig(*, cluster_name: str, api_url: str, authority: str, certificate: str, key: str) -> str:
    """A kubeconfig as JSON text, which is YAML; certificates and key are given as PEM."""
    user = {"client-certificate-data": base64_of(certificate), "client-key-data": base64_of(key)}
    return _kubeconfig(cluster_name, api_url, base64_of(authority), user)


def login_kubeconfig(*, cluster_name: str, api_url: str, ca_certificate: str, login: LoginSettings) -> str:
    """A kubeconfig without any credential: each person logs in at the issuer, by the kubectl plugin oidc-login.

    Source of its words: github.com/int128/kubelogin, docs/usage.md, commit 10fa94c, read 2026-11-29. It asks for the
    scope openid by itself, and for a code by PKCE, so that a public client needs no secret. `ca_certificate` is base64
    of PEM.
    """
    words = [f"--oidc-issuer-url={login.issuer}", f"--oidc-client-id={login.client_id}"]
    words += [f"--oidc-extra-scope={scope}" for scope in login.scopes]
    if login.ca is not None:
        words.append(f"--certificate-authority-data={base64_of(login.ca)}")
    get_token = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "kubectl",
        "args": ["oidc-login", "get-token", *words],
        "interactiveMode": "IfAvailable",
        "installHint": "install the kubectl plugin oidc-login: `kubectl krew install oidc-login`",
        "provideClusterInfo": False,
    }
    return _kubeconfig(cluster_name, api_url, ca_certificate, {"exec": get_token})


def _kubeconfig(cluster_name: str, api_url: str, ca_certificate: str, user: Mapping[str, Any]) -> str:
    cluster = {"server": api_url, "certificate-authority-data": ca_certificate}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster_name, "cluster": cluster}],
            "users": [{"name": cluster_name, "user": user}],
            "contexts": [{"name": cluster_name, "context": {"cluster": cluster_name, "user": cluster_name}}],
            "current-context": cluster_name,
        }
    )


def base64_of(text: str) -> str:
    """Text as kubeconfigs hold it."""
    return base64.b64encode(text.encode()).decode()
