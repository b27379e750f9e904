"""A site of test hosts, its mirror and its stack: what every scenario stands on.

A site lies in a folder. Another process can open it again, as the demo's is; `remove()` ends all of it, as does
`python -m tests.live.site FOLDER`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError

from tests.live import figures, hosts, mirror
from tests.live.cluster import Cluster
from tests.live.engine import ROOT, Stack
from tests.live.hosts import Host
from tests.live.processes import end, identity, keep

_WORKERS_FROM: Final = 100  # control planes have addresses from .11, workers from .101
_MIRROR: Final = f"http://{hosts.GATEWAY}:{mirror.PORT}"


class Site:
    """Hosts by name, in `folder`.

    Attributes:
        hosts: those that were created, by name, dead ones too.
        stack: the stack that makes a cluster of them.
    """

    def __init__(self, folder: Path) -> None:
        hosts.bridge_up(str(folder))  # first: whoever has the bridge is alone on this machine
        self.folder = folder
        self.hosts = {host.name: host for host in _made(folder)}
        self.stack = Stack(folder / "stack")
        self._settings = mirror.settings(_MIRROR)
        self._key = folder / "id"
        folder.mkdir(parents=True, exist_ok=True)
        if not self._key.exists():
            hosts.keys(self._key)
        self._serve()

    def add(self, *names: str, packages: tuple[str, ...] = ()) -> list[Host]:
        """Create and boot hosts: `cp-1` is made for a control plane, `worker-1` for a worker.

        `packages` are what they have beside what all have.
        """
        added = [Host(name, address_of(name), self.folder / "hosts" / name) for name in names]
        for host in added:
            host.create(self._key.with_suffix(".pub").read_text(encoding="utf-8"), packages)
            host.boot()
            self.hosts[host.name] = host
        return added

    def configure(
        self,
        *names: str,
        parts: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        **cluster: Any,
    ) -> None:
        """Let the stack be of these hosts, each with the host key that it has now.

        `cluster` stands over the settings of the cluster, `parts` over whole parts. `secrets` are keys of their
        own, as text.
        """
        settings = {**self.settings(*names, **cluster), **(parts or {})}
        key = self._key.read_text(encoding="utf-8")
        self.stack.configure(settings, {"ssh_private_key": key, **(secrets or {})})

    def settings(self, *names: str, **cluster: Any) -> dict[str, Any]:
        """The settings of a stack of these hosts, as a user would write them."""
        nodes = {name: self.hosts[name] for name in names}
        return {
            "environment": "dev",
            "provider": {
                "kind": "servers",
                "site": "live",
                "hosts": {
                    name: {"address": host.address, "role": _role(name), "host_key": host.host_key}
                    for name, host in nodes.items()
                },
            },
            "network": {"node_cidrs": [f"{hosts.GATEWAY.rpartition('.')[0]}.0/{hosts.PREFIX}"]},
            "cluster": {
                "kind": "kubeadm",
                "name": "live",
                # What containers need, and no other host: control groups are this machine's, of version 1; processes
                # may not raise their importance to the kernel; the table of connections is this machine's to size; its
                # disk is not the host's, and how full it is says nothing of the host.
                "cgroup_driver": "cgroupfs",
                "containerd": {"restrict_oom_score_adj": True},
                "kubelet": {
                    "failCgroupV1": False,
                    "imageGCHighThresholdPercent": 100,
                    "evictionHard": {"imagefs.available": "1%", "memory.available": "100Mi", "nodefs.available": "1%"},
                },
                "kube_proxy": {"conntrack": {"maxPerCore": 0, "min": 0}},
                "ignore_preflight": ["SystemVerification"],
                **self._settings,
                **cluster,
            },
            "registry": {"url": "registry.example.com/live"},
        }

    def release(self, version: str) -> dict[str, Any]:
        """`cluster` of another version: itself, its binaries and its images."""
        return mirror.settings(_MIRROR, version)

    def with_load_balancer(self, **pools: list[str]) -> dict[str, Any]:
        """`cluster` with MetalLB and these pools."""
        return mirror.load_balancer(_MIRROR, pools)

    def cluster(self) -> Cluster:
        """The cluster by the kubeconfig that the stack puts out."""
        return Cluster(self.stack.outputs()["kubeconfig"], self.folder)

    def connections(self) -> dict[str, int]:
        """The SSH connections that each host has logged, by name."""
        return {name: host.connections() for name, host in self.hosts.items()}

    def up_without_a_change(self) -> None:
        """See that an `up` changes nothing and connects to no host, as their own logs count it."""
        before = self.connections()
        assert all(before.values()), f"each host has logged the connections of before: {before}"
        result = figures.timed(f"`up` of {len(before)} hosts without a change", self.stack.up)
        assert result.changes == {}
        assert self.connections() == before

    def _serve(self) -> None:
        """Have the mirror answer; its server outlives this process, for the demo's later nodes."""
        if _answers(_MIRROR):
            return
        command = [sys.executable, "-m", "tests.live.mirror", str(mirror.folder()), hosts.GATEWAY, str(mirror.PORT)]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **quiet)
        keep(process)
        (self.folder / "mirror.pid").write_text(identity(process.pid), encoding="utf-8")
        deadline = time.monotonic() + 30
        while not _answers(_MIRROR):
            assert time.monotonic() < deadline, f"the mirror does not answer at {_MIRROR}"
            time.sleep(0.2)


def remove(folder: Path) -> None:
    """End and remove a site, whoever made it: its hosts, its mirror's server, its bridge, the folder itself."""
    for host in _made(folder):
        host.remove()
    process = folder / "mirror.pid"
    if process.exists():
        end(process.read_text(encoding="utf-8"))
    hosts.bridge_down(str(folder))
    shutil.rmtree(folder, ignore_errors=False)


def _made(folder: Path) -> list[Host]:
    """The hosts that have been created in the folder."""
    return [Host(made.name, address_of(made.name), made) for made in sorted(folder.glob("hosts/*"))]


def _role(name: str) -> str:
    return "control-plane" if name.startswith("cp-") else "worker"


def address_of(name: str) -> str:
    """An address that follows from the name, so that no two hosts share one."""
    kind, _, number = name.rpartition("-")
    first = 10 if kind == "cp" else _WORKERS_FROM
    return f"{hosts.GATEWAY.rpartition('.')[0]}.{first + int(number)}"


def _answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    remove(Path(sys.argv[1]))
