"""The suite of `contract.Cluster`: every implementation is a row of SUBJECTS."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, cast

import pulumi
import pytest

from components.contract import Cluster, Permissions, WorkloadIdentity
from components.errors import ConfigurationError
from tests.contract import aws, azure, checks, gcp, servers
from tests.contract.harness import Breaks, Built, build_with_breaks, cases, members, output, secret
from tests.contract.wanted import ACCOUNT, ON_AWS, ON_AZURE, ON_GCP


@dataclass(frozen=True)
class Row:
    """A cluster with permissions in its cloud's own words, and some in another's. A managed one holds no credential.

    Where everybody trusts its endpoint's certificate, its kubeconfig holds none. None: no cloud trusts its accounts.
    """

    build: Callable[[], Cluster]
    permissions: Permissions | None
    foreign: Permissions
    managed: bool = True
    publicly_trusted: bool = False


SUBJECTS: Final[Mapping[str, Row]] = {
    "aws-eks": Row(aws.eks_cluster, ON_AWS, ON_AZURE),
    "aws-eks-auto-mode": Row(aws.eks_auto_mode_cluster, ON_AWS, ON_AZURE),
    "azure-aks": Row(azure.aks_cluster, ON_AZURE, ON_AWS),
    "azure-aks-private-address": Row(azure.aks_cluster_at_a_private_address, ON_AZURE, ON_GCP),
    "azure-aks-automatic": Row(azure.aks_automatic_cluster, ON_AZURE, ON_AWS),
    "gcp-gke": Row(gcp.gke_cluster, ON_GCP, ON_AWS, publicly_trusted=True),
    "gcp-gke-private-address": Row(gcp.gke_cluster_at_a_private_address, ON_GCP, ON_AZURE),
    "gcp-gke-autopilot": Row(gcp.gke_autopilot_cluster, ON_GCP, ON_AZURE, publicly_trusted=True),
    "servers-kubeadm": Row(servers.kubeadm_cluster, None, ON_AWS, managed=False),
    "servers-kubeadm-of-three": Row(servers.kubeadm_cluster_of_three, None, ON_GCP, managed=False),
}


@dataclass(frozen=True)
class Tried:
    """A cluster after its `grant()` was tried, which makes resources and so belongs into the program."""

    cluster: Cluster
    identity: object
    refused_foreign: bool
    refused_second: bool


def try_grant(cluster: Cluster, row: Row) -> Tried:
    """Ask for a grant in another cloud's words, for a right one, and for a second one for the same account."""

    def refused(permissions: Permissions) -> bool:
        try:
            cluster.grant(ACCOUNT, permissions)
        except ConfigurationError:
            return True
        return False

    refused_foreign = refused(row.foreign)
    if row.permissions is None:
        return Tried(cluster, None, refused_foreign, refused_second=True)
    identity = cluster.grant(ACCOUNT, row.permissions)
    return Tried(cluster, identity, refused_foreign, refused_second=refused(row.permissions))


def check_cluster(tried: Tried, row: Row) -> None:
    """Everything that the contract promises of a cluster.

    Raises:
        AssertionError: a promise is broken.
    """
    cluster = tried.cluster
    checks.open_text(cluster.cluster_name)
    version = r"1\.\d+" if row.managed else r"1\.\d+\.\d+"
    assert re.fullmatch(version, checks.text(cluster.version)), f"{cluster.version!r} is no version of its kind"
    server = checks.url(cluster.api_url)
    authority = checks.open_text(cluster.ca_certificate)
    checks.pem_in_base64(authority)
    if cluster.oidc_issuer is not None:
        checks.url(cluster.oidc_issuer)
    kubeconfig = checks.json_object(checks.secret_text(cluster.kubeconfig))
    _check_kubeconfig(kubeconfig, server, None if row.publicly_trusted else authority, managed=row.managed)
    if cluster.node_role is not None:
        checks.open_text(cluster.node_role)
    checks.open_texts(cluster.security_group_ids)
    assert isinstance(cluster.control_plane, pulumi.CustomResource), "only a resource of a provider can be deleted with"
    checks.resources(cluster.node_prerequisites)
    checks.resources(cluster.ready)
    assert tried.refused_foreign, "grant() took permissions in another cloud's words"
    assert tried.refused_second, "grant() took a second grant for one account"
    if row.permissions is not None:
        _check_identity(tried.identity)


def _check_kubeconfig(found: Mapping[str, Any], server: str, authority: str | None, *, managed: bool) -> None:
    contexts = {entry["name"]: entry["context"] for entry in found.get("contexts", [])}
    assert found.get("current-context") in contexts, "the current context is not among the contexts"
    context = contexts[found["current-context"]]
    clusters = {entry["name"]: entry["cluster"] for entry in found["clusters"]}
    users = {entry["name"]: entry["user"] for entry in found["users"]}
    assert clusters[context["cluster"]].get("server") == server
    assert clusters[context["cluster"]].get("certificate-authority-data") == authority
    assert not clusters[context["cluster"]].get("insecure-skip-tls-verify"), "the API's certificate is not verified"
    if managed:
        assert set(users[context["user"]]) == {"exec"}, "a managed cluster's kubeconfig holds no credential"
        assert "profile" not in json.dumps(users[context["user"]]).lower(), "the kubeconfig names a user's profile"


def _check_identity(identity: object) -> None:
    assert isinstance(identity, WorkloadIdentity), f"grant() gave {identity!r}"
    checks.open_text(identity.principal)
    checks.open_texts(identity.service_account_annotations)
    checks.plain_texts(identity.pod_labels)
    checks.resources(identity.ready)


def _edited(edit: Callable[[dict[str, Any]], object]) -> Callable[[Cluster], object]:
    """The sound kubeconfig, still a secret, after one edit."""

    def broken(cluster: Cluster) -> object:
        def edited(text: str) -> str:
            config = json.loads(text)
            edit(config)
            return json.dumps(config)

        return cluster.kubeconfig.apply(edited)

    return broken


def _swap_authority(config: dict[str, Any]) -> None:
    cluster = config["clusters"][0]["cluster"]
    if cluster.pop("certificate-authority-data", None) is None:
        cluster["certificate-authority-data"] = "bm8="


BREAKS: Final[Breaks] = {
    "cluster_name": {"no Output": lambda _: "c", "empty": output(""), "a secret": secret("c")},
    "version": {
        "empty": lambda _: "",
        "a float": lambda _: 1.35,
        "with a v": lambda _: "v1.35",
        "latest": lambda _: "latest",
    },
    "api_url": {"no scheme": output("api.example.com"), "http": output("http://api.example.com"), "empty": output("")},
    "ca_certificate": {
        "not base64": output("-----BEGIN CERTIFICATE-----"),
        "no PEM": output("bm8="),
        "text": lambda _: "",
    },
    "oidc_issuer": {"no scheme": output("oidc.example.com"), "no Output": lambda _: "https://oidc.example.com"},
    "kubeconfig": {
        "not secret": lambda cluster: pulumi.Output.unsecret(cluster.kubeconfig),
        "another server": _edited(lambda config: config["clusters"][0]["cluster"].update(server="https://localhost")),
        "no authority, or one where none belongs": _edited(_swap_authority),
        "another authority": _edited(
            lambda config: config["clusters"][0]["cluster"].update({"certificate-authority-data": "bm8="})
        ),
        "no verification": _edited(
            lambda config: config["clusters"][0]["cluster"].update({"insecure-skip-tls-verify": True})
        ),
        "a token": _edited(lambda config: config["users"][0]["user"].update(token="made-up")),
        "a profile": _edited(
            lambda config: config["users"][0]["user"].setdefault("exec", {}).update(env=[{"name": "AWS_PROFILE"}])
        ),
        "no context": _edited(lambda config: config.pop("current-context")),
        "not JSON": secret("apiVersion: v1"),
        "empty": secret(""),
    },
    "node_role": {"no Output": lambda _: "arn", "empty": output("")},
    "security_group_ids": {"None": lambda _: None, "empty id": lambda _: {"nodes": pulumi.Output.from_input("")}},
    "control_plane": {"None": lambda _: None, "a name": lambda _: "cluster"},
    "node_prerequisites": {"None": lambda _: None, "names": lambda _: ("vpc-cni",), "none": lambda _: ()},
    "ready": {"None": lambda _: None, "names": lambda _: ("deployer",), "none": lambda _: ()},
}


GRANT_BREAKS: Final[Mapping[str, Callable[[WorkloadIdentity], Mapping[str, object]]]] = {
    "takes a second grant for one account": lambda _: {"refused_second": False},
    "takes another cloud's words": lambda _: {"refused_foreign": False},
    "gives None": lambda _: {"identity": None},
    "gives a principal of text": lambda identity: {"identity": _changed(identity, principal="arn")},
    "gives nothing to wait for": lambda identity: {"identity": _changed(identity, ready=())},
    "gives labels that are no text": lambda identity: {"identity": _changed(identity, pod_labels={"use": True})},
    "gives annotations that are no Outputs": lambda identity: {
        "identity": _changed(identity, service_account_annotations={"role": "arn"})
    },
}
"""What a wrong grant() does, by what is wrong: changes of a sound trial."""


def _changed(identity: WorkloadIdentity, **fields: Any) -> WorkloadIdentity:
    return replace(identity, **fields)


@cache
def _built(row: str) -> tuple[Tried, Built[Cluster]]:
    """The cluster with its tried grant, and its broken forms."""
    tried: list[Tried] = []

    def build() -> Cluster:
        cluster = SUBJECTS[row].build()
        tried.append(try_grant(cluster, SUBJECTS[row]))
        return cluster

    made = build_with_breaks(build, BREAKS)
    return tried[0], made


@pytest.mark.parametrize("row", SUBJECTS)
def test_a_cluster_keeps_its_contract(row: str) -> None:
    check_cluster(_built(row)[0], SUBJECTS[row])


_OF_MANAGED: Final = {("kubeconfig", "a token"), ("kubeconfig", "a profile")}  # a kubeadm cluster's holds a certificate


@pytest.mark.parametrize(
    ("row", "attribute", "fault"),
    [case for case in cases(SUBJECTS, BREAKS) if SUBJECTS[case[0]].managed or case[1:] not in _OF_MANAGED],
)
def test_a_broken_attribute_fails_the_suite(row: str, attribute: str, fault: str) -> None:
    tried, made = _built(row)
    with pytest.raises(AssertionError):
        check_cluster(replace(tried, cluster=made.broken[attribute, fault]), SUBJECTS[row])


@pytest.mark.parametrize("row", [name for name, row in SUBJECTS.items() if row.permissions is not None])
@pytest.mark.parametrize("fault", GRANT_BREAKS)
def test_a_broken_grant_fails_the_suite(row: str, fault: str) -> None:
    tried, _ = _built(row)
    assert isinstance(tried.identity, WorkloadIdentity)
    broken = GRANT_BREAKS[fault](tried.identity)
    with pytest.raises(AssertionError):
        check_cluster(replace(tried, **cast("dict[str, Any]", broken)), SUBJECTS[row])


def test_every_attribute_is_broken_on_purpose() -> None:
    assert {*BREAKS, "grant"} == members(Cluster)
