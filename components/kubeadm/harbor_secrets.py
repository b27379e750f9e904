"""What Harbor keeps secret: `python -m components.kubeadm.harbor_secrets`, run once for a cluster.

Writes them by their name as JSON on standard output. Harbor's database is encrypted by one of them and is made with
others, so they are never made anew. Lengths: harbor-helm 1.19.1, values.yaml (`secretKey` 16 characters, `xsrfKey` 32),
read 2026-11-29.
"""

from __future__ import annotations

import json
import secrets
import string
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

import bcrypt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from components.kubeadm.harbor import HARBOR_ADMIN
from components.kubeadm.pem import certificate_pem, private_key_pem
from components.kubeadm.registry_user import PASSWORD_BYTES, ROUNDS

REGISTRY_USER: Final = "harbor_registry_user"
"""By whom Harbor's parts log in at its own distribution; nobody else can reach that."""
_LETTERS: Final = string.ascii_letters + string.digits
_TOKEN_KEY_BITS: Final = 2048
_TOKEN_CERTIFICATE_DAYS: Final = 36500
"""Harbor reads the key alone; the certificate is there as the chart wants one."""


def make_secrets(now: datetime) -> dict[str, str]:
    """New ones by their name."""
    registry_password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = bcrypt.hashpw(registry_password.encode(), bcrypt.gensalt(ROUNDS)).decode()
    token_key, token_certificate = _token_pair(now)
    return {
        "username": HARBOR_ADMIN,
        "password": secrets.token_urlsafe(PASSWORD_BYTES),
        "secret_key": _letters(16),
        "core": _letters(32),
        "csrf_key": _letters(32),
        "jobservice": _letters(32),
        "registry_http": _letters(32),
        "registry_username": REGISTRY_USER,
        "registry_password": registry_password,
        "registry_htpasswd": f"{REGISTRY_USER}:{hashed}",
        "database": _letters(43),
        "token_key": token_key,
        "token_certificate": token_certificate,
    }


def main() -> None:
    """Print new ones."""
    json.dump(make_secrets(datetime.now(tz=UTC)), sys.stdout)


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def _token_pair(now: datetime) -> tuple[str, str]:
    """What signs the tokens of clients, RSA as Harbor signs by RS256, and a certificate of it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_TOKEN_KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "harbor-token")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=_TOKEN_CERTIFICATE_DAYS))
        .sign(key, hashes.SHA256())
    )
    return private_key_pem(key), certificate_pem(certificate)


if __name__ == "__main__":
    main()
