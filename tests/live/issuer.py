"""An OpenID Connect issuer as an API server needs one: HTTPS, a discovery document, its keys, signed tokens."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from components.kubeadm.pem import certificate_pem, private_key_pem
from tests.live.hosts import GATEWAY

NAME: Final = "login.live.internal"
PORT: Final = 8443
URL: Final = f"https://{NAME}:{PORT}"
_KEY_ID: Final = "live"


class Issuer:
    """Answers at this machine's end of the bridge until `end`.

    Attributes:
        ca: the certificate that its own is signed by, as PEM.
    """

    def __init__(self, folder: Path) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ca = _certificate(self._key)
        pair = folder / "issuer.pem"
        pair.touch(mode=0o600)
        pair.write_text(self.ca + private_key_pem(self._key), encoding="utf-8")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair)
        pages = {"/.well-known/openid-configuration": _DISCOVERY, "/keys": {"keys": [self._public_key()]}}
        self._server = ThreadingHTTPServer((GATEWAY, PORT), _handler(pages))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def token(self, user: str, *groups: str, key: rsa.RSAPrivateKey | None = None, **claims: Any) -> str:
        """A token of an hour for a user of these groups; another's `key` makes it a forged one."""
        now = int(time.time())
        about = {"iss": URL, "aud": "kubernetes", "sub": user, "groups": groups, "iat": now, "exp": now + 3600}
        header = _part({"alg": "RS256", "typ": "JWT", "kid": _KEY_ID})
        signed = f"{header}.{_part({**about, **claims})}"
        signature = (key or self._key).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64(signature)}"

    def _public_key(self) -> dict[str, str]:
        numbers = self._key.public_key().public_numbers()
        modulus, exponent = (value.to_bytes((value.bit_length() + 7) // 8, "big") for value in (numbers.n, numbers.e))
        named = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": _KEY_ID}
        return {**named, "n": _base64(modulus), "e": _base64(exponent)}


_DISCOVERY: Final = {
    "issuer": URL,
    "jwks_uri": f"{URL}/keys",
    "response_types_supported": ["id_token"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
}


def _handler(pages: dict[str, dict[str, Any]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            body = json.dumps(page).encode() if page else b""
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
            """Say nothing of requests that were answered."""

    return Handler


def _certificate(key: rsa.RSAPrivateKey) -> str:
    """Its own authority, for an hour and a name."""
    now, name = datetime.now(tz=UTC), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate_pem(made)


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
