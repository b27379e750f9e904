"""A real Kubernetes API server with its store, on 127.0.0.1, for as long as a `with` block lasts.

Only kube-apiserver and etcd run: no controller, no node. That is all that validates and defaults an object. Neither
needs root; both end by their process handles, and everything that they wrote is in the folder they were given.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import secrets
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conformance import build

_START_SECONDS: Final = 90
_REQUEST_SECONDS: Final = 30


class KubernetesError(Exception):
    """The server did not start; the message is the end of its log."""


@dataclass(frozen=True)
class Answer:
    """What the API server said to one request."""

    status: int
    body: Mapping[str, Any]

    @property
    def message(self) -> str:
        """The server's own words for a refusal."""
        return str(self.body.get("message", self.body))


@dataclass(frozen=True)
class ApiServer:
    """A running API server; `request` is the only way to it."""

    url: str
    token: str
    certificate: Path

    def request(self, method: str, path: str, body: Mapping[str, Any] | None = None, content_type: str = "") -> Answer:
        """Send one request as an administrator; a refusal is an answer too."""
        request = urllib.request.Request(  # noqa: S310  # always https to our own server
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode()
        )
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", content_type or "application/json")
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),  # the machine's proxy must not see 127.0.0.1
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(self.certificate))),
        )
        try:
            with opener.open(request, timeout=_REQUEST_SECONDS) as response:
                return Answer(response.status, _json(response.read()))
        except urllib.error.HTTPError as error:
            return Answer(error.code, _json(error.read()))


@contextmanager
def api_server(folder: Path) -> Iterator[ApiServer]:
    """Start etcd and kube-apiserver with all they write below `folder`; end both afterwards.

    Raises:
        KubernetesError: one of them is not built, or did not become ready.
    """
    etcd, server = build.find("etcd"), build.find("kube-apiserver")
    if etcd is None or server is None:
        raise KubernetesError("etcd or kube-apiserver is not built: run `make conformance`")
    certificate, key, token = _write_credentials(folder)
    store_port, peer_port, port = _free_ports(3)
    store = f"http://127.0.0.1:{store_port}"
    peer = f"http://127.0.0.1:{peer_port}"
    store_command = [
        str(etcd),
        f"--data-dir={folder / 'etcd'}",
        "--unsafe-no-fsync=true",  # the data does not outlive the test
        f"--listen-client-urls={store}",
        f"--advertise-client-urls={store}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
    ]
    server_command = [
        str(server),
        f"--etcd-servers={store}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-signing-key-file={key}",
        f"--service-account-key-file={certificate}",
        "--service-cluster-ip-range=10.96.0.0/16",
    ]
    with ExitStack() as processes:
        processes.enter_context(_process(folder / "etcd.log", store_command))
        process = processes.enter_context(_process(folder / "kube-apiserver.log", server_command))
        running = ApiServer(f"https://127.0.0.1:{port}", token, certificate)
        _wait_until_ready(running, process, folder / "kube-apiserver.log")
        yield running


def _wait_until_ready(server: ApiServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            # `default` comes a moment after the server is ready, and every object without a namespace needs it.
            if server.request("GET", "/readyz").status == 200 and _has_default_namespace(server):
                return
        except OSError:
            pass  # not listening yet
        time.sleep(0.2)
    raise KubernetesError("kube-apiserver did not become ready:\n" + log.read_text(encoding="utf-8")[-3000:])


def _has_default_namespace(server: ApiServer) -> bool:
    return server.request("GET", "/api/v1/namespaces/default").status == 200


@contextmanager
def _process(log: Path, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _write_credentials(folder: Path) -> tuple[Path, Path, str]:
    """Write a self-signed certificate for 127.0.0.1, its key, and the administrator's token."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "conformance")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    token = secrets.token_hex(16)
    (folder / "tokens.csv").write_text(f'{token},conformance,conformance,"system:masters"\n', encoding="utf-8")
    (folder / "tls.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "tls.crt", folder / "tls.key", token


def _free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that were free a moment ago, all different."""
    with ExitStack() as sockets:
        opened = [sockets.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [item.getsockname()[1] for item in opened]


def _json(text: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {"message": text.decode(errors="replace")}  # health checks answer in plain text
    return body if isinstance(body, dict) else {"message": str(body)}
