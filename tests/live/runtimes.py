"""What test hosts need to run CRI-O, or Docker Engine by cri-dockerd, in the place of containerd.

Debian 12 has conmon, skopeo and Docker Engine. Its crun is too old for CRI-O 1.36 ("unknown version specified"), CRI-O
is on no module proxy, and cri-dockerd's module needs others in the place of what it names: these are programs of
`given()`, built from their sources by whoever wants these scenarios.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.live import mirror
from tests.live.build import given
from tests.live.hosts import Host
from tests.live.site import Site

_MODEST: Final = r"""#!/bin/bash
# Test hosts may not raise a process's importance to the kernel (CAP_SYS_RESOURCE), nor have control groups of huge
# pages: containers begin with the importance that all have, and without what a host of a user's own gives.
for ((place = 1; place < $#; place++)); do
	[[ ${!place} != --bundle && ${!place} != -b ]] || { next=$((place + 1)); bundle=${!next}; }
done
[[ -z ${bundle:-} ]] || sed -i -z -E 's/"oomScoreAdj": ?-[0-9]+/"oomScoreAdj":0/
	s/"hugepageLimits": ?\[[^]]*\]/"hugepageLimits":[]/; s/"CAP_SYS_RESOURCE",[[:space:]]*//g' "$bundle/config.json"
exec %s "$@"
"""


@dataclass(frozen=True)
class Runtime:
    """A runtime: what it is called, what hosts have of Debian, what must be given, where that is in its archive.

    `wrappers` are programs of the archive that stand before Debian's own.
    """

    kind: str
    packages: tuple[str, ...]
    download: str
    programs: Mapping[str, str]
    wrappers: Mapping[str, str]

    @property
    def missing(self) -> list[str]:
        """The programs that nobody gave."""
        return [name for name in self.programs if given(name) is None]

    def settings(self, site: Site, version: str) -> dict[str, Any]:
        """What a cluster's settings say for it, with its archive in the site's mirror."""
        release = site.release(version)
        address = release["downloads"]["kubeadm"]["url"].partition("/kubernetes/")[0]
        path = self._packed()
        entry = {"url": f"{address}/{path.name}", "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        downloads = {name: each for name, each in release["downloads"].items() if name != "containerd"}
        return {
            "runtime": {"kind": self.kind},
            "downloads": {**downloads, self.download: entry},
            "preinstalled": [],
            "containerd": {},
        }

    def _packed(self) -> Path:
        """The archive as upstream lays it out."""
        target = mirror.folder() / f"{self.download}.tar.gz"
        target.parent.mkdir(parents=True, exist_ok=True)
        files = {path: program.read_bytes() for name, path in self.programs.items() if (program := given(name))}
        files |= {path: (_MODEST % own).encode() for path, own in self.wrappers.items()}
        with tarfile.open(target, "w:gz", compresslevel=1) as archive:
            for path, content in sorted(files.items()):
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode = len(content), 0o755
                archive.addfile(entry, io.BytesIO(content))
        return target


CRI_O: Final = Runtime(
    kind="cri-o",
    packages=("conmon", "skopeo"),
    download="cri-o",
    programs={"crio": "cri-o/bin/crio", "pinns": "cri-o/bin/pinns", "crun": "cri-o/bin/crun"},
    wrappers={"cri-o/bin/conmon": "/usr/bin/conmon"},  # which starts each of its containers
)
DOCKER: Final = Runtime(
    kind="docker",
    packages=("docker.io",),
    download="cri-dockerd",
    programs={"cri-dockerd": "cri-dockerd/cri-dockerd"},
    wrappers={},
)


def make_modest(host: Host) -> None:
    """Let Docker's containers be what test hosts allow: the host's runc is called by something before it."""
    (host.root / "usr/sbin/runc").rename(host.root / "usr/sbin/runc.own")
    (host.root / "usr/sbin/runc").write_text(_MODEST % "/usr/sbin/runc.own", encoding="utf-8")
    (host.root / "usr/sbin/runc").chmod(0o755)
