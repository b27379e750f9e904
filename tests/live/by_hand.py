"""The steps of kubeadm's own documentation by hand, over SSH: what `up` is compared with.

The binaries, the images and the host's system are the same; both hosts are made ready side by side, as by a person with
two windows. No hardening, no storage class, no backups: `up` does more.
"""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

from components.kubeadm import containerd
from components.kubeadm.runtime import archived_images
from components.settings import KubeadmClusterSettings
from components.terms import MachineRole
from components.versions import KUBEADM_RELEASES
from tests.live.hosts import Host

_PODS: Final = ip_network("10.244.0.0/16")
_FLANNEL: Final = Path(containerd.__file__).parent / "manifests/10-flannel.yaml"
_UNIT: Final = """\
[Service]
ExecStart=/usr/local/bin/{program}
Delegate=yes
KillMode=process
Restart=always
"""
_KUBELET: Final = """\
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=
ExecStart=/usr/local/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf \
--kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml $KUBELET_KUBEADM_ARGS
"""
_NETWORK: Final = """\
{"cniVersion": "1.0.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isDefaultGateway": true, "hairpinMode": true, "mtu": 1450,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "%s"}]], "routes": [{"dst": "10.244.0.0/16"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
"""
_ADMIN: Final = "kubectl --kubeconfig /etc/kubernetes/admin.conf"
_IGNORED: Final = "--ignore-preflight-errors=SystemVerification"


class ByHand:
    """A person with the key of both hosts, and the cluster's settings in mind."""

    def __init__(self, key: Path, cluster: dict[str, Any]) -> None:
        self._key = key
        self._cluster = cluster

    def make(self, control_plane: Host, worker: Host) -> None:
        """Make a cluster of the two hosts; it stands when both nodes are Ready."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(self._prepare, (control_plane, worker), (MachineRole.CONTROL_PLANE, MachineRole.WORKER)))
        self._write(control_plane, "/etc/kubernetes/init.yaml", self._init(control_plane))
        self._ssh(control_plane, f"kubeadm init --config /etc/kubernetes/init.yaml {_IGNORED}")
        flannel = _FLANNEL.read_text(encoding="utf-8")
        for name, value in {
            "API_HOST": control_plane.address,
            "API_PORT": "6443",
            "POD_CIDR": str(_PODS),
            "FLANNEL_IMAGE": next(image for image in self._cluster["image_archives"] if "/flannel:" in image),
        }.items():
            flannel = flannel.replace(f"${{{name}}}", value)
        self._ssh(control_plane, f"{_ADMIN} apply -f -", flannel)
        join = self._ssh(control_plane, "kubeadm token create --print-join-command").strip()
        self._ssh(worker, f"{join} {_IGNORED}")
        for host in (control_plane, worker):
            command = f"{_ADMIN} wait node/{host.name} --for=jsonpath={{.spec.podCIDR}} --timeout=60s >/dev/null"
            command += f" && {_ADMIN} get node {host.name} -o jsonpath={{.spec.podCIDR}}"
            self._write(host, "/etc/cni/net.d/10-pods.conflist", _NETWORK % self._ssh(control_plane, command))
        self._ssh(control_plane, f"{_ADMIN} wait node --all --for=condition=Ready --timeout=180s")

    def _prepare(self, host: Host, role: MachineRole) -> None:
        """Binaries, the container runtime, the role's images, the kubelet's unit."""
        downloads = {name: entry["url"] for name, entry in self._cluster["downloads"].items()}
        lines = [
            "set -e",
            "mkdir -p /opt/cni/bin /etc/kubernetes /etc/cni/net.d /etc/containerd",
            "sysctl -qw net.ipv4.ip_forward=1",
        ]
        lines += [
            f"curl -fsSo /usr/local/bin/{name} {downloads[name]} && chmod +x /usr/local/bin/{name}"
            for name in ("kubeadm", "kubelet", "kubectl")
        ]
        lines.append(f"curl -fsS {downloads['containerd']} | tar -xzC /usr/local")
        lines.append(f"curl -fsS {downloads['cni-plugins']} | tar -xzC /opt/cni/bin")
        self._ssh(host, "\n".join(lines))
        settings = KubeadmClusterSettings.model_validate(self._cluster)
        self._write(host, "/etc/containerd/config.toml", containerd.config_file(settings))
        self._write(host, "/etc/systemd/system/containerd.service", _UNIT.format(program="containerd"))
        self._write(host, "/etc/systemd/system/kubelet.service", _UNIT.format(program="kubelet") + _KUBELET)
        lines = ["set -e", "systemctl daemon-reload", "systemctl restart containerd"]
        lines.append("until ctr version >/dev/null 2>&1; do sleep 0.2; done")
        for line in archived_images(settings, role).splitlines():
            fetch = f"curl -fsSo /var/lib/image {line.split()[2]}"
            lines.append(f"{fetch} && ctr -n k8s.io images import /var/lib/image >/dev/null")
        self._ssh(host, "\n".join(lines))

    def _init(self, host: Host) -> str:
        release = KUBEADM_RELEASES[self._cluster["version"].rpartition(".")[0]]
        kubelet = {"cgroupDriver": self._cluster["cgroup_driver"], **self._cluster["kubelet"]}
        documents = (
            ("kubeadm.k8s.io/v1beta4", "InitConfiguration", {"localAPIEndpoint": {"advertiseAddress": host.address}}),
            (
                "kubeadm.k8s.io/v1beta4",
                "ClusterConfiguration",
                {
                    "kubernetesVersion": f"v{self._cluster['version']}",
                    "networking": {"podSubnet": str(_PODS)},
                    "etcd": {"local": {"imageTag": release.etcd}},
                    "dns": {"imageTag": release.core_dns},
                },
            ),
            ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration", kubelet),
            ("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration", self._cluster["kube_proxy"]),
        )
        return "\n---\n".join(
            json.dumps({"apiVersion": version, "kind": kind, **fields}) for version, kind, fields in documents
        )

    def _write(self, host: Host, path: str, text: str) -> None:
        self._ssh(host, f"cat >{path}", text)

    def _ssh(self, host: Host, command: str, text: str = "") -> str:
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        words = ["ssh", "-F", "/dev/null", "-i", str(self._key), *(word for each in options for word in ("-o", each))]
        done = subprocess.run(
            [*words, f"root@{host.address}", command], input=text, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{host.name}: {command}\n{done.stdout}{done.stderr}"
        return done.stdout
