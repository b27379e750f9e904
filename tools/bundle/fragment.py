"""The settings of a site that has a bundle: what goes into `Pulumi.<stack>.yaml` over what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from components.binaries import known_sum
from tools.bundle.contents import Binary

_HEAD: Final = """\
# Settings that use this bundle: put these keys into the stack's file, over what is there, when the folder is at
#   {url}
# A file:/// address is a folder on every host, the same on all; a server serves the folder as it is.
"""


def fragment(url: str, binaries: Sequence[Binary], archives: Mapping[str, tuple[str, str]]) -> str:
    """The text of `settings.yaml`; archives are path and SHA-256 sum by the image's whole name."""
    cluster: dict[str, Any] = {"download_mirror": f"{url}/binaries"}
    if mine := {
        binary.name: _entry(f"{url}/binaries/{binary.path}", binary.sha256) for binary in _not_upstreams(binaries)
    }:
        cluster["downloads"] = mine
    cluster["image_archives"] = {
        name: _entry(f"{url}/{path}", sha256) for name, (path, sha256) in sorted(archives.items())
    }
    document = {"config": {"infraplatform:cluster": cluster}}
    return _HEAD.format(url=url) + yaml.safe_dump(document, sort_keys=False, width=200)


def _not_upstreams(binaries: Sequence[Binary]) -> list[Binary]:
    """Those that the settings name themselves; upstream's follow from the mirror."""
    return [binary for binary in binaries if known_sum(binary.path) != binary.sha256]


def _entry(url: str, sha256: str) -> dict[str, str]:
    return {"url": url, "sha256": sha256}
