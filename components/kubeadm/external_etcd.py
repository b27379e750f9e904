"""etcd that is not the cluster's own: its certificates take the place of those that the cluster would make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import pulumi

from components.errors import ConfigurationError, Mistake
from components.kubeadm.node import Files
from components.settings import KubeadmClusterSettings

_KEY: Final = "external_etcd"
FILES: Final = {
    "ca_certificate": "etcd/ca.crt",
    "client_certificate": "apiserver-etcd-client.crt",
    "client_key": "apiserver-etcd-client.key",
}
"""Files below /etc/kubernetes/pki by their key in the secret; the places where kubeadm itself has them."""
_OWN: Final = ("etcd/ca.crt", "etcd/ca.key")


def nodes_pki(
    settings: KubeadmClusterSettings, pki: pulumi.Output[Files], certificates: pulumi.Output[Any] | None
) -> pulumi.Output[Files]:
    """The files of nodes: the cluster's own, or where etcd is external no CA for members, and its client's certificate.

    Raises:
        ConfigurationError: etcd is external and there is no secret; where that has another shape, the Output fails.
    """
    if settings.etcd is None:
        return pki
    if certificates is None:  # the settings refuse such a stack
        raise ConfigurationError([_mistake("is missing")])
    return pulumi.Output.all(pki=pki, given=certificates).apply(lambda found: merged(found["pki"], found["given"]))


def merged(pki: Files, given: object) -> dict[str, str]:
    """The cluster's files with those of the secret.

    Raises:
        ConfigurationError: the secret has another shape; its values are not shown.
    """
    entries: Mapping[str, Any] = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    if set(entries) != set(FILES) or not all(
        isinstance(text, str) and "-----BEGIN " in text for text in entries.values()
    ):
        raise ConfigurationError([_mistake("is not three texts in PEM")])
    ours = {name: text for name, text in pki.items() if name not in _OWN}
    return {**ours, **{FILES[key]: f"{text.rstrip()}\n" for key, text in entries.items()}}


def _mistake(problem: str) -> Mistake:
    return Mistake(f"infraplatform:{_KEY}", problem, f"write {', '.join(FILES)} below it, as secrets")
