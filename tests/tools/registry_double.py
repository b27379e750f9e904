"""A web server for the bundle's tests: files, and images by the registry protocol with anonymous tokens."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

OCI: Final = "application/vnd.oci.image"
TOKEN: Final = "anonymous-token"


@dataclass
class Served:
    """What the server has: contents by path. `asked` are the paths and ranges of requests, in their order."""

    address: str = ""
    contents: dict[str, bytes] = field(default_factory=dict[str, bytes])
    types: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])
    breaks_off: set[str] = field(default_factory=set[str])

    def file(self, path: str, content: bytes) -> str:
        """Have a file at a path; its sum."""
        self.contents[path] = content
        return hashlib.sha256(content).hexdigest()

    def image(self, repository: str, tag: str, *architectures: str) -> str:
        """Have an image: an index of architectures, or one manifest where there is none; its name."""
        manifests = [self._manifest(repository, each) for each in architectures or ("amd64",)]
        if architectures:
            index = {"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json", "manifests": manifests}
            self._document(repository, tag, index)
        else:
            content = self.contents[f"/v2/{repository}/manifests/{manifests[0]['digest']}"]
            self._keep(f"/v2/{repository}/manifests/{tag}", content, f"{OCI}.manifest.v1+json")
        return f"{self.address}/{repository}:{tag}"

    def _manifest(self, repository: str, architecture: str) -> dict[str, Any]:
        layer, diff = _layer(f"{repository} for {architecture}")
        config = {"architecture": architecture, "os": "linux", "rootfs": {"type": "layers", "diff_ids": [diff]}}
        document = {
            "schemaVersion": 2,
            "mediaType": f"{OCI}.manifest.v1+json",
            "config": self._blob(repository, json.dumps(config).encode(), f"{OCI}.config.v1+json"),
            "layers": [self._blob(repository, layer, f"{OCI}.layer.v1.tar+gzip")],
        }
        digest = f"sha256:{hashlib.sha256(json.dumps(document).encode()).hexdigest()}"
        size = self._document(repository, digest, document)
        platform = {"os": "linux", "architecture": architecture}
        return {"mediaType": document["mediaType"], "digest": digest, "size": size, "platform": platform}

    def _blob(self, repository: str, content: bytes, media_type: str) -> dict[str, Any]:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self._keep(f"/v2/{repository}/blobs/{digest}", content, "application/octet-stream")
        return {"mediaType": media_type, "digest": digest, "size": len(content)}

    def _document(self, repository: str, reference: str, document: dict[str, Any]) -> int:
        content = json.dumps(document).encode()
        self._keep(f"/v2/{repository}/manifests/{reference}", content, document["mediaType"])
        return len(content)

    def _keep(self, path: str, content: bytes, media_type: str) -> None:
        self.contents[path], self.types[path] = content, media_type


def _layer(text: str) -> tuple[bytes, str]:
    """A compressed layer of one file, and its digest uncompressed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("hello")
        entry.size = len(text.encode())
        archive.addfile(entry, io.BytesIO(text.encode()))
    plain = buffer.getvalue()
    return gzip.compress(plain, mtime=0), f"sha256:{hashlib.sha256(plain).hexdigest()}"


@contextmanager
def serving() -> Iterator[Served]:
    """A server on a port of its own, until the end of the block."""
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
            """Say nothing of requests."""

        def do_GET(self) -> None:
            """Answer a request."""
            _answer(self, served)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(request: BaseHTTPRequestHandler, served: Served) -> None:
    path, wanted = request.path.partition("?")[0], request.headers.get("Range")
    served.asked.append((path, wanted))
    if path == "/token":
        _send(request, 200, json.dumps({"token": TOKEN}).encode())
    elif path.startswith("/v2/") and request.headers.get("Authorization") != f"Bearer {TOKEN}":
        challenge = f'Bearer realm="http://{served.address}/token",service="double",scope="pull"'
        _send(request, 401, b"", {"WWW-Authenticate": challenge})
    elif path not in served.contents:
        _send(request, 404, b"")
    elif path in served.breaks_off:
        served.breaks_off.discard(path)
        content = served.contents[path]
        _send(request, 200, content[: len(content) // 2], {"Content-Length": str(len(content))})
        request.close_connection = True
    else:
        _send_from(request, served.contents[path], wanted, served.types.get(path, "application/octet-stream"))


def _send_from(request: BaseHTTPRequestHandler, content: bytes, wanted: str | None, media_type: str) -> None:
    start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
    headers = {"Content-Type": media_type}
    if start >= len(content) > 0:
        _send(request, 416, b"", headers)
    else:
        _send(request, 206 if wanted else 200, content[start:], headers)


def _send(request: BaseHTTPRequestHandler, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(content)
