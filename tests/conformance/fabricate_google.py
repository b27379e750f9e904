"""The shapes of what Google Cloud computes, where programs look at them; see `fabricate.py`."""

from __future__ import annotations

import zlib
from typing import Final

PROJECT: Final = "my-project"
REGION: Final = "europe-west3"
PROJECT_NUMBER: Final = 123456789012
_API: Final = "https://www.googleapis.com"


def text(name: str, path: tuple[str, ...]) -> str | None:
    """The text of a computed property, or None where its shape does not matter.

    Args:
        name: the resource's made-up physical name.
        path: the property's place, with the service first, such as `("container", "endpoint")`.
    """
    match path[1:]:
        case ("accountId",):
            return name
        case ("email",):
            return _email(name, path[0])
        case ("member",):
            return f"serviceAccount:{_email(name, path[0])}"
        case ("endpoint",) | ("privateClusterConfig", "publicEndpoint"):
            return f"203.0.113.{zlib.crc32(name.encode()) % 256}"  # RFC 5737, an address and no URL
        case ("privateClusterConfig", "privateEndpoint"):
            return f"10.20.160.{zlib.crc32(name.encode()) % 256}"
        case ("controlPlaneEndpointsConfig", "dnsEndpointConfig", "endpoint"):
            return f"gke-{zlib.crc32(name.encode()):08x}-{PROJECT_NUMBER}.{REGION}.gke.goog"
        case ("registryUri",):
            return f"{REGION}-docker.pkg.dev/{PROJECT}/{name}"
        case ("selfLink",):
            return f"{_API}/{path[0]}/v1/projects/{PROJECT}/{name}"
        case _:
            return None


def is_certificate(path: tuple[str, ...]) -> bool:
    """Whether a property is a certificate: PEM in base64."""
    return path[1:] == ("masterAuth", "clusterCaCertificate")


def _email(name: str, service: str) -> str:
    """A service account's address: an account of the project's own, or the agent by which a Google service acts."""
    if service == "projects":
        return f"service-{PROJECT_NUMBER}@{name}.iam.gserviceaccount.com"
    return f"{name}@{PROJECT}.iam.gserviceaccount.com"
