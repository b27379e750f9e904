"""Keys by name: the last is used, all are accepted, and every control plane accepts them before one uses the newest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.errors import UnsafeChangeError
from components.kubeadm.cluster import KubeadmCluster
from components.kubeadm.pki import encryption_configuration
from components.kubeadm.rotation import key_files
from components.kubeadm.upgrade import keys_in, refuse_key_step
from preview.plan import Operation
from tests.components.kubeadm.test_cluster import command, touched, waits_for
from tests.components.plans import changed, complaints, standing
from tests.contract.servers import cluster, provider

FOUNDING = {"sa.key": "private 1", "sa.pub": "public 1\n", "encryption.yaml": encryption_configuration("c2VjcmV0MQ==")}
SIGNING: dict[str, dict[str, str]] = {"1": {}, "2": {"private": "private 2", "public": "public 2\n"}}
WRITING: dict[str, dict[str, str]] = {"1": {}, "2": {"secret": "c2VjcmV0Mg=="}}


def keys(text: str) -> list[tuple[str, str]]:
    """The keys of an encryption configuration by name and secret, in order."""
    listed = json.loads(text)["resources"][0]["providers"][0]["secretbox"]["keys"]
    return [(key["name"], key["secret"]) for key in listed]


def test_the_newest_key_signs_and_all_are_verified_by() -> None:
    files = key_files(FOUNDING, SIGNING, WRITING, "2")
    assert files["sa.key"] == "private 2"
    assert files["sa.pub"] == "public 2\npublic 1\n"


@pytest.mark.parametrize(("newest", "order"), [("2", ["key2", "key1"]), ("1", ["key1", "key2"])])
def test_the_key_that_writes_is_first_and_all_read(newest: str, order: list[str]) -> None:
    found = keys(key_files(FOUNDING, SIGNING, WRITING, newest)["encryption.yaml"])
    assert [name for name, _ in found] == order
    assert dict(found) == {"key1": "c2VjcmV0MQ==", "key2": "c2VjcmV0Mg=="}


def test_what_was_stored_in_the_clear_stays_readable() -> None:
    text = key_files(FOUNDING, SIGNING, WRITING, "2")["encryption.yaml"]
    assert json.loads(text)["resources"][0]["providers"][-1] == {"identity": {}}


def test_a_founding_key_that_went_is_in_no_file() -> None:
    files = key_files(FOUNDING, {"2": SIGNING["2"]}, {"2": WRITING["2"]}, "2")
    assert files["sa.pub"] == "public 2\n"
    assert keys(files["encryption.yaml"]) == [("key2", "c2VjcmV0Mg==")]


@pytest.mark.parametrize(
    ("old", "new"),
    [(["1"], ["1"]), (["1"], ["1", "2"]), (["1", "2"], ["2"]), (["1", "2"], ["2", "3"]), (["1", "2"], ["1", "2", "3"])],
)
def test_keys_are_added_one_at_a_time_and_go_once_another_is_used(old: list[str], new: list[str]) -> None:
    refuse_key_step("cp-1", "encryption_keys", old, new)


@pytest.mark.parametrize(
    ("old", "new"), [(["1"], ["2"]), (["1"], ["2", "3"]), (["1"], ["1", "2", "3"]), (["1", "2"], ["1"])]
)
def test_a_key_that_not_everybody_could_accept_before_is_refused(old: list[str], new: list[str]) -> None:
    with pytest.raises(UnsafeChangeError, match=r"cp-1: cluster.rotate.encryption_keys goes from .*; write \[1.*new"):
        refuse_key_step("cp-1", "encryption_keys", old, new)


def of(**rotate: Any) -> KubeadmCluster:
    """Three control planes and two workers with these credentials."""
    return cluster(provider(control_planes=3), endpoint={"host": "k8s.example"}, rotate=rotate)


def founded() -> KubeadmCluster:
    """The same, as it was made."""
    return of()


def rotated() -> KubeadmCluster:
    """Another key of both kinds."""
    return of(service_account_keys=["1", "2"], encryption_keys=["1", "2"])


def test_a_rotation_of_keys_touches_control_planes_alone() -> None:
    done = touched(changed(founded, rotated))
    control_planes = ("cp-1", "cp-2", "cp-3")
    made = {f"{name}-accept" for name in control_planes}
    made |= {"cluster-service-account-key-2", "cluster-encryption-key-2"}
    told = {f"{name}-{part}" for name in control_planes for part in ("program", "member")} | {"cluster-preflight"}
    assert done == dict.fromkeys(made, Operation.CREATE) | dict.fromkeys(told, Operation.UPDATE)


def test_every_control_plane_accepts_a_key_before_the_first_uses_it() -> None:
    resources = standing(rotated)
    assert waits_for(resources, "cp-1-accept") >= {"cluster-preflight"}
    assert "cp-1-accept" in waits_for(resources, "cp-2-accept")
    assert "cp-2-accept" in waits_for(resources, "cp-3-accept")
    assert "cp-3-accept" in waits_for(resources, "cp-1-leave")
    assert "cp-1-leave" in waits_for(resources, "cp-1-member")


def test_new_keys_are_printed_nowhere() -> None:
    resources = standing(rotated)
    for name in ("cluster-service-account-key-2", "cluster-encryption-key-2"):
        assert command(resources, name).inputs["logging"] == "none"
        assert "stdout" in command(resources, name).additional_secret_outputs
        assert set(command(resources, name).ignore_changes) == {"*"}


def test_other_certificates_are_each_nodes_own_small_change() -> None:
    members = {
        f"{name}-{part}": Operation.UPDATE for name in ("cp-1", "cp-2", "cp-3") for part in ("program", "member")
    }
    assert touched(changed(founded, lambda: of(certificates="2"))) == {"cluster-preflight": Operation.UPDATE, **members}
    nodes = ("cp-1", "cp-2", "cp-3", "worker-1", "worker-2")
    assert touched(changed(founded, lambda: of(join="2"))) == {
        **{f"{node}-join": Operation.REPLACE for node in nodes},
        **{f"{node}-member": Operation.UPDATE for node in nodes},
    }


def test_a_key_that_takes_anothers_place_is_refused_at_preview() -> None:
    refused = complaints(changed(founded, lambda: of(encryption_keys=["2"])))
    assert "cluster.rotate.encryption_keys goes from [1] to [2]" in refused
    assert "write [1, a new name] and run `up`" in refused


def test_a_programs_keys_are_read_from_what_it_is_really_sent() -> None:
    inputs = command(standing(rotated), "cp-1-program").inputs
    assert keys_in(inputs) == {"service_account_keys": ["1", "2"], "encryption_keys": ["1", "2"]}
    assert keys_in(command(standing(rotated), "worker-1-program").inputs) == {}
