"""What a node's program and member say of versions, and which steps from them are refused."""

from __future__ import annotations

from itertools import pairwise

import pytest

from components.errors import UnsafeChangeError
from components.kubeadm.program import Block, environment, sent, verb_command
from components.kubeadm.upgrade import (
    etcd_in,
    foundations_in,
    refuse_etcd_step,
    refuse_other_foundations,
    refuse_version_step,
    version_in,
)
from components.versions import ETCD_STEPS, KUBEADM_RELEASES


@pytest.mark.parametrize("user", ["root", "debian"])
def test_the_version_is_read_from_the_command_that_is_really_run(user: str) -> None:
    assert version_in({"create": verb_command(user, "member", "1.36.3", "abc")}) == "1.36.3"


def test_the_version_is_read_from_what_a_program_is_really_sent() -> None:
    block = Block("/etc/infraplatform/node.env", environment({"NODE_NAME": "a", "KUBERNETES_VERSION": "1.36.3"}))
    assert version_in({"stdin": sent([block]), "create": "sh -c true"}) == "1.36.3"


@pytest.mark.parametrize(
    "inputs", [None, {}, {"create": None}, {"create": "true"}, {"create": verb_command("root", "reset")}]
)
def test_what_names_no_version_has_none(inputs: object) -> None:
    assert version_in(inputs) is None


@pytest.mark.parametrize("new", ["1.36.3", "1.36.4", "1.36.10", "1.37.0", "1.37.2"])
def test_a_later_patch_and_the_next_minor_are_steps_to_take(new: str) -> None:
    refuse_version_step("cp-1", "1.36.3", new)


@pytest.mark.parametrize("new", ["1.36.2", "1.35.9"])
def test_the_way_back_is_refused_with_what_to_write(new: str) -> None:
    with pytest.raises(UnsafeChangeError, match=rf"cp-1: cluster.version goes back from 1.36.3 to {new}.*write 1.36.3"):
        refuse_version_step("cp-1", "1.36.3", new)


def test_a_minor_left_out_is_refused_with_the_next_one() -> None:
    with pytest.raises(UnsafeChangeError, match=r"from 1.35.4 to 1.37.2, .*; write a patch of 1.36 and run `up`"):
        refuse_version_step("cp-1", "1.35.4", "1.37.2")


@pytest.mark.parametrize(("old", "new"), [("3.6.8-0", "3.6.11-0"), ("3.6.11-0", "3.7.0-0"), ("3.5.26-0", "3.6.11-0")])
def test_etcd_takes_the_steps_that_its_guides_allow(old: str, new: str) -> None:
    refuse_etcd_step("cp-1", "1.36.3", old, new)


def test_an_etcd_too_old_for_the_next_is_refused_with_the_version_that_brings_a_newer_one() -> None:
    needed = r"from 3.6.8-0 to 3.7.0-0, which needs 3.6.11 first; write cluster.version 1.36.3 and run `up`"
    with pytest.raises(UnsafeChangeError, match=needed + ", which brings etcd 3.6.11-0"):
        refuse_etcd_step("cp-1", "1.36.3", "3.6.8-0", "3.7.0-0")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("3.5.24-0", "3.6.11-0", "which needs 3.5.26 first"),
        ("3.5.26-0", "3.7.0-0", "which needs 3.6.11 first"),
        ("3.7.0-0", "3.8.0-0", "a step that this project does not know"),
        ("3.7.0-0", "3.6.11-0", "knows no way back"),
    ],
)
def test_an_unsafe_step_of_etcd_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(UnsafeChangeError, match=why):
        refuse_etcd_step("cp-1", "1.36.3", old, new)


def test_each_offered_minor_leads_to_the_next_by_a_step_that_etcd_allows() -> None:
    releases = list(KUBEADM_RELEASES.values())
    for before, after in pairwise(releases):
        refuse_etcd_step("cp-1", "1.36.3", before.etcd, after.etcd)
    assert set(ETCD_STEPS) == {(3, 6), (3, 7)}


def test_what_a_program_is_sent_says_what_its_node_was_made_with() -> None:
    manifest = "kind: StorageClass\nreclaimPolicy: Retain\nvolumeBindingMode: WaitForFirstConsumer\n"
    files = [
        Block("/etc/infraplatform/taints", "gpu=:NoSchedule"),
        Block("/etc/infraplatform/manifests/20-local-path.yaml", manifest),
    ]
    assert foundations_in({"stdin": sent(files)}) == {
        "the host's taints": "gpu=:NoSchedule",
        "storage.local.reclaim_policy": ["Retain"],
    }


@pytest.mark.parametrize("inputs", [None, {}, {"stdin": None}, {"stdin": "--- /etc/kubernetes/pki/ca.crt 0644\nx\n"}])
def test_what_is_sent_to_nobody_says_nothing(inputs: object) -> None:
    assert foundations_in(inputs) == {}
    assert etcd_in(inputs) is None


def test_what_a_node_is_first_told_by_a_later_version_is_no_change() -> None:
    refuse_other_foundations("cp-1", {}, {"cluster.endpoint": "k8s.example:6443"})
