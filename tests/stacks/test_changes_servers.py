"""What a change on own servers touches: the nodes that it is of, and none beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import pytest

from preview.plan import Operation, Plan
from tests.changes import SERVERS_CHANGES
from tests.stacks.changes_page import changed_plan
from tests.stacks.stack_files import STACK_FILES

STACK: Final = "servers-kubeadm-ha"
_NODES: Final = ("cp-1", "cp-2", "cp-3", "worker-1", "worker-2")
TOUCHED: Final[Mapping[str, set[str]]] = {
    "host-label": {"worker-1-program", "worker-1-member"},
    "worker-added": {
        "cluster-preflight",
        *(f"worker-9-{part}" for part in ("join", "program", "leave", "upgrade", "member")),
    },
    "worker-removed": {
        "cluster-preflight",
        *(f"worker-1-{part}" for part in ("join", "program", "leave", "upgrade", "member")),
    },
    "version": {
        "cluster-preflight",
        *(f"{node}-{part}" for node in _NODES for part in ("program", "member")),
        *("worker-1-upgrade", "worker-2-upgrade"),
    },
    "host-key": {
        "cluster-preflight",
        *(f"worker-1-{part}" for part in ("leave", "program", "upgrade", "member")),
    },
    "host-address": {
        "cluster-preflight",
        *(f"worker-1-{part}" for part in ("join", "program", "leave", "upgrade", "member")),
    },
    "operator": {"cluster-operator"},
}


@cache
def _plan(name: str) -> Plan:
    return changed_plan(STACK_FILES[STACK], SERVERS_CHANGES[name])


def _names(name: str, *operations: Operation) -> set[str]:
    return {
        step.urn.rpartition("::")[2]
        for step in _plan(name).steps
        if step.resource.custom and step.operation is not Operation.SAME and step.operation in operations
    }


@pytest.mark.parametrize("name", TOUCHED)
def test_a_change_touches_only_what_it_is_of(name: str) -> None:
    assert _names(name, *Operation) == TOUCHED[name]


def test_a_worker_that_goes_is_deleted_and_nothing_else() -> None:
    deleted = _names("worker-removed", Operation.DELETE)
    assert deleted
    assert all(name.startswith("worker-1-") for name in deleted)


def test_the_first_control_plane_may_be_replaced_and_the_others_stay() -> None:
    made, gone = (_names("control-plane-replaced", operation) for operation in (Operation.CREATE, Operation.DELETE))
    assert made
    assert {name.removeprefix("cp-9-") for name in made} == {name.removeprefix("cp-1-") for name in gone}
    assert _names("control-plane-replaced", Operation.REPLACE) == set()


def test_a_host_at_another_address_is_another_host() -> None:
    replaced = _names("host-address", Operation.REPLACE)
    assert replaced == TOUCHED["host-address"] - {"cluster-preflight"}


def test_a_host_key_is_changed_in_place() -> None:
    assert _names("host-key", Operation.UPDATE) == TOUCHED["host-key"]
