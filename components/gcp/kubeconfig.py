"""kubeconfigs that hold no credential: each command asks Google Cloud for a token."""

from __future__ import annotations

import json


def exec_kubeconfig(
    *, cluster_name: str, api_url: str, ca_certificate: str | None, proxy_url: str | None = None
) -> str:
    """A kubeconfig as JSON text, which is YAML, that gets its token from gke-gcloud-auth-plugin.

    It takes Application Default Credentials, as Pulumi's own provider does: who runs kubectl, or Pulumi, brings them,
    on a laptop as in CI, and no other account of gcloud's gets in between. `ca_certificate` is base64 of PEM; None by
    the DNS endpoint, whose certificate is a public one: gcloud leaves it out there too.

    Source: Google Cloud SDK, lib/googlecloudsdk/api_lib/container/kubeconfig.py, read 2026-11-23.
    """
    cluster = {"server": api_url}
    if ca_certificate is not None:
        cluster["certificate-authority-data"] = ca_certificate
    if proxy_url is not None:
        cluster["proxy-url"] = proxy_url
    get_token = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "gke-gcloud-auth-plugin",
        "args": ["--use_application_default_credentials"],
        "installHint": "gcloud components install gke-gcloud-auth-plugin",
        "interactiveMode": "IfAvailable",
        "provideClusterInfo": True,
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
