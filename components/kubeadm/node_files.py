"""What a node is told: its public configuration and its secrets, as files by their absolute path.

The files and who reads them are in `docs/adr/0008-own-servers.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from components.kubeadm.authentication import authentication_file
from components.kubeadm.backup import backup_secrets, backup_variables
from components.kubeadm.charts import Chart, chart_downloads, chart_files
from components.kubeadm.containerd import Login
from components.kubeadm.firewall import firewall_file, firewall_variables
from components.kubeadm.kubeadm_config import (
    API_SERVER_FILES,
    DISCOVERY_FILE,
    ClusterFacts,
    NodeFacts,
    init_file,
    join_file,
    kubelet_file,
    upgrade_file,
)
from components.kubeadm.longhorn import longhorn_labels, longhorn_variables
from components.kubeadm.pod_network import FLANNEL_IMAGE, absent_manifests, pod_network_variables
from components.kubeadm.program import PUBLIC_FOLDER, Block, environment
from components.kubeadm.proxies import proxy_variables
from components.kubeadm.registry import AUTHORITY_FILE, OwnRegistry
from components.kubeadm.runtime import archived_images, runtime_files, runtime_secrets, runtime_variables
from components.kubeadm.virtual_address import virtual_address_variables
from components.kubeadm.volumes import local_volumes_manifest
from components.settings import MirrorSettings, ServersStorageSettings
from components.settings.storage_servers import LOCAL_PATH
from components.terms import MachineRole
from components.versions import (
    HELPER_IMAGE_VERSION,
    LOCAL_PATH_VERSION,
    NVIDIA_DEVICE_PLUGIN_VERSION,
)

PKI_FOLDER: Final = "/etc/kubernetes/pki"
LOCAL_VOLUMES: Final = "25-local-volumes.yaml"
SECRETS_FOLDER: Final = f"{PUBLIC_FOLDER}/secrets"
"""Below it: `manifests/` that hold secrets, which a control plane applies before the others; `charts/` likewise."""
_ETCD_TOOLS: Final = "etcd"
"""The download of what restores snapshots: workers have none."""
_HERE: Final = Path(__file__).parent
_OPEN: Final = (".crt", ".pub")
_PLACEHOLDER: Final = re.compile(r"\$\{([A-Z_]+)\}")


@dataclass(frozen=True, kw_only=True)
class SiteFacts:
    """What all nodes are told alike. `control_planes` are private addresses by name; `charts` are in their order.

    `gpus`: whether any node has NVIDIA's.
    """

    cluster: ClusterFacts
    control_planes: Mapping[str, str]
    mirrors: Mapping[str, MirrorSettings]
    volumes: ServersStorageSettings
    charts: Sequence[Chart] = ()
    registry: OwnRegistry | None = None
    gpus: bool = False


@dataclass(frozen=True, kw_only=True)
class Passwords:
    """What nodes present elsewhere, and whom the cluster's own registry lets in.

    `logins` are users by registry, `registry` what the own registry keeps secret, by name, `bucket` the id and the key
    of the bucket that snapshots of etcd are copied to.
    """

    logins: Mapping[str, Login]
    registry: Mapping[str, str] = field(default_factory=dict[str, str])
    bucket: Login | None = None


def public_files(site: SiteFacts, node: NodeFacts, labels: Mapping[str, str]) -> list[Block]:
    """A node's public configuration."""
    labelled = {**labels, **longhorn_labels(site.volumes.longhorn, node)}
    files = {
        "node.env": environment(node_variables(site, node)),
        "downloads": _downloads(site, node),
        "images": archived_images(site.cluster.settings, node.role),
        "labels": "\n".join(f"{key}={value}" for key, value in sorted(labelled.items())),
        "taints": "\n".join(f"{taint.key}={taint.value}:{taint.effect.value}" for taint in node.taints),
        **runtime_files(site.cluster.settings, site.mirrors, node.gpu, _trusted_by_all(site)),
        "join.yaml": join_file(site.cluster, node),
        "kubelet.yaml": kubelet_file(site.cluster),
        "upgrade.yaml": upgrade_file(site.cluster),
        **firewall_file(site.cluster, node),
    }
    if node.role is MachineRole.CONTROL_PLANE:
        files |= {
            "init.yaml": init_file(site.cluster, node),
            **_api_server_files(site),
            **_manifests(site),
            **chart_files(site.charts),
        }
    return [Block(f"{PUBLIC_FOLDER}/{name}", text) for name, text in files.items()]


def secret_files(role: MachineRole, pki: Mapping[str, str], discovery: str) -> list[Block]:
    """A node's secrets: the PKI on control planes, the kubeconfig that it joins by on all."""
    join = Block(DISCOVERY_FILE, discovery, "0600")
    if role is not MachineRole.CONTROL_PLANE:
        return [join]
    files = [
        Block(f"{PKI_FOLDER}/{name}", text, "0644" if name.endswith(_OPEN) else "0600")
        for name, text in sorted(pki.items())
    ]
    return [*files, join]


def password_files(site: SiteFacts, role: MachineRole, passwords: Passwords) -> list[Block]:
    """How a node pulls with a password; on control planes the own registry's users and a bucket's keys, too."""
    trusted = {} if site.registry is None else {site.registry.host: AUTHORITY_FILE}
    files = runtime_secrets(site.cluster.settings, site.mirrors, passwords.logins, trusted)
    if role is MachineRole.CONTROL_PLANE and site.registry is not None:
        own = site.registry.secret_files(passwords.registry)
        files |= {f"{SECRETS_FOLDER}/{name}": text for name, text in own.items()}
    blocks = [Block(path, text, "0600") for path, text in files.items()]
    if role is not MachineRole.CONTROL_PLANE:
        return blocks
    return [*blocks, *backup_secrets(site.cluster.settings.etcd_backup, passwords.bucket)]


def node_variables(site: SiteFacts, node: NodeFacts) -> dict[str, str]:
    """What the node program knows of its host and the cluster, as `node.env` says it."""
    cluster = site.cluster
    return {
        **({} if site.registry is None else site.registry.variables),
        "NODE_NAME": node.name,
        "NODE_ROLE": node.role.value,
        "NODE_ADDRESS": node.address,
        "NODE_ARCHITECTURE": node.architecture.value,
        **({} if node.gpu is None else {"NODE_GPU": node.gpu.value}),
        "CLUSTER_NAME": cluster.settings.name,
        "KUBERNETES_VERSION": cluster.settings.version,
        "API_ENDPOINT": cluster.endpoint,
        "CONTROL_PLANES": " ".join(f"{name}={address}" for name, address in sorted(site.control_planes.items())),
        **virtual_address_variables(cluster),
        **runtime_variables(cluster.settings),
        **pod_network_variables(cluster),
        **longhorn_variables(site.volumes.longhorn, node),
        "POD_CIDR": str(cluster.pod_cidr),
        "SERVICE_CIDR": str(cluster.service_cidr),
        "CGROUP_DRIVER": cluster.settings.cgroup_driver.value,
        **backup_variables(cluster.settings.etcd_backup),
        "DRAIN_SECONDS": str(cluster.settings.upgrade.drain_minutes * 60),
        **_external_etcd(cluster),
        **firewall_variables(cluster, node),
        **proxy_variables(cluster, *([] if site.registry is None else [site.registry.name])),
        "PREINSTALLED": " ".join(cluster.settings.preinstalled),
        "IGNORE_PREFLIGHT": ",".join(cluster.settings.ignore_preflight),
        **(_generations(cluster) if node.role is MachineRole.CONTROL_PLANE else {}),
    }


def _generations(cluster: ClusterFacts) -> dict[str, str]:
    """What a control plane has to be of, and the names of the cluster's keys, oldest first."""
    rotate = cluster.settings.rotate
    return {
        "CERTIFICATES": rotate.certificates,
        "SERVICE_ACCOUNT_KEYS": " ".join(rotate.service_account_keys),
        "ENCRYPTION_KEYS": " ".join(rotate.encryption_keys),
    }


def _api_server_files(site: SiteFacts) -> dict[str, str]:
    """What the API server reads beside its flags."""
    files = {name: _text(f"api_server/{name}") for name in API_SERVER_FILES}
    name = "authentication.yaml"
    return {**files, name: authentication_file(files[name], site.cluster.settings.login)}


def _trusted_by_all(site: SiteFacts) -> Mapping[str, str]:
    return {} if site.registry is None else site.registry.trusted_by_all


def _external_etcd(cluster: ClusterFacts) -> dict[str, str]:
    etcd = cluster.settings.etcd
    return {} if etcd is None else {"ETCD_ENDPOINTS": " ".join(etcd.endpoints)}


def _downloads(site: SiteFacts, node: NodeFacts) -> str:
    """A line for each. The settings refuse a stack whose sums are not all known."""
    is_control_plane = node.role is MachineRole.CONTROL_PLANE
    more = chart_downloads(site.charts) if is_control_plane else ()
    downloads = site.cluster.settings.downloads_for(node.architecture, more)
    return "\n".join(
        f"{name} {download.sha256} {download.url}"
        for name, download in sorted(downloads.items())
        if download is not None and (is_control_plane or name != _ETCD_TOOLS)
    )


def _manifests(site: SiteFacts) -> dict[str, str]:
    """What a control plane applies in the cluster, in the order of the files' names."""
    values = {
        "API_HOST": site.cluster.endpoint_host,
        "API_PORT": str(site.cluster.endpoint_port),
        "POD_CIDR": str(site.cluster.pod_cidr),
        "VOLUMES_DIRECTORY": site.volumes.local.directory,
        "RECLAIM_POLICY": site.volumes.local.reclaim_policy.value,
        "IS_DEFAULT": "true" if site.volumes.default_class == LOCAL_PATH else "false",
        "FLANNEL_IMAGE": FLANNEL_IMAGE,
        "LOCAL_PATH_IMAGE": f"docker.io/rancher/local-path-provisioner:{LOCAL_PATH_VERSION}",
        "HELPER_IMAGE": f"docker.io/library/busybox:{HELPER_IMAGE_VERSION}",
    }
    absent = absent_manifests(site.cluster)
    texts = {name: _text(f"manifests/{name}") for name in _manifest_names() if name not in absent}
    if local_volumes := local_volumes_manifest(site.volumes):
        texts[LOCAL_VOLUMES] = local_volumes
    if site.gpus:
        texts["30-nvidia.yaml"] = _text("nvidia/30-nvidia.yaml")
        values["NVIDIA_IMAGE"] = f"nvcr.io/nvidia/k8s-device-plugin:{NVIDIA_DEVICE_PLUGIN_VERSION}"
    if site.registry is not None:
        texts |= site.registry.manifests()
        values |= site.registry.manifest_values()
    return {
        f"manifests/{name}": _PLACEHOLDER.sub(lambda found: values[found.group(1)], text)
        for name, text in sorted(texts.items())
    }


@cache
def _manifest_names() -> Sequence[str]:
    return sorted(path.name for path in (_HERE / "manifests").glob("*.yaml"))


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
