"""How the API server and the kubelets of a kubeadm cluster encrypt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.rule import Resource, Rule, Severity
from policies.rules.kubeadm_hosts import (
    API_SERVER,
    COMMAND,
    KUBELET,
    component_flags,
    documents,
    has_kubelet,
    is_control_plane,
    names,
)

_KEYS: Final = ("ECDSA", "RSA")
_STRONG: Final = frozenset(
    {
        *("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"),
        *(
            f"TLS_ECDHE_{key}_WITH_AES_{size}"
            for key in ("ECDSA", "RSA")
            for size in ("128_GCM_SHA256", "256_GCM_SHA384")
        ),
        *(f"TLS_ECDHE_{key}_WITH_CHACHA20_POLY1305{end}" for key in _KEYS for end in ("", "_SHA256")),
    }
)
"""Suites that encrypt and authenticate at once, with keys that nobody can make again later; as CIS lists them."""
_CONTROLS: Final = ("iso-27001:8.24", "pci-dss:4.2.1", "soc-2:CC6.7", "hipaa:164.312(e)(1)", "isms-p:2.10.5")
_SOURCE: Final = (
    "kube-bench, cfg/cis-1.12/master.yaml at commit 0139daa5 and node.yaml at 0f317dfb; k8s.io/component-base v0.36.3, "
    "cli/flag/ciphersuites_flag.go, read 2026-11-29"
)
_TLS_12, _TLS_13 = "VersionTLS12", "VersionTLS13"


def _api_server_encrypts_strongly(command: Resource) -> Iterator[str]:
    given = component_flags(command, API_SERVER)
    suites, least = given.get("tls-cipher-suites"), given.get("tls-min-version", _TLS_12)
    yield from _weak("tls-cipher-suites of apiServer", None if suites is None else names(suites), least)


def _kubelets_encrypt_strongly(command: Resource) -> Iterator[str]:
    for kubelet in documents(command, KUBELET):
        suites, least = kubelet.get("tlsCipherSuites"), kubelet.get("tlsMinVersion", default=_TLS_12)
        yield from _weak("tlsCipherSuites of the kubelets", None if suites is None else set(suites), least)


def _weak(place: str, suites: set[str] | None, least: str) -> Iterator[str]:
    if least == _TLS_13:
        return  # all of its suites are strong, and nobody can choose others
    if least != _TLS_12:
        yield f"the oldest TLS beside {place} is {least}"
    if suites is None:
        yield f"{place} is not set: weak suites are among the defaults of TLS 1.2"
    elif weak := suites - _STRONG:
        yield f"{place} names {', '.join(sorted(weak))}"


RULES: Final = (
    Rule(
        id="kubeadm-api-server-tls",
        title="The API server of a kubeadm cluster offers strong ciphers only.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.29", *_CONTROLS),
        problem="Who records a connection may read it later.",
        remedy="set apiServer.extraArgs tls-cipher-suites to suites with ECDHE and GCM or CHACHA20, or tls-min-version "
        "to VersionTLS13",
        source=_SOURCE,
        speaks_of=is_control_plane,
        checks=(_api_server_encrypts_strongly,),
    ),
    Rule(
        id="kubeadm-kubelet-tls",
        title="Kubelets of a kubeadm cluster offer strong ciphers only.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=("cis-kubernetes:4.2.12", *_CONTROLS),
        problem="Who records a connection may read it later: logs, and what is typed into pods.",
        remedy="set tlsCipherSuites in the KubeletConfiguration to suites with ECDHE and GCM or CHACHA20, or "
        "tlsMinVersion to VersionTLS13",
        source=_SOURCE,
        speaks_of=has_kubelet,
        checks=(_kubelets_encrypt_strongly,),
    ),
)
