"""The real kubectl asks the plugin oidc-login for a token by people's kubeconfig, and presents it to the API."""

from __future__ import annotations

import http.server
import os
import ssl
import subprocess
import threading
from pathlib import Path

import pytest

from components.kubeadm.kubeconfig import base64_of, login_kubeconfig
from components.settings import LoginSettings
from tests.live.build import BINARIES

pytestmark = pytest.mark.live

_PLUGIN = """#!/bin/sh
echo "$*" >"$ASKED"
echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "of-the-issuer"}}'
"""
"""Stands for kubelogin, which would open a browser."""


class _Api(http.server.BaseHTTPRequestHandler):
    """An API that says what it was presented."""

    def do_GET(self) -> None:
        """Answer."""
        said = self.headers.get("Authorization", "nothing").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name is not ours
        """Say nothing."""


def _certified(folder: Path) -> ssl.SSLContext:
    """A certificate of its own for this machine's loopback address: kubectl gives nobody a token in the clear."""
    made = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        folder / "key",
        "-out",
        folder / "crt",
    ]
    names = ["-subj", "/CN=api", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"]
    subprocess.run(["openssl", "req", "-x509", *made, *names], capture_output=True, check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "crt", folder / "key")
    return context


def test_kubectl_gets_a_token_by_it(tmp_path: Path) -> None:
    kubectl = BINARIES["kubectl"].path
    if not kubectl.is_file():
        pytest.skip("kubectl has not been built: python -m tests.live.build kubectl")
    for name, text in (("kubectl-oidc_login", _PLUGIN), ("kubectl", f'#!/bin/sh\nexec {kubectl} "$@"\n')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    server = http.server.HTTPServer(("127.0.0.1", 0), _Api)
    server.socket = _certified(tmp_path).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    login = LoginSettings(issuer="https://login.example", client_id="kubernetes", scopes=("groups",))
    url, authority = f"https://127.0.0.1:{server.server_port}", (tmp_path / "crt").read_text(encoding="utf-8")
    config = login_kubeconfig(cluster_name="shop", api_url=url, ca_certificate=base64_of(authority), login=login)
    (tmp_path / "config").write_text(config, encoding="utf-8")
    environment = {"PATH": f"{tmp_path}:{os.defpath}", "HOME": str(tmp_path), "ASKED": str(tmp_path / "asked")}
    command = ["kubectl", "--kubeconfig", str(tmp_path / "config"), "get", "--raw", "/version"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    server.shutdown()
    server.server_close()
    assert said.stdout == "Bearer of-the-issuer", said.stderr
    asked = (tmp_path / "asked").read_text(encoding="utf-8").split()
    assert asked == [
        "get-token",
        "--oidc-issuer-url=https://login.example",
        "--oidc-client-id=kubernetes",
        "--oidc-extra-scope=groups",
    ]
