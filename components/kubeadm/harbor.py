"""Harbor: the cluster's own registry with projects, users and rights, by its chart.

Sources, read 2026-11-29: goharbor/harbor-helm 1.19.1, values.yaml and templates/ (what is made anew at every rendering
unless it is given: `core.*`, `jobservice.secret`, `registry.*`); goharbor/harbor, issues about arm64: its images are
for amd64 alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import yaml

from components.binaries import pinned
from components.kubeadm.charts import Chart, Phase
from components.settings import HarborRegistrySettings

HARBOR_CHART: Final = "harbor-chart"
HARBOR_RELEASE: Final = "harbor"
HARBOR_NAMESPACE: Final = "harbor"
HARBOR_ADMIN: Final = "admin"
_VERSION: Final = {"1.19.1": "2.15.1"}[pinned(HARBOR_CHART)]
"""Harbor's by its chart's."""
_CERTIFICATE: Final = "registry-certificate"
"""Also in `node/registry.sh`."""
_NGINX: Final = "harbor-nginx"
_ADMIN_OBJECT: Final = "harbor-admin"
_IMAGES: Final = (
    "harbor-core",
    "harbor-db",
    "harbor-jobservice",
    "harbor-portal",
    "harbor-registryctl",
    "nginx-photon",
    "redis-photon",
    "registry-photon",
)
_SCANNER_IMAGE: Final = "trivy-adapter-photon"


def harbor_chart(settings: HarborRegistrySettings, host: str, proxies: Mapping[str, str]) -> Chart:
    """Harbor as it answers at `host`, a name and a port, on workers of amd64; `proxies` are as `node.env` has them.

    The chart's own port of nodes would be two, one of them without TLS: the service is ours.
    """
    where = {"nodeSelector": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}}
    parts = {part: dict(where) for part in ("nginx", "portal", "core", "jobservice", "registry")}
    images = [*_IMAGES, *([_SCANNER_IMAGE] if settings.scanner else [])]
    return Chart(
        release=HARBOR_RELEASE,
        namespace=HARBOR_NAMESPACE,
        download=HARBOR_CHART,
        images=[f"docker.io/goharbor/{name}:v{_VERSION}" for name in images],
        values={
            "expose": {
                "type": "clusterIP",
                "tls": {"enabled": True, "certSource": "secret", "secret": {"secretName": _CERTIFICATE}},
            },
            "externalURL": f"https://{host}",
            "existingSecretAdminPassword": _ADMIN_OBJECT,
            "updateStrategy": {"type": "Recreate"},  # a volume may be on one node at a time
            "proxy": _proxy(proxies),
            "persistence": {"persistentVolumeClaim": _claims(settings)},
            **parts,
            "database": {"internal": dict(where)},
            "redis": {"internal": dict(where)},
            "trivy": {"enabled": settings.scanner, **where},
        },
        objects=[_service(settings.node_port)],
        phase=Phase.LATER,
    )


def harbor_manifest(secrets: Mapping[str, str]) -> str:
    """The namespace, and the password that its administrator begins with; JSON is YAML."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": HARBOR_NAMESPACE}}
    admin: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": _ADMIN_OBJECT, "namespace": HARBOR_NAMESPACE},
        "stringData": {"HARBOR_ADMIN_PASSWORD": secrets["password"]},
    }
    return f"{json.dumps(namespace)}\n---\n{json.dumps(admin)}\n"


def harbor_secret_values(secrets: Mapping[str, str]) -> str:
    """What the chart is told in secret, as YAML: all that it would otherwise make anew at every rendering, or know."""
    values: dict[str, Any] = {
        "secretKey": secrets["secret_key"],
        "core": {
            "secret": secrets["core"],
            "xsrfKey": secrets["csrf_key"],
            "tokenKey": secrets["token_key"],
            "tokenCert": secrets["token_certificate"],
        },
        "jobservice": {"secret": secrets["jobservice"]},
        "registry": {
            "secret": secrets["registry_http"],
            "credentials": {
                "username": secrets["registry_username"],
                "password": secrets["registry_password"],
                "htpasswdString": secrets["registry_htpasswd"],
            },
        },
        "database": {"internal": {"password": secrets["database"]}},
    }
    return yaml.safe_dump(values, sort_keys=False)


def harbor_variables() -> dict[str, str]:
    """What the node program knows of it: where its certificate is, and what reads it."""
    return {"REGISTRY_NAMESPACE": HARBOR_NAMESPACE, "REGISTRY_DEPLOYMENT": _NGINX}


def harbor_foundations(values: Mapping[str, Any]) -> dict[str, Any]:
    """What cannot change of Harbor, by setting, from the values of its chart; nothing where there are none."""
    if not values:
        return {}
    claims = values["persistence"]["persistentVolumeClaim"]
    return {
        "registry.kind": "harbor",
        "registry.size_gib": claims["registry"]["size"],
        "registry.database_size_gib": claims["database"]["size"],
        "registry.storage_class": claims["registry"].get("storageClass"),
    }


def _proxy(proxies: Mapping[str, str]) -> dict[str, str]:
    """By what the list of weaknesses and other registries are reached; the chart adds Harbor's own parts."""
    names = {"HTTP_PROXY": "httpProxy", "HTTPS_PROXY": "httpsProxy", "NO_PROXY": "noProxy"}
    return {names[variable]: value for variable, value in proxies.items() if value}


def _claims(settings: HarborRegistrySettings) -> dict[str, Any]:
    named = {} if settings.storage_class is None else {"storageClass": settings.storage_class}
    return {
        "registry": {"size": f"{settings.size_gib}Gi", **named},
        "database": {"size": f"{settings.database_size_gib}Gi", **named},
        "jobservice": {"jobLog": dict(named)},
        "redis": dict(named),
        "trivy": dict(named),
    }


def _service(node_port: int) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "registry", "namespace": HARBOR_NAMESPACE},
        "spec": {
            "type": "NodePort",
            "selector": {"release": HARBOR_RELEASE, "component": "nginx"},
            "ports": [{"name": "https", "port": 443, "targetPort": 8443, "nodePort": node_port}],
        },
    }
