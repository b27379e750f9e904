"""The pool of the cluster's first request: small, in nobody's way, and removed once the node groups stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.azure.bootstrap_pool import remove_bootstrap_pool
from preview.plan import Operation
from tests.components.azure.clusters import aks_cluster, control_plane
from tests.components.azure.parts import PROVIDER, group_name
from tests.components.doubles import Stand
from tests.components.plans import changed, operations, planned


def with_removal(**settings: Any) -> Callable[[], None]:
    """A program of a cluster whose first pool goes after a group that is a double."""

    def build() -> None:
        cluster = aks_cluster(**settings)
        remove_bootstrap_pool("cluster-bootstrap", cluster, PROVIDER, group_name(), [Stand("pool")], parent=cluster)

    return build


def test_it_is_one_small_system_node_in_the_nodes_subnet() -> None:
    (found,) = control_plane().inputs["agentPoolProfiles"]
    assert (found["mode"], found["count"], found["enableAutoScaling"]) == ("System", 1, False)
    assert found["vnetSubnetID"] == "subnet-1"


@pytest.mark.parametrize("encrypts", [True, False])
def test_its_host_encrypts_where_the_cluster_is_told_that_the_subscription_has_it(*, encrypts: bool) -> None:
    (found,) = control_plane(encryption_at_host=encrypts).inputs["agentPoolProfiles"]
    assert found["enableEncryptionAtHost"] is encrypts


def test_in_aks_automatic_the_pool_stays_and_only_its_number_is_said() -> None:
    (found,) = control_plane(mode="automatic").inputs["agentPoolProfiles"]
    assert found == {"name": "systempool", "mode": "System", "count": 3, "vnetSubnetID": "subnet-1"}


def test_it_goes_after_the_groups_stand() -> None:
    removal = planned(with_removal())["Command", "cluster-bootstrap"]
    assert {urn.rpartition("::")[2] for urn in removal.dependencies} >= {"pool", "cluster"}
    assert removal.inputs["environment"]["POOL"] == "bootstrap"
    assert "nodepool" in removal.inputs["create"]
    assert "delete" not in removal.inputs


def test_with_the_cluster_the_removal_just_goes() -> None:
    resources = planned(with_removal())
    assert resources["Command", "cluster-bootstrap"].deleted_with == resources["ManagedCluster", "cluster"].urn


def test_another_cluster_gets_another_removal_and_a_change_of_the_same_one_none() -> None:
    replaced = operations(changed(with_removal(), with_removal(pod_cidr="10.128.0.0/16")))
    assert replaced["Command", "cluster-bootstrap"] is Operation.REPLACE
    updated = operations(changed(with_removal(), with_removal(version="1.36")))
    assert ("Command", "cluster-bootstrap") not in updated
