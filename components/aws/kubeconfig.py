"""kubeconfigs that hold no credential: each command asks AWS for a token."""

from __future__ import annotations

import json


def exec_kubeconfig(
    *, cluster_name: str, api_url: str, ca_certificate: str, region: str, proxy_url: str | None = None
) -> str:
    """A kubeconfig as JSON text, which is YAML, that gets its token from the AWS CLI.

    It names no profile and no role: who runs kubectl, or Pulumi, brings the credentials, on a laptop as in CI.
    `ca_certificate` is base64 of PEM.
    """
    cluster = {"server": api_url, "certificate-authority-data": ca_certificate}
    if proxy_url is not None:
        cluster["proxy-url"] = proxy_url
    get_token = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["eks", "get-token", "--cluster-name", cluster_name, "--region", region],
        "interactiveMode": "IfAvailable",
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster_name, "cluster": cluster}],
            "users": [{"name": cluster_name, "user": {"exec": get_token}}],
            "contexts": [{"name": cluster_name, "context": {"cluster": cluster_name, "user": cluster_name}}],
            "current-context": cluster_name,
        }
    )
