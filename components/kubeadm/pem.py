"""Keys and certificates as PEM texts, in the forms that kubeadm reads."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

AnyPrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
AnyPublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def certificate_pem(certificate: x509.Certificate) -> str:
    """A certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def private_key_pem(key: AnyPrivateKey) -> str:
    """A private key as PEM: `EC PRIVATE KEY` or `RSA PRIVATE KEY`."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()


def public_key_pem(key: AnyPublicKey) -> str:
    """A public key as PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def load_certificate(text: str) -> x509.Certificate:
    """A certificate from its PEM."""
    return x509.load_pem_x509_certificate(text.encode())


def load_key(text: str) -> AnyPrivateKey:
    """A private key from its PEM.

    Raises:
        TypeError: it is of a kind that no CA here has.
    """
    key = serialization.load_pem_private_key(text.encode(), password=None)
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise TypeError(f"{type(key).__name__} is neither an EC nor an RSA key")
    return key
