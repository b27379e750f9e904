"""From a stack's plan to what its hosts need: every binary, and every image by its whole name.

The plan has each host's public configuration as it will be sent, so the bundle holds what the hosts will ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from preview.plan import Plan

PROGRAM_SUFFIX: Final = "-program"
_BLOCK: Final = re.compile(r"^--- (/etc/infraplatform/\S+) \d{4}\n", re.MULTILINE)
_IMAGE: Final = re.compile(
    r"""\bimage:\s*["']?([a-z0-9.-]+(?::\d+)?(?:/[\w.-]+)+(?::[\w.-]+|@sha256:[0-9a-f]{64}){1,2})"""
)
_SANDBOX: Final = re.compile(r"""(?:sandbox|pause_image|pod-infra-container-image)\s*=\s*["']?([\w.:/@-]+)""")
_CHART_IMAGES: Final = re.compile(r"charts/[^/]+/images")
_VARIABLE: Final = re.compile(r"^NODE_ARCHITECTURE='(\w+)'$", re.MULTILINE)
_NODES_OWN: Final = re.compile(r"^\w+_IMAGE='([^']+)'$", re.MULTILINE)
"""Images that a host's program itself puts into a pod, as kube-vip's."""
_REPOSITORY: Final = "registry.k8s.io"
_CONTROL_PLANE: Final = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")


class BundleError(Exception):
    """A bundle cannot be made, or not whole; the message has all that is missing."""


@dataclass(frozen=True, order=True)
class Binary:
    """A file that hosts download."""

    name: str
    url: str
    sha256: str

    @property
    def path(self) -> str:
        """Its place in a mirror with upstream's layout: the host's name, then the path there."""
        parts = urlsplit(self.url)
        return f"{parts.netloc}{parts.path}".lstrip("/")


@dataclass(frozen=True)
class Contents:
    """What a bundle holds. Images are whole names; `architectures` are Kubernetes' words."""

    binaries: tuple[Binary, ...]
    images: tuple[str, ...]
    architectures: tuple[str, ...]


def contents_of(plan: Plan) -> Contents:
    """What the hosts of a plan need.

    Raises:
        BundleError: the plan has no hosts, or is not whole.
    """
    if plan.broken:
        problems = "\n".join(f"  - {item.message}" for item in plan.diagnostics)
        raise BundleError(
            f"the stack {plan.stack} cannot be planned; mend it first, `make preview` shows it:\n{problems}"
        )
    hosts = [blocks_of(text) for text in _programs(plan)]
    if not hosts:
        raise BundleError(f"the stack {plan.stack} has no hosts; a bundle is for provider.kind: servers")
    binaries = {binary for host in hosts for binary in _binaries(host.get("downloads", ""))}
    architectures = {found for host in hosts for found in _VARIABLE.findall(host["node.env"])}
    images = {image for host in hosts for image in images_of(host)}
    return Contents(tuple(sorted(binaries)), tuple(sorted(images)), tuple(sorted(architectures)))


def blocks_of(text: str) -> dict[str, str]:
    """Public files by their name below /etc/infraplatform, of the standard input of a host's program."""
    pieces = _BLOCK.split(text)[1:]
    return {
        path.removeprefix("/etc/infraplatform/"): block for path, block in zip(pieces[::2], pieces[1::2], strict=True)
    }


def images_of(host: Mapping[str, str]) -> set[str]:
    """The images that a host's files name, and those that its kubeadm takes."""
    found = {name for file, text in host.items() if file.startswith("manifests/") for name in _IMAGE.findall(text)}
    found |= {name for file, text in host.items() if _CHART_IMAGES.fullmatch(file) for name in text.split()}
    found |= {
        name for file, text in host.items() if file.endswith((".toml", ".conf")) for name in _SANDBOX.findall(text)
    }
    found |= set(_NODES_OWN.findall(host.get("node.env", "")))
    if "init.yaml" in host:
        found |= set(_images_of_kubeadm(yaml.safe_load_all(host["init.yaml"])))
    return found


def _programs(plan: Plan) -> Iterator[str]:
    for resource in plan.resources:
        text = resource.inputs.get("stdin")
        if (
            resource.type == "command:remote:Command"
            and resource.urn.endswith(PROGRAM_SUFFIX)
            and isinstance(text, str)
        ):
            yield text


def _binaries(downloads: str) -> Iterator[Binary]:
    for line in filter(None, downloads.splitlines()):
        name, sha256, url = line.split(" ", 2)
        yield Binary(name, url, sha256)


def _images_of_kubeadm(documents: Iterable[Any]) -> Iterator[str]:
    """What `kubeadm config images list` prints, but the sandbox, which is the runtime's."""
    cluster = next(each for each in documents if each["kind"] == "ClusterConfiguration")
    repository = cluster.get("imageRepository", _REPOSITORY)
    proxy = () if cluster.get("proxy", {}).get("disabled") else ("kube-proxy",)
    for name in (*_CONTROL_PLANE, *proxy):
        yield f"{repository}/{name}:{cluster['kubernetesVersion']}"
    dns = cluster["dns"]
    folder = f"{repository}/coredns" if repository == _REPOSITORY else repository
    yield f"{dns.get('imageRepository', folder)}/coredns:{dns['imageTag']}"
    local = cluster["etcd"].get("local")
    if local is not None:
        yield f"{local.get('imageRepository', repository)}/etcd:{local['imageTag']}"
