"""What a kubeadm cluster keeps: secrets, and all the rest in etcd."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.properties import CannotTell, Properties
from policies.rule import Resource, Rule, Severity, Stack, StackRule
from policies.rules.kubeadm_hosts import (
    API_SERVER,
    CLUSTER,
    COMMAND,
    ETCD,
    SENT,
    SOURCE,
    component_flags,
    document,
    flag_stays_off,
    flag_stays_on,
    flags_keep_a_value,
    is_control_plane,
)

_STRONG: Final = ("secretbox", "aescbc", "kms")
_ENCRYPTION: Final = "encryption-provider-config"
_CLUSTERS_CA: Final = "/etc/kubernetes/pki/ca.crt"
_KUBE_BENCH: Final = "kube-bench, cfg/cis-1.12/master.yaml at commit 0139daa5, read 2026-11-29"


def _secrets_are_encrypted(command: Resource) -> Iterator[str]:
    if not component_flags(command, API_SERVER).get(_ENCRYPTION):
        yield f"{_ENCRYPTION} is not set: who reads etcd's disk or a snapshot of it reads every secret"


def _the_provider_is_strong(command: Resource, stack: Stack) -> Iterator[str]:
    """The file has keys, so another command of the same node sends it, as a secret."""
    path = component_flags(command, API_SERVER).get(_ENCRYPTION)
    if not path:
        return  # another rule says so
    unknown: list[str] = []
    for other in _of_the_node(command, stack):
        try:
            file = other.inputs.blocks(SENT).get(path)
        except CannotTell as asked:
            unknown += (f"{asked_path} of {other.name}" for asked_path in asked.paths)
            continue
        if file is not None:
            for configuration in file.documents():
                yield from _first_provider_is_strong(configuration)
            return
    if unknown:
        raise CannotTell(*unknown)
    raise CannotTell(path, why="sent by no command of this node")


def _of_the_node(command: Resource, stack: Stack) -> Iterator[Resource]:
    return (other for other in stack.of_type(COMMAND) if other.parent == command.parent and other.inputs.has(SENT))


def _first_provider_is_strong(configuration: Properties) -> Iterator[str]:
    for resources in configuration.items("resources"):
        if "secrets" in resources.get("resources", default=[]) or "*.*" in resources.get("resources", default=[]):
            provider = next(iter(resources.at("providers", 0).entries()), "none")
            if provider not in _STRONG:
                yield f"what secrets are written by is {provider}, and none of {', '.join(_STRONG)}"
            return
    yield "no resources of the EncryptionConfiguration name secrets"


def _etcd_has_a_ca_of_its_own(command: Resource) -> Iterator[str]:
    given = component_flags(command, ETCD)
    for flag in ("trusted-ca-file", "peer-trusted-ca-file"):
        if given.get(flag, "kubeadm's own") in (_CLUSTERS_CA, ""):
            yield f"{flag} of etcd is {given[flag] or 'emptied'}: every client of the cluster is one of etcd's"


def _etcd_is_reached_by_tls(command: Resource) -> Iterator[str]:
    cluster = document(command, CLUSTER)
    if cluster is None or not cluster.has("etcd", "external"):
        return
    external = cluster.at("etcd", "external")
    for endpoint in external.items("endpoints"):
        if not str(endpoint.get()).startswith("https://"):
            yield f"etcd at {endpoint.get()} is reached in the clear"
    for key in ("caFile", "certFile", "keyFile"):
        if not external.get(key):
            yield f"etcd.external.{key} is not set: one of the two does not know the other"


_SERVES: Final = flags_keep_a_value(ETCD, ("cert-file", "key-file"), "etcd answers in the clear")
_ASKS: Final = flag_stays_on(ETCD, "client-cert-auth", "whoever reaches etcd reads and writes all of the cluster")
_NO_AUTO: Final = flag_stays_off(ETCD, "auto-tls", "nobody can check etcd's certificate")
_PEERS: Final = flags_keep_a_value(ETCD, ("peer-cert-file", "peer-key-file"), "members talk in the clear")
_PEERS_ASK: Final = flag_stays_on(ETCD, "peer-client-cert-auth", "whoever reaches etcd becomes a member")
_NO_PEER_AUTO: Final = flag_stays_off(ETCD, "peer-auto-tls", "members cannot check each other")

RULES: Final = (
    Rule(
        id="kubeadm-secrets-encryption",
        title="Secrets of a kubeadm cluster are encrypted in etcd.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:1.2.27",
            "iso-27001:8.24",
            "pci-dss:3.5.1",
            "soc-2:C1.1",
            "hipaa:164.312(a)(2)(iv)",
            "nsa-cisa:6.1",
            "isms-p:2.7.1",
        ),
        problem="Who reads a control plane's disk, or a snapshot of etcd, reads every secret.",
        remedy="set apiServer.extraArgs encryption-provider-config to a file with an EncryptionConfiguration that is "
        "sent as a secret, and mount it",
        source=f"{SOURCE}; {_KUBE_BENCH}",
        speaks_of=is_control_plane,
        checks=(_secrets_are_encrypted,),
    ),
    StackRule(
        id="kubeadm-encryption-provider",
        title="What secrets of a kubeadm cluster are encrypted by is strong.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.28", "iso-27001:8.24", "pci-dss:3.6.1", "nsa-cisa:6.2", "isms-p:2.7.2"),
        problem="Secrets look encrypted and are not.",
        remedy="put secretbox, aescbc or kms first among the providers of secrets; identity may follow, so that what "
        "was written in the clear stays readable",
        source=_KUBE_BENCH,
        speaks_of=is_control_plane,
        checks=(_the_provider_is_strong,),
    ),
    Rule(
        id="kubeadm-etcd-tls",
        title="etcd of a kubeadm cluster answers whom it knows, and nobody in the clear.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=(
            *(f"cis-kubernetes:2.{number}" for number in range(1, 8)),
            "iso-27001:8.20",
            "pci-dss:1.4.4",
            "pci-dss:4.2.1",
            "hipaa:164.312(e)(2)(ii)",
            "nsa-cisa:5.1",
            "isms-p:2.6.4",
        ),
        problem="Whoever reaches etcd reads and writes all of the cluster, past every right.",
        remedy="leave these flags out of etcd.local.extraArgs: kubeadm sets them; give an external etcd https "
        "endpoints, caFile, certFile and keyFile",
        source=f"{SOURCE}; kube-bench, cfg/cis-1.12/etcd.yaml: known, not read",
        speaks_of=is_control_plane,
        checks=(
            _SERVES,
            _ASKS,
            _NO_AUTO,
            _PEERS,
            _PEERS_ASK,
            _NO_PEER_AUTO,
            _etcd_has_a_ca_of_its_own,
            _etcd_is_reached_by_tls,
        ),
        shows={
            "cis-kubernetes:2.1": (_SERVES,),
            "cis-kubernetes:2.2": (_ASKS,),
            "cis-kubernetes:2.3": (_NO_AUTO,),
            "cis-kubernetes:2.4": (_PEERS,),
            "cis-kubernetes:2.5": (_PEERS_ASK,),
            "cis-kubernetes:2.6": (_NO_PEER_AUTO,),
            "cis-kubernetes:2.7": (_etcd_has_a_ca_of_its_own,),
        },
    ),
)
