"""etcd as somebody else runs it: one member on this machine's end of the bridge, with certificates of its own CA."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from components.kubeadm.pem import certificate_pem, load_certificate, load_key, private_key_pem
from components.kubeadm.pki import client_certificate, make_pki
from tests.live.build import BINARIES
from tests.live.hosts import GATEWAY
from tests.live.processes import keep

ENDPOINT = f"https://{GATEWAY}:2479"
_PEERS = "http://127.0.0.1:2480"


class ExternalEtcd:
    """A member that runs until `end`.

    Attributes:
        certificates: what the stack's secret says, as JSON text.
    """

    def __init__(self, folder: Path) -> None:
        now = datetime.now(tz=UTC)
        pki = make_pki(now)
        self._folder = folder
        authority, key = pki["etcd/ca.crt"], pki["etcd/ca.key"]
        client, client_key = client_certificate(
            authority=authority,
            authority_key=key,
            common_name="kubernetes",
            groups=[],
            valid=timedelta(days=90),
            now=now,
        )
        self.certificates = json.dumps(
            {"ca_certificate": authority, "client_certificate": client, "client_key": client_key}
        )
        folder.mkdir(parents=True)
        server, server_key = _server_certificate(authority, key, now)
        texts = {
            "ca": authority,
            "server": server,
            "server-key": server_key,
            "client": client,
            "client-key": client_key,
        }
        for name, text in texts.items():
            (folder / f"{name}.pem").write_text(text, encoding="utf-8")
        options = {
            "name": "outside",
            "data-dir": folder / "data",
            "listen-client-urls": ENDPOINT,
            "advertise-client-urls": ENDPOINT,
            "listen-peer-urls": _PEERS,
            "initial-advertise-peer-urls": _PEERS,
            "initial-cluster": f"outside={_PEERS}",
            "trusted-ca-file": folder / "ca.pem",
            "cert-file": folder / "server.pem",
            "key-file": folder / "server-key.pem",
            "client-cert-auth": "true",
        }
        command = [str(BINARIES["etcd"].path), *(f"--{name}={value}" for name, value in options.items())]
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        keep(self._process)

    def held(self) -> list[str]:
        """The keys of a cluster that it holds."""
        done = self._control("get", "/registry/", "--prefix", "--keys-only")
        return done.split()

    def empty(self) -> None:
        """What its people do before another cluster gets it."""
        self._control("del", "--prefix", "/registry/")

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(timeout=30)

    def _control(self, *words: str) -> str:
        folder = self._folder
        access = [f"--cacert={folder}/ca.pem", f"--cert={folder}/client.pem", f"--key={folder}/client-key.pem"]
        command = [str(BINARIES["etcdctl"].path), f"--endpoints={ENDPOINT}", *access, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _server_certificate(authority: str, authority_key: str, now: datetime) -> tuple[str, str]:
    issuer, issuer_key = load_certificate(authority), load_key(authority_key)
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "etcd")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(GATEWAY))]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    return certificate_pem(made), private_key_pem(key)
