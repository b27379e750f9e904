"""Pushes images as anybody outside the cluster would: by HTTPS, with the cluster's CA, a name and a password."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import socket
import ssl
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
_CONFIG: Final = "application/vnd.oci.image.config.v1+json"
_LAYER: Final = "application/vnd.oci.image.layer.v1.tar+gzip"


class RegistryClient:
    """A registry by its `name:port`, answered for by any node at `address`; there is no DNS for the name here."""

    def __init__(self, host: str, address: str, authority: str, docker_config: str = "") -> None:
        self.host = host
        self._address = address
        self._context = ssl.create_default_context(cadata=authority)
        self._headers: dict[str, str] = {}
        if docker_config:
            self._headers["Authorization"] = f"Basic {json.loads(docker_config)['auths'][host]['auth']}"

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str]]:
        """The status and the headers of an answer."""
        name, _, port = self.host.partition(":")
        connection = http.client.HTTPSConnection(name, int(port), context=self._context)
        plain = socket.create_connection((self._address, int(port)), timeout=20)
        connection.sock = self._context.wrap_socket(plain, server_hostname=name)
        try:
            connection.request(method, path, body, {**self._headers, **(headers or {})})
            answer = connection.getresponse()
            answer.read()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}
        finally:
            connection.close()

    def answers(self) -> bool:
        """Whether the registry takes the login; a port that nobody answers at is no."""
        try:
            return self.ask("GET", "/v2/")[0] == http.client.OK
        except OSError:
            return False

    def push(self, archive: Path, repository: str, tag: str) -> str:
        """Push the image of a docker archive; return the name by which it is pulled."""
        with tarfile.open(archive) as docker:
            (described,) = cast("list[dict[str, Any]]", json.loads(_member(docker, "manifest.json")))
            configuration = _member(docker, described["Config"])
            layers = [gzip.compress(_member(docker, layer), compresslevel=1) for layer in described["Layers"]]
        manifest = {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": self._blob(repository, _CONFIG, configuration),
            "layers": [self._blob(repository, _LAYER, layer) for layer in layers],
        }
        path = f"/v2/{repository}/manifests/{tag}"
        status, _ = self.ask("PUT", path, json.dumps(manifest).encode(), {"Content-Type": _MANIFEST})
        assert status == http.client.CREATED, f"the manifest of {repository}:{tag} is refused with {status}"
        return f"{self.host}/{repository}:{tag}"

    def _blob(self, repository: str, media_type: str, content: bytes) -> dict[str, Any]:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        status, headers = self.ask("POST", f"/v2/{repository}/blobs/uploads/")
        assert status == http.client.ACCEPTED, f"an upload to {repository} is refused with {status}"
        place = headers["location"].removeprefix(f"https://{self.host}")
        joint = "&" if "?" in place else "?"
        status, _ = self.ask("PUT", f"{place}{joint}digest={digest}", content)
        assert status == http.client.CREATED, f"{digest} is refused with {status}"
        return {"mediaType": media_type, "digest": digest, "size": len(content)}


def authority_of(outputs: Mapping[str, Any]) -> str:
    """The cluster's CA as PEM, from the stack's outputs."""
    return base64.b64decode(outputs["ca_certificate"]).decode()


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None
    return file.read()
