"""kubeconfigs that hold no credential: each command asks Entra ID for a token."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import pulumi
import yaml
from pulumi_azure_native import containerservice

from components.errors import PlatformError
from components.settings import AzureProviderSettings

_AKS_SERVER: Final = "6dae42f8-4368-4678-94ff-3960e28e3630"
"""The application in every Entra tenant that tokens for AKS are made for.

Source: kubelogin documentation, "AKS", read 2026-11-29.
"""


@dataclass(frozen=True)
class Endpoint:
    """Where an API server answers, and the authority (base64 of PEM) that signs for it."""

    api_url: str
    ca_certificate: str


def endpoint(
    cluster: containerservice.ManagedCluster, resource_group_name: pulumi.Output[str]
) -> pulumi.Output[Endpoint]:
    """The cluster's address and authority, as Azure tells its users.

    No output of the cluster holds the authority, and its outputs are unknown to each preview that updates it; its name
    is not. So Azure is asked once the name is known, which no first preview does, and the rest of the answer, a way to
    get a token, is left. It is a lookup that the cluster itself feeds, not one that a plan depends on.
    """
    answer = containerservice.list_managed_cluster_user_credentials_output(
        resource_group_name=resource_group_name,
        resource_name=cluster.name,
        format="exec",
        opts=pulumi.InvokeOutputOptions(parent=cluster),
    )
    return answer.apply(lambda found: read_endpoint([each.value for each in found.kubeconfigs]))


def read_endpoint(kubeconfigs: list[str]) -> Endpoint:
    """The first kubeconfig's cluster.

    Raises:
        PlatformError: Azure lists none, or it is no kubeconfig.
    """
    try:
        document: Mapping[str, Any] = yaml.safe_load(base64.b64decode(kubeconfigs[0]))
        found = cast("Mapping[str, str]", document["clusters"][0]["cluster"])
        return Endpoint(found["server"], found["certificate-authority-data"])
    except (IndexError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise PlatformError(f"Azure's answer for the cluster's users holds no kubeconfig ({error!r})") from error


def exec_kubeconfig(
    *, cluster_name: str, where: Endpoint, provider: AzureProviderSettings, proxy_url: str | None = None
) -> str:
    """A kubeconfig as JSON text, which is YAML, that gets its token from kubelogin.

    It takes the login of the Azure CLI: who runs kubectl, or Pulumi, brings it, on a laptop as in CI. Another way,
    such as workload identity, is said by kubelogin's own variable AAD_LOGIN_METHOD, which wins.

    Source: Azure/kubelogin, pkg/internal/token/options.go, read 2026-11-29.
    """
    cluster = {"server": where.api_url, "certificate-authority-data": where.ca_certificate}
    if proxy_url is not None:
        cluster["proxy-url"] = proxy_url
    get_token = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": ["get-token", "--login", "azurecli", "--server-id", _AKS_SERVER, "--tenant-id", provider.tenant_id],
        "installHint": "az aks install-cli",
        "interactiveMode": "IfAvailable",
        "provideClusterInfo": False,
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
