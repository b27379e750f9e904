"""Images by the registry protocol: what a name stands for, and its pieces, each checked by its digest.

Source: OCI distribution specification 1.1, Pulling Manifests and Pulling Blobs; the token protocol of
distribution/distribution, docs/content/spec/auth/token.md. Known, not read anew; `tests/tools` runs a real registry.
"""

from __future__ import annotations

import hashlib
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final

from tools.bundle.contents import BundleError
from tools.bundle.download import TIMEOUT_SECONDS, fetch

INDEXES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS: Final = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_UPSTREAM_HOSTS: Final = {"docker.io": "registry-1.docker.io"}
"""Where a registry answers, if not at its own name."""
_CHALLENGE: Final = re.compile(r'(\w+)="([^"]*)"')
_MAX_MANIFEST_BYTES: Final = 4 << 20


@dataclass(frozen=True)
class Descriptor:
    """A piece of an image: what it is, its digest (`sha256:...`), its size in bytes."""

    media_type: str
    digest: str
    size: int

    @property
    def sha256(self) -> str:
        """The digest's digits."""
        return self.digest.removeprefix("sha256:")


@dataclass(frozen=True)
class Image:
    """An image of some architectures: what its name stands for, and each architecture's manifest."""

    name: str
    top: Descriptor
    manifests: Mapping[str, Descriptor]


@dataclass
class Registry:
    """A registry as nobody sees it. `plain` are hosts that speak HTTP; `blobs` is where pieces are kept."""

    blobs: Path
    plain: Sequence[str] = ()
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def image(self, name: str, architectures: Sequence[str]) -> Image:
        """Fetch an image, all its pieces for these architectures.

        Raises:
            BundleError: the registry cannot be reached or does not have it, or a piece has another digest.
        """
        host, repository, reference = parts_of(name)
        top, document = self._manifest(host, repository, reference)
        if top.media_type in INDEXES:
            manifests = {each: _chosen(name, document, each) for each in architectures}
        elif len(architectures) == 1:
            manifests = {architectures[0]: top}
        else:
            raise BundleError(f"{name} is for one architecture, and the hosts have {' and '.join(architectures)}")
        for descriptor in manifests.values():
            _, manifest = self._manifest(host, repository, descriptor.digest)
            for piece in (manifest["config"], *manifest["layers"]):
                self._blob(host, repository, _descriptor(piece))
        return Image(name, top, manifests)

    def document(self, descriptor: Descriptor) -> Any:
        """A manifest that was fetched."""
        return json.loads((self.blobs / descriptor.sha256).read_bytes())

    def _manifest(self, host: str, repository: str, reference: str) -> tuple[Descriptor, Any]:
        kept = self.blobs / reference.removeprefix("sha256:")
        if not kept.exists():
            content = self._ask(host, repository, f"manifests/{reference}")
            digest = hashlib.sha256(content).hexdigest()
            if reference.startswith("sha256:") and reference != f"sha256:{digest}":
                raise BundleError(f"{host}/{repository}@{reference} has digest sha256:{digest}")
            kept = self.blobs / digest
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)
        content = kept.read_bytes()
        document = json.loads(content)
        descriptor = Descriptor(_media_type(document), f"sha256:{kept.name}", len(content))
        return descriptor, document

    def _blob(self, host: str, repository: str, piece: Descriptor) -> None:
        target = self.blobs / piece.sha256
        if not target.exists():
            fetch(
                self._url(host, repository, f"blobs/{piece.digest}"),
                piece.sha256,
                target,
                self._headers(host, repository),
            )

    def _ask(self, host: str, repository: str, path: str) -> bytes:
        """A manifest; where the registry wants a token, one that everybody gets."""
        for tried in (False, True):
            try:
                return self._open(host, repository, path)
            except urllib.error.HTTPError as error:
                if error.code != 401 or tried:
                    raise BundleError(f"{host}/{repository} ({path}) answers {error.code} {error.reason}") from error
                self._tokens[host, repository] = _token(error.headers.get("WWW-Authenticate", ""))
            except (urllib.error.URLError, HTTPException, OSError) as error:
                raise BundleError(f"{host} cannot be reached ({getattr(error, 'reason', error)})") from error
        raise AssertionError("the second try returns or raises")

    def _open(self, host: str, repository: str, path: str) -> bytes:
        request = urllib.request.Request(self._url(host, repository, path))  # noqa: S310  https, or a host in `plain`
        request.add_header("Accept", ", ".join((*INDEXES, *MANIFESTS)))
        for name, value in self._headers(host, repository).items():
            request.add_unredirected_header(name, value)
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  as above
            return bytes(answer.read(_MAX_MANIFEST_BYTES))

    def _url(self, host: str, repository: str, path: str) -> str:
        scheme = "http" if host in self.plain else "https"
        return f"{scheme}://{_UPSTREAM_HOSTS.get(host, host)}/v2/{repository}/{path}"

    def _headers(self, host: str, repository: str) -> dict[str, str]:
        token = self._tokens.get((host, repository))
        return {} if token is None else {"Authorization": f"Bearer {token}"}


def parts_of(name: str) -> tuple[str, str, str]:
    """Registry, repository, and tag or digest of a whole name."""
    host, _, rest = name.partition("/")
    repository, at, digest = rest.partition("@")
    if at:
        return host, repository.partition(":")[0], digest
    repository, _, tag = rest.partition(":")
    return host, repository, tag


def _chosen(name: str, index: Any, architecture: str) -> Descriptor:
    """The manifest for Linux on an architecture; of arm64's variants the first."""
    for entry in index["manifests"]:
        platform = entry.get("platform", {})
        if platform.get("os") == "linux" and platform.get("architecture") == architecture:
            return _descriptor(entry)
    raise BundleError(f"{name} is not for {architecture}")


def _descriptor(entry: Mapping[str, Any]) -> Descriptor:
    return Descriptor(entry["mediaType"], entry["digest"], entry["size"])


def _media_type(document: Mapping[str, Any]) -> str:
    """OCI's documents may leave it out, and then what they hold says it."""
    return document.get("mediaType") or (INDEXES if "manifests" in document else MANIFESTS)[0]


def _token(challenge: str) -> str:
    """An anonymous token, from where the registry says."""
    asked = dict(_CHALLENGE.findall(challenge))
    realm = asked.pop("realm", "")
    if not challenge.lower().startswith("bearer ") or not realm.startswith(("https://", "http://")):
        raise BundleError(
            f"a registry wants a login that nobody has here ({challenge.partition(' ')[0] or 'none named'})"
        )
    url = f"{realm}?{urllib.parse.urlencode(asked)}"
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  looked at above
            document = json.loads(answer.read(_MAX_MANIFEST_BYTES))
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
        raise BundleError(f"{realm} gives no token ({error})") from error
    return str(document.get("token") or document.get("access_token"))


def pieces(registry: Registry, image: Image) -> Iterator[Descriptor]:
    """All of an image that an archive holds, each once."""
    seen: set[str] = set()
    for manifest in (image.top, *image.manifests.values()):
        document = registry.document(manifest)
        more = () if manifest.media_type in INDEXES else (document["config"], *document["layers"])
        for piece in (manifest, *(_descriptor(entry) for entry in more)):
            if piece.digest not in seen:
                seen.add(piece.digest)
                yield piece
