"""An image as one file: an OCI layout in a tar archive, a Docker archive as well where it has one architecture.

containerd takes the name from the annotation, Docker from `manifest.json`; `docker save` has written both since its
version 25. Equal images make equal bytes.
"""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any, Final

from tools.bundle.registry import Image, Registry, pieces

_LAYOUT: Final = {"imageLayoutVersion": "1.0.0"}
_INDEX: Final = "application/vnd.oci.image.index.v1+json"


def file_name(image: str) -> str:
    """An archive's file name, of an image's whole name."""
    return f"{image.replace('/', '_').replace(':', '_').replace('@', '_')}.tar"


def write_archive(registry: Registry, image: Image, target: Path) -> None:
    """Write an image that was fetched; the file is there when it is whole."""
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(unfinished, "w", format=tarfile.USTAR_FORMAT) as archive:
        _add(archive, "oci-layout", _json(_LAYOUT))
        _add(archive, "index.json", _json(_index(image)))
        if len(image.manifests) == 1:
            _add(archive, "manifest.json", _json(_docker_manifest(registry, image)))
        for piece in pieces(registry, image):
            path = registry.blobs / piece.sha256
            entry = tarfile.TarInfo(f"blobs/sha256/{piece.sha256}")
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as file:
                archive.addfile(entry, file)
    unfinished.rename(target)


def _index(image: Image) -> dict[str, Any]:
    name = {"io.containerd.image.name": image.name, "org.opencontainers.image.ref.name": image.name}
    top = {"mediaType": image.top.media_type, "digest": image.top.digest, "size": image.top.size, "annotations": name}
    return {"schemaVersion": 2, "mediaType": _INDEX, "manifests": [top]}


def _docker_manifest(registry: Registry, image: Image) -> list[dict[str, Any]]:
    (manifest,) = image.manifests.values()
    document = registry.document(manifest)
    paths = [
        f"blobs/sha256/{piece['digest'].removeprefix('sha256:')}" for piece in (document["config"], *document["layers"])
    ]
    return [{"Config": paths[0], "RepoTags": [image.name], "Layers": paths[1:]}]


def _json(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    archive.addfile(entry, io.BytesIO(content))
