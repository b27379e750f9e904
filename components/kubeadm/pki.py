"""The cluster's PKI, made once before the cluster: `python -m components.kubeadm.pki`.

Writes the files of `/etc/kubernetes/pki` as a JSON object on standard output: three CAs, the service accounts' key
pair, and the configuration that encrypts secrets at rest. kubeadm uses CAs that it finds, and signs each node's own
certificates by them.
"""

from __future__ import annotations

import base64
import json
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from components.kubeadm.pem import certificate_pem, load_certificate, load_key, private_key_pem, public_key_pem

AUTHORITIES: Final = {"ca": "kubernetes", "front-proxy-ca": "front-proxy-ca", "etcd/ca": "etcd-ca"}
"""Common names of the CAs by their file, as kubeadm names them."""
AUTHORITY_DAYS: Final = 3650
SERVICE_ACCOUNT_KEY_BITS: Final = 2048
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""How far a host's clock may be behind: certificates hold from so long before they are made."""
_SECRETBOX_KEY_BYTES: Final = 32


def make_pki(now: datetime) -> dict[str, str]:
    """The files of `/etc/kubernetes/pki` by their names below it, all as text."""
    files: dict[str, str] = {}
    for file, common_name in AUTHORITIES.items():
        key = ec.generate_private_key(ec.SECP256R1())
        files[f"{file}.crt"] = certificate_pem(_authority(common_name, key, now))
        files[f"{file}.key"] = private_key_pem(key)
    service_accounts = new_service_account_key()
    files["sa.key"], files["sa.pub"] = service_accounts["private"], service_accounts["public"]
    files["encryption.yaml"] = encryption_configuration(new_encryption_key()["secret"])
    return files


def new_service_account_key() -> dict[str, str]:
    """What signs service accounts' tokens, `private`, and what they are verified by, `public`, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=SERVICE_ACCOUNT_KEY_BITS)
    return {"private": private_key_pem(key), "public": public_key_pem(key.public_key())}


def new_encryption_key() -> dict[str, str]:
    """What secrets are encrypted by, `secret`, in base64."""
    return {"secret": base64.b64encode(secrets.token_bytes(_SECRETBOX_KEY_BYTES)).decode()}


def client_certificate(
    *, authority: str, authority_key: str, common_name: str, groups: Sequence[str], valid: timedelta, now: datetime
) -> tuple[str, str]:
    """A client certificate and its key as PEM, signed by the authority whose PEMs are given.

    `common_name` is the user in Kubernetes, `groups` are the user's groups.
    """
    issuer, issuer_key = load_certificate(authority), load_key(authority_key)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            *(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + valid)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    return certificate_pem(certificate), private_key_pem(key)


def encryption_configuration(key: str) -> str:
    """What the API server encrypts secrets by, as YAML, from a key in base64; what was stored in the clear is read."""
    secretbox = {"keys": [{"name": "key1", "secret": key}]}
    in_the_clear: dict[str, str] = {}
    configuration = {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [
            {
                "resources": ["secrets"],
                "providers": [{"secretbox": secretbox}, {"identity": in_the_clear}],
            }
        ],
    }
    return json.dumps(configuration)


def main() -> None:
    """Print a new PKI."""
    json.dump(make_pki(datetime.now(tz=UTC)), sys.stdout)


def _authority(common_name: str, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(common_name)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_encipherment=False,
        key_cert_sign=signs_certificates,
        crl_sign=False,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


if __name__ == "__main__":
    main()
