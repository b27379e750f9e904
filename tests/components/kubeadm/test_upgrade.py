"""A member's command names its version, and the guard reads it there."""

from __future__ import annotations

import pytest

from components.errors import UnsafeChangeError
from components.kubeadm.program import verb_command
from components.kubeadm.upgrade import refuse_version_change, version_in


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
