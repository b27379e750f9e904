"""Builds what the live tests run from pinned Go modules: `python -m tests.live.build [BINARY...]`.

The engine's CLI and its command plugin on this machine; Kubernetes, etcd, containerd, the network plugins and what else
a cluster needs on the test hosts. Each is built once into the conformance tools' cache, outside the repository.
The pins are `modules/<name>/go.mod`; `go.sum` beside it says what the sources must hash to.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.conformance.build import TOOLS, BuildError, Tool, build, cache_root

MODULES: Final = Path(__file__).parent / "modules"
KUBERNETES: Final = "1.36.3"
KUBERNETES_NEXT: Final = "1.37.2"
"""What the tests upgrade to."""

_KUBERNETES_VERSION: Final = (
    ("k8s.io/component-base/version.gitVersion", "{version}"),
    ("k8s.io/component-base/version.gitMajor", "{major}"),
    ("k8s.io/component-base/version.gitMinor", "{minor}"),
    ("k8s.io/client-go/pkg/version.gitVersion", "{version}"),
)
_KUBERNETES_MINUTES: Final = {
    "kubeadm": 4,
    "kubelet": 6,
    "kubectl": 2,
    "kube-apiserver": 4,
    "kube-controller-manager": 4,
    "kube-scheduler": 1,
    "kube-proxy": 1,
}
KUBERNETES_IMAGES: Final = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy")
CNI_PLUGINS: Final = ("bridge", "loopback", "host-local", "portmap")


def _kubernetes(version: str) -> Iterator[Tool]:
    """The release's programs; the module's folder names the minor version, so that two releases stand side by side."""
    pins = MODULES / f"kubernetes-{version.rsplit('.', 1)[0]}"
    for name, minutes in _KUBERNETES_MINUTES.items():
        yield Tool(name, "k8s.io/kubernetes", f"k8s.io/kubernetes/cmd/{name}", _KUBERNETES_VERSION, minutes, pins)


def _tool(name: str, pins: str, module: str, package: str, minutes: int = 1) -> Tool:
    return Tool(name, module, f"{module}{package}", (), minutes, MODULES / pins)


_PLUGINS: Final = "github.com/containernetworking/plugins"
_LOCAL_PATH: Final = "github.com/rancher/local-path-provisioner"
_CONTAINERD: Final = "github.com/containerd/containerd/v2"
_HELM: Final = "helm.sh/helm/v3"
_HELM_VERSION: Final = ((f"{_HELM}/internal/version.version", "{version}"),)
_METALLB: Final = "go.universe.tf/metallb"
_OTHERS: Final = (
    TOOLS["pulumi"],
    TOOLS["etcd"],
    _tool("etcdctl", "etcdctl", "go.etcd.io/etcd/etcdctl/v3", ""),
    _tool("etcdutl", "etcdctl", "go.etcd.io/etcd/etcdutl/v3", ""),
    _tool("containerd", "containerd", _CONTAINERD, "/cmd/containerd", minutes=3),
    _tool("containerd-shim-runc-v2", "containerd", _CONTAINERD, "/cmd/containerd-shim-runc-v2"),
    _tool("ctr", "containerd", _CONTAINERD, "/cmd/ctr"),
    _tool("bridge", "cni-plugins", _PLUGINS, "/plugins/main/bridge"),
    _tool("loopback", "cni-plugins", _PLUGINS, "/plugins/main/loopback"),
    _tool("host-local", "cni-plugins", _PLUGINS, "/plugins/ipam/host-local"),
    _tool("portmap", "cni-plugins", _PLUGINS, "/plugins/meta/portmap"),
    replace(_tool("flanneld", "flannel", "github.com/flannel-io/flannel", "", minutes=5), static_c=True),
    _tool("registry", "distribution", "github.com/distribution/distribution/v3", "/cmd/registry", minutes=3),
    _tool("coredns", "coredns-1.14.2", "github.com/coredns/coredns", "", minutes=5),
    replace(_tool("helm", "helm", _HELM, "/cmd/helm", minutes=3), version_variables=_HELM_VERSION),
    _tool("metallb-controller", "metallb", _METALLB, "/controller", minutes=4),
    _tool("metallb-speaker", "metallb", _METALLB, "/speaker"),
    _tool("local-path-provisioner", "local-path-provisioner", _LOCAL_PATH, "", minutes=2),
)

BINARIES: Final = {tool.name: tool for tool in (*_kubernetes(KUBERNETES), *_OTHERS)}
_ETCD_NEXT: Final = _tool("etcd", "etcd-3.7", "go.etcd.io/etcd/server/v3", "", minutes=2)
_CORE_DNS_NEXT: Final = _tool("coredns", "coredns-1.14.6", "github.com/coredns/coredns", "", minutes=5)
NEXT_BINARIES: Final = {tool.name: tool for tool in (*_kubernetes(KUBERNETES_NEXT), _ETCD_NEXT, _CORE_DNS_NEXT)}
"""What another release of Kubernetes brings along; all else stays."""


def binaries(version: str) -> dict[str, Tool]:
    """The programs of a cluster of one of the two versions, by name."""
    return BINARIES if version == KUBERNETES else {**BINARIES, **NEXT_BINARIES}


GIVEN: Final = ("pulumi-resource-command",)
"""Programs that cannot be built from Go modules: the plugin's module is on no proxy (read 2026-11-29)."""


def given(name: str) -> Path | None:
    """A program of `GIVEN`: on PATH, where Pulumi installs its plugins, or below `given` in the cache."""
    plugins = sorted((Path.home() / ".pulumi/plugins").glob(f"resource-command-v*/{name}"))
    if found := shutil.which(name):
        return Path(found)
    return next((path for path in (*plugins, cache_root() / "given" / name) if path.is_file()), None)


def every() -> tuple[Tool, ...]:
    """All programs, those of both versions."""
    return (*BINARIES.values(), *NEXT_BINARIES.values())


def missing() -> list[str]:
    """The programs that are not here, by name."""
    return [
        *(f"{tool.name} {tool.version}" for tool in every() if not tool.path.is_file()),
        *(name for name in GIVEN if given(name) is None),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Build the named binaries, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.build", description=__doc__)
    parser.add_argument("binaries", nargs="*", metavar="BINARY", help=f"of {', '.join(BINARIES)}; all where none")
    names = parser.parse_args(arguments).binaries or sorted({tool.name for tool in every()})
    if unknown := sorted(set(names) - set(BINARIES)):
        parser.error(f"no such binary: {', '.join(unknown)}; write one of {', '.join(BINARIES)}")
    tools = [tool for tool in every() if tool.name in names]
    try:
        for number, tool in enumerate(tools, start=1):
            print(f"{number} of {len(tools)}: ", end="", flush=True)
            build(tool)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
