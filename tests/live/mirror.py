"""The mirror that test hosts download from: a folder of binaries and images with their sums, and a web server for it.

The files have upstream's names and layouts, so `cluster.downloads` of the tests reads as a user's own would.
`python -m tests.live.mirror FOLDER ADDRESS PORT` serves a folder until it is ended.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import sys
import tarfile
from collections.abc import Iterator, Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from tests.conformance.build import cache_root
from tests.live import charts
from tests.live.build import BINARIES, CNI_PLUGINS, KUBERNETES, binaries
from tests.live.images import images, load_balancer_images, make

PORT: Final = 8098
CONTAINERD: Final = ("containerd", "containerd-shim-runc-v2", "ctr")


def folder() -> Path:
    """The folder that is served."""
    return cache_root() / "mirror"


def settings(base_url: str, version: str = KUBERNETES) -> dict[str, Any]:
    """What a cluster of a version is and downloads from this mirror, which is made now."""
    return {
        "version": version,
        "downloads": {name: _entry(base_url, path) for name, path in _binaries(version)},
        "image_archives": {
            image.reference: _entry(base_url, _linked(make(image), "images")) for image in images(version)
        },
        "preinstalled": ["runc"],
    }


def load_balancer(base_url: str, pools: Mapping[str, list[str]]) -> dict[str, Any]:
    """`cluster` with MetalLB beside all else: itself, Helm and its chart, its images."""
    cluster = settings(base_url)
    charts_and_helm = {
        "helm": _packed("helm", {"linux-amd64/helm": BINARIES["helm"].path}, "tar.gz"),
        "metallb-chart": _linked(charts.metallb(), "charts"),
    }
    cluster["downloads"] |= {name: _entry(base_url, path) for name, path in charts_and_helm.items()}
    for image in load_balancer_images():
        cluster["image_archives"][image.reference] = _entry(base_url, _linked(make(image), "images"))
    return {**cluster, "load_balancer": {"pools": dict(pools)}}


def _binaries(version: str) -> Iterator[tuple[str, Path]]:
    release = f"kubernetes/v{version}/bin/linux/amd64"
    for name in ("kubeadm", "kubelet", "kubectl"):
        yield name, _linked(binaries(version)[name].path, release)
    yield "containerd", _packed("containerd", {f"bin/{name}": BINARIES[name].path for name in CONTAINERD}, "tar.gz")
    yield "cni-plugins", _packed("bridge", {name: BINARIES[name].path for name in CNI_PLUGINS}, "tgz", "cni-plugins")
    etcd = BINARIES["etcdctl"].version
    programs = {f"etcd-{etcd}-linux-amd64/{name}": BINARIES[name].path for name in ("etcdctl", "etcdutl")}
    yield "etcd", _packed("etcdctl", programs, "tar.gz", "etcd")


def _linked(source: Path, below: str) -> Path:
    """The file in the mirror, sharing the cache's own bytes."""
    target = folder() / below / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if not (target.exists() and target.samefile(source)):
        target.unlink(missing_ok=True)
        os.link(source, target)
    return target


def _packed(tool: str, programs: Mapping[str, Path], suffix: str, name: str | None = None) -> Path:
    """An archive of programs by their paths in it, made once."""
    target = folder() / f"{name or tool}-{BINARIES[tool].version.removeprefix('v')}-linux-amd64.{suffix}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}")
        with tarfile.open(unfinished, "w:gz", compresslevel=1) as archive:
            for path, source in sorted(programs.items()):
                entry = tarfile.TarInfo(path)
                content = source.read_bytes()
                entry.size, entry.mode = len(content), 0o755
                archive.addfile(entry, io.BytesIO(content))
        unfinished.rename(target)
    return target


def _entry(base_url: str, path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"url": f"{base_url}/{path.relative_to(folder()).as_posix()}", "sha256": digest}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Say nothing of requests that were answered."""


def serve(directory: Path, address: str, port: int) -> None:
    """Serve a folder until the process is ended."""
    handler = functools.partial(_Quiet, directory=str(directory))
    with ThreadingHTTPServer((address, port), handler) as server:
        server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
