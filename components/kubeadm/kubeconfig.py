"""kubeconfigs that hold a client certificate: the operators', and the one that a node joins by."""

from __future__ import annotations

import base64
import json


def certificate_kubeconfig(*, cluster_name: str, api_url: str, authority: str, certificate: str, key: str) -> str:
    """A kubeconfig as JSON text, which is YAML; certificates and key are given as PEM."""
    cluster = {"server": api_url, "certificate-authority-data": base64_of(authority)}
    user = {"client-certificate-data": base64_of(certificate), "client-key-data": base64_of(key)}
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
