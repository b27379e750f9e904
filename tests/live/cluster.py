"""A cluster as its operator sees it: the stack's own kubeconfig, and kubectl on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from components.versions import HELPER_IMAGE_VERSION
from tests.live.build import BINARIES

_SECONDS: Final = 180
_IMAGE: Final = f"docker.io/library/busybox:{HELPER_IMAGE_VERSION}"


class ClusterError(Exception):
    """The cluster refused, or did not become what was waited for."""


class Cluster:
    """The cluster that a kubeconfig leads to."""

    def __init__(self, kubeconfig: str, folder: Path) -> None:
        self._file = folder / "kubeconfig"
        self._file.touch(mode=0o600)
        self._file.write_text(kubeconfig, encoding="utf-8")

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """What kubectl prints.

        Raises:
            ClusterError: it failed.
        """
        command = [str(BINARIES["kubectl"].path), f"--kubeconfig={self._file}", "--request-timeout=20s", *arguments]
        environment = {"PATH": os.defpath, "HOME": str(self._file.parent), "no_proxy": "*"}
        result = subprocess.run(command, input=stdin, capture_output=True, text=True, env=environment, check=False)
        if result.returncode != 0:
            raise ClusterError(f"kubectl {' '.join(arguments)}: {result.stderr.strip() or result.stdout.strip()}")
        return result.stdout

    def get(self, *arguments: str) -> Any:
        """Objects as kubectl's JSON has them."""
        return json.loads(self.kubectl("get", *arguments, "--output=json"))

    def apply(self, *objects: dict[str, Any]) -> None:
        """Create or change objects."""
        self.kubectl("apply", "--filename=-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))

    def nodes(self) -> dict[str, bool]:
        """Whether each node is Ready, by name."""
        items = self.get("nodes")["items"]
        return {node["metadata"]["name"]: _is_true(node, "Ready") for node in items}

    def unready_pods(self) -> list[str]:
        """Pods that should run and are not ready, with their state, in all namespaces."""
        items = self.get("pods", "--all-namespaces")["items"]
        return [
            f"{pod['metadata']['namespace']}/{pod['metadata']['name']} {pod['status']['phase']}"
            for pod in items
            if pod["status"]["phase"] != "Succeeded" and not _is_true(pod, "Ready")
        ]

    def wait(self, what: str, is_so: Callable[[], bool], seconds: float = _SECONDS) -> None:
        """Wait until something is so; an API that does not answer meanwhile is waited for too.

        Raises:
            ClusterError: it was not so in time.
        """
        deadline = time.monotonic() + seconds
        said = ""
        while time.monotonic() < deadline:
            try:
                if is_so():
                    return
            except ClusterError as error:
                said = str(error)
            time.sleep(1)
        raise ClusterError(f"not within {seconds:.0f} s: {what}. {said}")

    def run_pod(self, name: str, script: str, **spec: Any) -> None:
        """Start a pod that runs a shell script once."""
        container: dict[str, Any] = {"name": "main", "image": _IMAGE, "command": ["/bin/busybox", "sh", "-c", script]}
        if "volumes" in spec:
            container["volumeMounts"] = [{"name": volume["name"], "mountPath": "/data"} for volume in spec["volumes"]]
        pod = {"restartPolicy": "Never", "containers": [container], **spec}
        self.apply(
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": name}}, "spec": pod}
        )

    def output_of(self, name: str, script: str, **spec: Any) -> str:
        """What a shell script prints in a pod of its own, which is gone afterwards.

        Raises:
            ClusterError: the script failed, or did not end.
        """
        self.run_pod(name, script, **spec)
        phases = {"Succeeded", "Failed"}
        self.wait(f"pod {name} ends", lambda: self.get("pod", name)["status"]["phase"] in phases)
        said = self.kubectl("logs", name)
        phase = self.get("pod", name)["status"]["phase"]
        self.kubectl("delete", "pod", name, "--grace-period=1")
        if phase == "Failed":
            raise ClusterError(f"pod {name} failed: {said}")
        return said


def web_server(name: str, replicas: int) -> list[dict[str, Any]]:
    """A deployment whose pods answer with their own names, spread over nodes, and its service."""
    labels = {"app": name}
    container = {
        "name": "web",
        "image": _IMAGE,
        "command": [
            "/bin/busybox",
            "sh",
            "-c",
            "mkdir /www && hostname > /www/index.html && exec httpd -f -p 8080 -h /www",
        ],
        "readinessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 1},
    }
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": labels},
    }
    pod = {"containers": [container], "topologySpreadConstraints": [spread], "terminationGracePeriodSeconds": 1}
    return [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name},
            "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": 8080}]},
        },
    ]


def _is_true(item: dict[str, Any], condition: str) -> bool:
    conditions = item["status"].get("conditions", [])
    return any(entry["type"] == condition and entry["status"] == "True" for entry in conditions)
