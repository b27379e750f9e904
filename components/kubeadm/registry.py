"""The registry that a cluster runs itself: what its nodes are told of it, and what control planes apply for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from components.kubeadm.charts import Chart
from components.kubeadm.harbor import (
    HARBOR_RELEASE,
    harbor_chart,
    harbor_manifest,
    harbor_secret_values,
    harbor_variables,
)
from components.settings import HarborRegistrySettings, SelfHostedRegistrySettings
from components.versions import REGISTRY_VERSION

NAMESPACE: Final = "infraplatform-registry"
"""Also in `self_hosted_registry/` and `node/registry.sh`. Harbor has one of its own."""
AUTHORITY_FILE: Final = "/etc/kubernetes/pki/ca.crt"
"""Who signs its certificate; kubeadm puts this file on every node."""
USERNAME: Final = "platform"
MANIFEST: Final = "40-registry.yaml"
USERS_MANIFEST: Final = "30-registry-users.yaml"
_HERE: Final = Path(__file__).parent / "self_hosted_registry"


@dataclass(frozen=True, kw_only=True)
class OwnRegistry:
    """A registry in the cluster, by the name that its images begin with: distribution by a manifest, or Harbor."""

    name: str
    settings: SelfHostedRegistrySettings | HarborRegistrySettings

    @property
    def host(self) -> str:
        """Its name and port."""
        return f"{self.name}:{self.settings.node_port}"

    def charts(self, proxies: Mapping[str, str]) -> Sequence[Chart]:
        """The charts that it comes by; `proxies` are as `node.env` has them."""
        if not isinstance(self.settings, HarborRegistrySettings):
            return ()
        return (harbor_chart(self.settings, self.host, proxies),)

    @property
    def nodes_log_in(self) -> bool:
        """Whether nodes have its user's password. Harbor's may do all that there is, so they do not."""
        return not isinstance(self.settings, HarborRegistrySettings)

    @property
    def trusted_by_all(self) -> Mapping[str, str]:
        """The CA's file by registry, where nodes pull from it without a login."""
        return {} if self.nodes_log_in else {self.host: AUTHORITY_FILE}

    @property
    def variables(self) -> Mapping[str, str]:
        """What the node program knows of it."""
        more = harbor_variables() if isinstance(self.settings, HarborRegistrySettings) else {}
        return {"REGISTRY": self.host, **more}

    def secret_files(self, secrets: Mapping[str, str]) -> Mapping[str, str]:
        """What control planes are told of it in secret, by name below the folder of secrets."""
        if isinstance(self.settings, HarborRegistrySettings):
            return {
                f"manifests/{USERS_MANIFEST}": harbor_manifest(secrets),
                f"charts/{HARBOR_RELEASE}.yaml": harbor_secret_values(secrets),
            }
        return {f"manifests/{USERS_MANIFEST}": users_manifest(secrets["htpasswd"])}

    def manifests(self) -> Mapping[str, str]:
        """Its public manifests by name, with placeholders."""
        return {} if isinstance(self.settings, HarborRegistrySettings) else {MANIFEST: manifest_text()}

    def manifest_values(self) -> Mapping[str, str]:
        """What its manifest's placeholders stand for."""
        storage_class = self.settings.storage_class
        return {
            "REGISTRY_IMAGE": f"docker.io/library/registry:{REGISTRY_VERSION}",
            "NODE_PORT": str(self.settings.node_port),
            "SIZE_GIB": str(self.settings.size_gib),
            "STORAGE_CLASS": "" if storage_class is None else f"  storageClassName: {storage_class}\n",
        }


def own_registry(settings: SelfHostedRegistrySettings | HarborRegistrySettings, cluster_name: str) -> OwnRegistry:
    """The registry of a cluster; `.internal` is a domain that the DNS root never delegates (ICANN, 2024-07-29)."""
    return OwnRegistry(name=settings.host or f"registry.{cluster_name}.internal", settings=settings)


def manifest_text() -> str:
    """Its manifest, with placeholders."""
    return (_HERE / MANIFEST).read_text(encoding="utf-8")


def users_manifest(htpasswd: str) -> str:
    """Its namespace and its users; JSON is YAML."""
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels}}
    users: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "registry-users", "namespace": NAMESPACE},
        "stringData": {"htpasswd": htpasswd},
    }
    return f"{json.dumps(namespace)}\n---\n{json.dumps(users)}\n"
