"""Cases of the rules on the container runtime of own servers."""

from __future__ import annotations

from typing import Final

from tests.policies.cases import Case
from tests.policies.hosts import Change, with_file
from tests.policies.rules.kubeadm_files import case

_QUAY: Final = "/etc/infraplatform/containerd/certs.d/quay.io/hosts.toml"


def _quay(text: str) -> Change:
    return with_file(_QUAY, text)


def _cri_o(text: str) -> Change:
    return with_file("cri-o/crio.conf", text)


def _registry(text: str) -> Change:
    return with_file("cri-o/registries.conf", f'[[registry]]\nprefix = "quay.io"\n{text}')


def _docker(text: str) -> Change:
    return with_file("docker/daemon.json", text)


RUNTIME_CASES: Final[tuple[Case, ...]] = (
    case(
        "kubeadm-registry-tls",
        _quay('server = "http://mirror.example"'),
        _quay('server = "https://quay.io"\n[host."http://mirror.example"]'),
        _quay('server = "https://quay.io"\nskip_verify = true'),
        _quay('[host."https://mirror.example"]\nskip_verify = true'),
        _registry("insecure = true"),
        _registry('[[registry.mirror]]\nlocation = "mirror.example"\ninsecure = true'),
        _docker('{"registry-mirrors": ["https://mirror.example", "http://mirror.example"]}'),
        _docker('{"insecure-registries": ["mirror.example"]}'),
    ),
    case(
        "kubeadm-runtime-access",
        _docker('{"hosts": ["fd://", "tcp://0.0.0.0:2375"]}'),
        _cri_o('[crio.api]\nlisten = "tcp://0.0.0.0:9000"'),
        _docker('{"seccomp-profile": "unconfined"}'),
        _cri_o('[crio.runtime]\nseccomp_profile = "unconfined"'),
        _cri_o('[crio.runtime]\napparmor_profile = "unconfined"'),
    ),
)
RUNTIME_NOT_TOLD: Final[tuple[tuple[str, Change], ...]] = (
    ("kubeadm-registry-tls", _quay("[")),
    ("kubeadm-registry-tls", with_file("cri-o/registries.conf", "[")),
    ("kubeadm-runtime-access", _cri_o("[")),
    ("kubeadm-runtime-access", _docker("[]")),
    ("kubeadm-runtime-access", _docker("{")),
)
"""Rules, and changes to what is right after which they cannot tell."""
