"""Rules on own servers read what is sent to a host, tell what is none of theirs, and never guess."""

from __future__ import annotations

from typing import Any, Final

import pytest

from components.kubeadm.program import Block, sent
from policies.catalogue import CATALOGUE
from policies.judge import Outcome
from policies.properties import UNKNOWN, Properties
from policies.report_verdicts import gather
from policies.rules.kubeadm_hosts import COMMAND, flags
from tests.policies.cases import findings, outcomes, resource
from tests.policies.hosts import Change, setting, with_file, without
from tests.policies.rules.kubeadm_cases import NOT_TOLD
from tests.policies.rules.kubeadm_files import TEXT, command
from tests.policies.rules.kubeadm_runtime_cases import RUNTIME_NOT_TOLD

RULES: Final = tuple(id_ for id_ in CATALOGUE if id_.startswith("kubeadm-"))
STRANGERS: Final[tuple[dict[str, Any], ...]] = (
    {"create": "systemctl restart nginx"},
    {"create": "cat >/etc/motd", "stdin": "kind: ClusterConfiguration\n"},
    {"create": "bash -s", "stdin": UNKNOWN},
    {"create": UNKNOWN, "stdin": UNKNOWN},
)
"""Commands of other programs, which bring no files of ours to a host."""


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("inputs", STRANGERS, ids=str)
def test_another_programs_command_is_not_judged(rule: str, inputs: dict[str, Any]) -> None:
    stranger = resource(COMMAND, inputs)
    assert findings(rule, stranger) == []
    assert {each.judged for each in gather([stranger], rules={rule: CATALOGUE[rule]})} == {()}


def test_a_report_does_not_count_a_command_that_no_rule_looked_at_as_met() -> None:
    stranger, ours = resource(COMMAND, STRANGERS[0], name="other"), command(TEXT, name="ours")
    judged = {each.judged for each in gather([stranger, ours], rules={rule: CATALOGUE[rule] for rule in RULES})}
    assert judged == {(ours.urn,)}


def test_a_worker_is_judged_by_the_rules_on_kubelets_alone() -> None:
    kubelet = [{"kind": "KubeletConfiguration", "readOnlyPort": 10255}]
    worker = command(with_file("kubelet.yaml", kubelet)(without("init.yaml")(TEXT)))
    broken = {rule for rule in RULES if outcomes(rule, worker) == {Outcome.BROKEN}}
    assert {rule for rule in broken if not rule.startswith("kubeadm-kubelet-")} == set()
    assert "kubeadm-kubelet-access" in broken


@pytest.mark.parametrize(("rule", "change"), [*NOT_TOLD, *RUNTIME_NOT_TOLD], ids=str)
def test_what_is_not_among_the_files_is_not_guessed(rule: str, change: Change) -> None:
    assert Outcome.CANNOT_TELL in outcomes(rule, command(change(TEXT)))
    assert Outcome.BROKEN not in outcomes(rule, command(change(TEXT)))


def test_an_external_etcd_is_reached_by_tls() -> None:
    elsewhere = {"endpoints": ["http://10.0.0.9:2379"]}
    text = setting("init.yaml", "ClusterConfiguration", "etcd", "external", to=elsewhere)(TEXT)
    broken = [each.message for each in findings("kubeadm-etcd-tls", command(text)) if each.outcome is Outcome.BROKEN]
    assert broken == [
        "etcd at http://10.0.0.9:2379 is reached in the clear",
        *(
            f"etcd.external.{key} is not set: one of the two does not know the other"
            for key in ("caFile", "certFile", "keyFile")
        ),
    ]


def test_an_authorization_config_is_read_as_the_flag_would_be() -> None:
    authorizers = [{"kind": "AuthorizationConfiguration", "authorizers": [{"type": "Node"}]}]
    path = "/etc/infraplatform/authorization.yaml"
    (flag,) = (change for id_, change in NOT_TOLD if id_ == "kubeadm-authorization")
    moved = flag(TEXT).replace("/etc/kubernetes/authorization.yaml", path)
    (finding,) = findings("kubeadm-authorization", command(with_file(path, authorizers)(moved)))
    assert finding.message == "the authorization mode RBAC is missing from Node"


def test_pod_security_may_stand_in_a_file_of_its_own() -> None:
    plugins = [{"name": "PodSecurity", "path": "/etc/infraplatform/pods.yaml"}]
    text = setting("admission.yaml", "AdmissionConfiguration", "plugins", to=plugins)(TEXT)
    assert outcomes("kubeadm-pod-security", command(text)) == {Outcome.CANNOT_TELL}
    held = [{"kind": "PodSecurityConfiguration", "defaults": {"enforce": "restricted"}}]
    assert outcomes("kubeadm-pod-security", command(with_file("pods.yaml", held)(text))) == set()


@pytest.mark.parametrize(
    "change",
    [
        with_file("images", "web 0123 https://files.example/web.tar"),
        with_file("charts/10-metallb/chart", "later metallb metallb-system metallb-chart"),
        without("/etc/containerd/certs.d/quay.io/hosts.toml"),
        without("/etc/containerd/certs.d/registry.k8s.io/hosts.toml"),
    ],
    ids=["imported", "chart", "no mirror", "no mirror of Kubernetes"],
)
def test_pods_need_not_pull_anew_where_a_registry_may_lack_their_image(change: Change) -> None:
    text = change(TEXT).replace("AlwaysPullImages", "PodNodeSelector")
    assert outcomes("kubeadm-image-credentials", command(text)) == set()


def test_mirrors_of_cri_o_are_seen_as_those_of_containerd_are() -> None:
    text = TEXT.replace("AlwaysPullImages", "PodNodeSelector")
    for registry in ("quay.io", "registry.k8s.io"):
        text = without(f"/etc/containerd/certs.d/{registry}/hosts.toml")(text)
    both = '[[registry]]\nprefix = "quay.io"\n[[registry]]\nprefix = "registry.k8s.io"'
    for mirrors, outcome in ((both, {Outcome.BROKEN}), (both.replace("quay.io", "ghcr.io"), set[Outcome]())):
        changed = with_file("cri-o/registries.conf", mirrors)(text)
        assert outcomes("kubeadm-image-credentials", command(changed)) == outcome


@pytest.mark.parametrize("engine", ["cilium", "calico"])
def test_a_chart_that_enforces_network_policies_is_seen(engine: str) -> None:
    chart = with_file(f"charts/10-{engine}/chart", f"network {engine} kube-system {engine}-chart")
    assert outcomes("kubeadm-network-policy", command(chart(without("manifests/10-network.yaml")(TEXT)))) == set()


def test_rules_read_what_the_node_program_is_sent() -> None:
    text = sent([Block("/etc/infraplatform/a.yaml", "kind: A\n---\nkind: B"), Block("/etc/x", "--- /no\n---", "0600")])
    files = Properties({"stdin": text}).blocks("stdin")
    assert {path: file.get() for path, file in files.items()} == {
        "/etc/infraplatform/a.yaml": "kind: A\n---\nkind: B\n",
        "/etc/x": "--- /no\n---\n",
    }
    assert [document.get("kind") for document in files["/etc/infraplatform/a.yaml"].documents()] == ["A", "B"]


def test_flags_are_read_as_both_versions_of_kubeadm_write_them() -> None:
    assert flags(Properties([{"name": "v", "value": "1"}, {"name": "v", "value": "2"}])) == {"v": "2"}
    assert flags(Properties({"v": "2"})) == {"v": "2"}
    assert flags(Properties(None)) == {}
