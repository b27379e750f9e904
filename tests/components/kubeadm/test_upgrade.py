"""A member's command names its version, and the guard reads it there."""

from __future__ import annotations

import pytest

from components.errors import UnsafeChangeError
from components.kubeadm.program import Block, sent, verb_command
from components.kubeadm.upgrade import foundations_in, refuse_other_foundations, refuse_version_change, version_in


@pytest.mark.parametrize("user", ["root", "debian"])
def test_the_version_is_read_from_the_command_that_is_really_run(user: str) -> None:
    assert version_in({"create": verb_command(user, "member", "1.36.3", "abc")}) == "1.36.3"


@pytest.mark.parametrize(
    "inputs", [None, {}, {"create": None}, {"create": "true"}, {"create": verb_command("root", "reset")}]
)
def test_what_names_no_version_has_none(inputs: object) -> None:
    assert version_in(inputs) is None


def test_the_same_version_is_no_change() -> None:
    refuse_version_change("cp-1", "1.36.3", "1.36.3")


def test_another_version_is_refused_with_the_one_to_write() -> None:
    with pytest.raises(UnsafeChangeError, match=r"cp-1: cluster.version goes from 1.36.3 to 1.37.2.*write 1.36.3"):
        refuse_version_change("cp-1", "1.36.3", "1.37.2")


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


def test_what_a_node_is_first_told_by_a_later_version_is_no_change() -> None:
    refuse_other_foundations("cp-1", {}, {"cluster.endpoint": "k8s.example:6443"})
