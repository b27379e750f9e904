"""Wraps the built binaries as docker archives, which hosts import: no registry is reached, and none is needed.

An image is some layers, each a tar file: the programs, and for those that set up packet filters Debian's own tools.
An archive lies in the cache under a name that says what it was made of, so it is made once.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from components.versions import HELPER_IMAGE_VERSION, KUBEADM_RELEASES, LOCAL_PATH_VERSION, REGISTRY_VERSION
from tests.conformance.build import BuildError, cache_root
from tests.live import rootfs
from tests.live.build import BINARIES, KUBERNETES, KUBERNETES_IMAGES, KUBERNETES_NEXT, binaries

_NFT_NAMES: Final = (
    "iptables",
    "iptables-save",
    "iptables-restore",
    "ip6tables",
    "ip6tables-save",
    "ip6tables-restore",
)

_APPLETS: Final = [
    "sh",
    "cat",
    "echo",
    "httpd",
    "wget",
    "nslookup",
    "sleep",
    "mkdir",
    "rm",
    "ls",
    "chmod",
    "hostname",
    "stat",
]
"""What the helper of volumes and the tests' own pods run."""


@dataclass(frozen=True)
class Image:
    """An image to be.

    Attributes:
        reference: the name by which manifests ask for it.
        programs: files of this machine by their paths in the image.
        entrypoint: what a container runs.
        base: Debian packages below the programs.
        links: symbolic links by path.
    """

    reference: str
    programs: Mapping[str, Path]
    entrypoint: tuple[str, ...]
    base: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The image's short name: the last part of its repository."""
        return self.reference.rpartition("/")[2].partition(":")[0]

    @property
    def archive(self) -> Path:
        """Where the archive is, or will be."""
        made_of = repr((self.reference, sorted(self.programs.items()), self.entrypoint, self.base, dict(self.links)))
        return cache_root() / "images" / f"{self.name}-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}.tar"


def images(version: str = KUBERNETES) -> Iterator[Image]:
    """Every image that a cluster of the tests runs, the tests' own workloads too."""
    programs, release = binaries(version), KUBEADM_RELEASES[version.rpartition(".")[0]]
    for name in KUBERNETES_IMAGES:
        tools = ("iptables", "nftables", "conntrack", "kmod") if name == "kube-proxy" else ()
        links = {f"/usr/sbin/{link}": "xtables-nft-multi" for link in _NFT_NAMES} if tools else {}
        program = f"/usr/local/bin/{name}"
        binary = {program: programs[name].path}
        yield Image(f"registry.k8s.io/{name}:v{version}", binary, (program,), tools, links)
    etcd = {f"/usr/local/bin/{name}": programs[name].path for name in ("etcd", "etcdctl", "etcdutl")}
    yield Image(f"registry.k8s.io/etcd:{release.etcd}", etcd, ("/usr/local/bin/etcd",))
    core_dns = {"/coredns": programs["coredns"].path}
    yield Image(f"registry.k8s.io/coredns/coredns:{release.core_dns}", core_dns, ("/coredns",))
    yield Image(f"registry.k8s.io/pause:{release.pause}", {"/pause": pause(release.pause)}, ("/pause",))
    yield Image(
        f"ghcr.io/flannel-io/flannel:{BINARIES['flanneld'].version}",
        {"/opt/bin/flanneld": BINARIES["flanneld"].path},
        ("/opt/bin/flanneld",),
        ("iptables", "nftables", "conntrack", "kmod"),
        {f"/usr/sbin/{link}": "xtables-nft-multi" for link in _NFT_NAMES},
    )
    registry = {"/bin/registry": BINARIES["registry"].path}
    yield Image(f"docker.io/library/registry:{REGISTRY_VERSION}", registry, ("/bin/registry",))
    # The newest version that module proxies have stands in for the one that clusters run: both are started alike.
    program = "/usr/bin/local-path-provisioner"
    provisioner = {program: BINARIES["local-path-provisioner"].path}
    yield Image(f"docker.io/rancher/local-path-provisioner:{LOCAL_PATH_VERSION}", provisioner, (program,))
    links = {f"/bin/{applet}": "busybox" for applet in _APPLETS}
    yield Image(f"docker.io/library/busybox:{HELPER_IMAGE_VERSION}", {}, ("/bin/busybox",), ("busybox",), links)


def load_balancer_images() -> Iterator[Image]:
    """What MetalLB runs; its chart has the same version, and clusters of single scenarios alone have it."""
    for name in ("controller", "speaker"):
        tool = BINARIES[f"metallb-{name}"]
        yield Image(f"quay.io/metallb/{name}:{tool.version}", {f"/{name}": tool.path}, (f"/{name}",))


def every() -> Iterator[Image]:
    """The images of both versions and of single scenarios."""
    for version in (KUBERNETES, KUBERNETES_NEXT):
        yield from images(version)
    yield from load_balancer_images()


def pause(version: str) -> Path:
    """The sandbox's program, compiled from the source that the Kubernetes module has.

    Raises:
        BuildError: there is no C compiler, or the module is not in Go's cache.
    """
    binary = cache_root() / f"pause-{version}" / "pause"
    if not binary.is_file():
        modules = _output("go", "env", "GOMODCACHE").strip()
        source = Path(modules) / f"k8s.io/kubernetes@v{KUBERNETES}" / "build/pause/linux/pause.c"
        binary.parent.mkdir(parents=True, exist_ok=True)
        unfinished = binary.with_suffix(".part")
        _output("gcc", "-Os", "-static", "-s", f"-DVERSION=v{version}", "-o", str(unfinished), str(source))
        unfinished.rename(binary)
    return binary


def make(image: Image) -> Path:
    """Write the image's archive unless it is there; return it."""
    if not image.archive.is_file():
        layers = [rootfs.packages(image.base)] if image.base else []
        image.archive.parent.mkdir(parents=True, exist_ok=True)
        unfinished = image.archive.with_suffix(".part")
        _write(image, [layer.read_bytes() for layer in layers] + [_layer(image)], unfinished)
        unfinished.rename(image.archive)
    return image.archive


def _write(image: Image, layers: list[bytes], target: Path) -> None:
    """The format that `docker save` writes: manifest.json, the image's configuration, its layers."""
    digests = [hashlib.sha256(layer).hexdigest() for layer in layers]
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    configuration = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Entrypoint": list(image.entrypoint), "Env": [f"PATH={path}"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
        }
    ).encode()
    name = f"{hashlib.sha256(configuration).hexdigest()}.json"
    manifest = [
        {"Config": name, "RepoTags": [image.reference], "Layers": [f"{digest}/layer.tar" for digest in digests]}
    ]
    with tarfile.open(target, "w") as archive:
        _add(archive, "manifest.json", json.dumps(manifest).encode())
        _add(archive, name, configuration)
        for digest, layer in zip(digests, layers, strict=True):
            _add(archive, f"{digest}/layer.tar", layer)


def _layer(image: Image) -> bytes:
    """The layer of the image's own programs and links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as layer:
        for path, program in sorted(image.programs.items()):
            _add(layer, path.lstrip("/"), program.read_bytes(), mode=0o755)
        for path, target in sorted(image.links.items()):
            link = tarfile.TarInfo(path.lstrip("/"))
            link.type, link.linkname = tarfile.SYMTYPE, target
            layer.addfile(link)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def _output(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise BuildError(f"{' '.join(command)} ended with {result.returncode}: {result.stderr.strip()}")
    return result.stdout
