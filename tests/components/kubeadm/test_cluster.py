"""What a cluster plans: one look at all hosts, nodes in their order, secrets kept, and each change touches its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

import pytest

from components.kubeadm.cluster import KubeadmCluster
from components.settings import ProtectionSettings
from preview.plan import Operation, Plan, Resource, Secret, Severity
from tests.components.plans import Resources, changed, complaints, operations, planned, standing
from tests.contract.servers import cluster, provider
from tests.support import plan

WORKER_PARTS = ("join", "program", "leave", "upgrade", "member")
SECRETS = ("BEGIN EC PRIVATE KEY", "a private key", "made up sa.key", "made up encryption.yaml", "Basic ")


def one_and_two() -> KubeadmCluster:
    """One control plane and two workers."""
    return cluster(provider())


def one_and_three() -> KubeadmCluster:
    """A worker more."""
    return cluster(provider(workers=3))


def three_and_two() -> KubeadmCluster:
    """Three control planes."""
    return cluster(provider(control_planes=3), endpoint={"host": "k8s.example"})


def four_and_two() -> KubeadmCluster:
    """A control plane more."""
    return cluster(provider(control_planes=4), endpoint={"host": "k8s.example"})


@cache
def found(build: Any) -> Resources:
    """The commands once they have run."""
    return standing(build)


def command(resources: Resources, name: str) -> Resource:
    """A command by its logical name."""
    return resources["Command", name]


def waits_for(resources: Resources, name: str) -> set[str]:
    """The commands that a command waits for, by logical name."""
    return {urn.rpartition("::")[2] for urn in command(resources, name).dependencies}


def test_a_cluster_is_planned_without_a_finding() -> None:
    assert len(planned(three_and_two)) == 35


def test_all_hosts_are_looked_at_before_any_is_changed() -> None:
    for name in ("cp-1", "worker-1", "worker-2"):
        assert "cluster-preflight" in waits_for(found(one_and_two), f"{name}-program")


def test_control_planes_join_one_after_another_and_workers_all_at_once_after_them() -> None:
    resources = found(three_and_two)
    members = {name: waits_for(resources, f"{name}-leave") for name in ("cp-1", "cp-2", "cp-3", "worker-1", "worker-2")}
    assert {name: {other for other in waits if other.endswith("-member")} for name, waits in members.items()} == {
        "cp-1": set(),
        "cp-2": {"cp-1-member"},
        "cp-3": {"cp-2-member"},
        "worker-1": {"cp-1-member", "cp-2-member", "cp-3-member"},
        "worker-2": {"cp-1-member", "cp-2-member", "cp-3-member"},
    }


def test_the_way_out_stands_before_the_node_joins_so_that_half_a_join_can_be_taken_back() -> None:
    assert "worker-1-leave" in waits_for(found(one_and_two), "worker-1-member")
    assert "worker-1-program" in waits_for(found(one_and_two), "worker-1-leave")


def _texts(value: Any) -> Iterable[str]:
    """All texts in a property, but those in secrets."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in cast("Mapping[str, Any]", value).values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in cast("list[Any]", value):
            yield from _texts(item)


def in_the_open(resources: Resources, secrets: tuple[str, ...]) -> list[tuple[str, str]]:
    """Where one of the secrets is not one: the resource's name, and the secret."""
    found: list[tuple[str, str]] = []
    for (_, name), resource in resources.items():
        shown = {key: value for key, value in resource.outputs.items() if key not in resource.additional_secret_outputs}
        texts = "\n".join([*_texts(resource.inputs), *_texts(shown)])
        found += [(name, secret) for secret in secrets if secret in texts]
    return found


def test_no_secret_is_in_the_open_anywhere() -> None:
    assert in_the_open(found(three_and_two), SECRETS) == []


def test_the_pki_stays_when_a_later_version_of_this_project_would_make_it_otherwise() -> None:
    assert set(command(found(one_and_two), "cluster-pki").ignore_changes) == {"*"}


@pytest.mark.parametrize("protect", [True, False])
def test_the_pki_is_protected_where_the_settings_say_so(*, protect: bool) -> None:
    resources = planned(lambda: cluster(provider(), ProtectionSettings(protect=protect)))
    assert command(resources, "cluster-pki").protect is protect


def test_what_prints_or_takes_secrets_is_not_logged() -> None:
    resources = found(one_and_two)
    for name in ("cluster-pki", "cluster-operator", "cluster-preflight", "cp-1-join", "worker-1-join"):
        assert command(resources, name).inputs["logging"] == "none", name


def test_no_command_s_earlier_output_gets_into_an_environment_but_the_preflights_which_is_none() -> None:
    resources = found(one_and_two)
    handed = {
        name
        for (kind, name), it in resources.items()
        if kind == "Command" and it.inputs.get("addPreviousOutputInEnv", True)
    }
    assert handed == {"cluster-preflight"}


def test_no_command_holds_a_secret_in_its_words() -> None:
    for (kind, name), resource in found(three_and_two).items():
        if kind == "Command":
            for verb in ("create", "update", "delete"):
                text = resource.inputs.get(verb, "")
                assert isinstance(text, str), f"{name}: {verb} is a secret, or unknown"
                assert len(text) < 700, f"{name}: an error repeats the whole command"


def test_each_connection_has_the_host_key_of_the_settings() -> None:
    resources = found(one_and_two)
    for name in ("cp-1-program", "worker-2-member"):
        connection = command(resources, name).inputs["connection"]
        assert isinstance(connection, Secret), "the private key is in it"
        assert connection.value["hostKey"].startswith("ssh-ed25519 AAAAC3")


def test_public_configuration_is_readable_in_the_inputs() -> None:
    text = command(found(one_and_two), "worker-1-program").inputs["stdin"]
    assert "--- /etc/infraplatform/node.env 0644\nNODE_NAME='worker-1'\nNODE_ROLE='worker'\n" in text
    assert "--- /etc/infraplatform/labels 0644\ntier=web\n" in text


@pytest.mark.parametrize(("control_planes", "warned"), [(1, 0), (2, 1), (3, 0), (4, 1)])
def test_an_even_number_of_control_planes_is_warned_of(control_planes: int, warned: int) -> None:
    preview = plan(lambda: cluster(provider(control_planes), endpoint={"host": "k8s.example"}))
    assert [item.severity for item in preview.diagnostics] == [Severity.WARNING] * warned


def touched(preview: Plan) -> dict[str, Operation]:
    """What is done to commands, by logical name."""
    assert Severity.ERROR not in {item.severity for item in preview.diagnostics}
    return {name: operation for (kind, name), operation in operations(preview).items() if kind == "Command"}


def test_nothing_is_done_where_nothing_changed() -> None:
    assert touched(changed(three_and_two, three_and_two)) == {}


def test_a_worker_more_touches_no_other_node() -> None:
    assert touched(changed(one_and_two, one_and_three)) == {
        "cluster-preflight": Operation.UPDATE,
        **{f"worker-3-{part}": Operation.CREATE for part in WORKER_PARTS},
    }


def test_a_worker_less_is_only_deleted() -> None:
    assert touched(changed(one_and_three, one_and_two)) == {
        "cluster-preflight": Operation.UPDATE,
        **{f"worker-3-{part}": Operation.DELETE for part in WORKER_PARTS},
    }


def test_a_control_plane_more_is_told_to_all_nodes_in_place() -> None:
    done = touched(changed(three_and_two, four_and_two))
    assert {name for name, operation in done.items() if operation is Operation.CREATE} == {
        f"cp-4-{part}" for part in ("join", "program", "leave", "member")
    }
    assert {operation for name, operation in done.items() if not name.startswith("cp-4")} == {Operation.UPDATE}
    assert not {name for name in done if name.endswith(("-pki", "-operator")) or "join" in name} - {"cp-4-join"}


def _moved() -> KubeadmCluster:
    hosts = provider()
    moved = hosts.hosts["worker-2"].model_copy(update={"address": "192.0.2.99"})
    return cluster(hosts.model_copy(update={"hosts": {**hosts.hosts, "worker-2": moved}}))


def test_a_host_at_another_address_is_another_host() -> None:
    assert touched(changed(one_and_two, _moved)) == {
        "cluster-preflight": Operation.UPDATE,
        **{f"worker-2-{part}": Operation.REPLACE for part in WORKER_PARTS},
    }


@pytest.mark.parametrize(
    ("setting", "changes"),
    [
        ("cluster.cgroup_driver", {"cgroup_driver": "cgroupfs"}),
        ("cluster.name", {"name": "renamed"}),
        ("cluster.endpoint", {"endpoint": {"host": "k8s.example"}}),
    ],
)
def test_what_only_a_new_cluster_gets_is_refused_at_preview(setting: str, changes: dict[str, Any]) -> None:
    preview = changed(one_and_two, lambda: cluster(provider(), **changes))
    assert f"cp-1: {setting} would change, which is fixed when a cluster or a node is made" in complaints(preview)


def _without_taints() -> KubeadmCluster:
    hosts = provider()
    changed_host = hosts.hosts["worker-1"].model_copy(update={"taints": {}})
    return cluster(hosts.model_copy(update={"hosts": {**hosts.hosts, "worker-1": changed_host}}))


def test_a_node_keeps_the_taints_that_it_joined_with() -> None:
    assert "worker-1: the host's taints would change" in complaints(changed(one_and_two, _without_taints))


def _with_another_label() -> KubeadmCluster:
    hosts = provider()
    changed_host = hosts.hosts["worker-1"].model_copy(update={"labels": {"tier": "db"}})
    return cluster(hosts.model_copy(update={"hosts": {**hosts.hosts, "worker-1": changed_host}}))


def test_a_changed_label_reaches_its_node_alone_and_in_place() -> None:
    done = touched(changed(one_and_two, _with_another_label))
    assert done == {"worker-1-program": Operation.UPDATE, "worker-1-member": Operation.UPDATE}


def test_the_operators_certificate_alone_is_made_anew_when_it_is_rotated() -> None:
    done = touched(changed(one_and_two, lambda: cluster(provider(), rotate={"operator": "2"})))
    assert done == {"cluster-operator": Operation.REPLACE}
