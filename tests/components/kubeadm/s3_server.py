"""A stand-in for S3 on this machine: keeps objects, and judges each request's signature as AWS documents it.

Source: Amazon S3 API reference, "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)",
known, not read anew.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

KEY_ID: Final = "AKIDEXAMPLE"
KEY: Final = 'a "secret" key\\with/both+kinds='
REGION: Final = "eu-central-1"
_AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)"
)


@dataclass
class Bucket:
    """Objects by their path, and where the server is."""

    endpoint: str
    objects: dict[str, bytes] = field(default_factory=dict[str, bytes])


@contextmanager
def s3_server() -> Iterator[Bucket]:
    """A server that takes requests which `KEY` signed, and no others."""
    server = _Server(("127.0.0.1", 0), _Handler)
    bucket = server.bucket = Bucket(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    bucket: Bucket


class _Handler(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_signed(body):
            self._objects()[self.path] = body
            self._answer(200)

    def do_GET(self) -> None:
        if self._is_signed(b""):
            found = self._objects().get(self.path)
            self._answer(404 if found is None else 200, found or b"")

    def _objects(self) -> dict[str, bytes]:
        server: Any = self.server
        objects: dict[str, bytes] = server.bucket.objects
        return objects

    def _is_signed(self, body: bytes) -> bool:
        found = _AUTHORIZATION.fullmatch(self.headers.get("Authorization", ""))
        digest = self.headers.get("x-amz-content-sha256", "")
        signed = found is not None and digest == hashlib.sha256(body).hexdigest() and self._signature(found, digest)
        if not signed:
            self._answer(403)
        return bool(signed)

    def _signature(self, found: re.Match[str], digest: str) -> bool:
        key_id, day, region, names, signature = found.groups()
        headers = "".join(f"{name}:{self.headers[name].strip()}\n" for name in names.split(";"))
        request = "\n".join([self.command, self.path, "", headers, names, digest])
        scope = f"{day}/{region}/s3/aws4_request"
        hashed = hashlib.sha256(request.encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope, hashed])
        key = f"AWS4{KEY}".encode()
        for part in (day, region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        right = hmac.digest(key, text.encode(), "sha256").hex()
        return (key_id, region) == (KEY_ID, REGION) and hmac.compare_digest(right, signature)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Say nothing."""
