"""The suite of `contract.NodeGroup`: every implementation is a row of SUBJECTS, built to what `wanted.py` says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Final

import pulumi
import pytest

from components.contract import NodeGroup, Taint
from components.terms import TaintEffect
from tests.contract import aws, azure_parts, checks, gcp_parts, wanted
from tests.contract.harness import Breaks, Built, build_with_breaks, cases, members, output

SUBJECTS: Final[Mapping[str, Callable[[], NodeGroup]]] = {
    "aws-eks-amazon-linux": partial(aws.eks_node_group, "amazon-linux-2023"),
    "aws-eks-bottlerocket": partial(aws.eks_node_group, "bottlerocket"),
    "azure-aks-azure-linux": partial(azure_parts.aks_node_group, "Standard_D4s_v5", "azure-linux-3"),
    "azure-aks-ubuntu-arm": partial(azure_parts.aks_node_group, "Standard_D4ps_v5", "ubuntu"),
    "gcp-gke-x86": partial(gcp_parts.gke_node_group, "n4-standard-4"),
    "gcp-gke-arm": partial(gcp_parts.gke_node_group, "c4a-standard-4"),
}


def check_node_group(group: NodeGroup) -> None:
    """Everything that the contract promises of a node group.

    Raises:
        AssertionError: a promise is broken.
    """
    assert checks.text(group.name) == wanted.GROUP
    zones = list(checks.open_texts(group.group_names))
    assert zones in (["a", "b"], ["1", "2"]), f"{zones} are not the group's zones in the settings' short form"
    assert checks.count(group.min_nodes, at_least=0) == wanted.MIN_NODES, "the least over all zones"
    assert checks.count(group.max_nodes, at_least=1) == wanted.MAX_NODES, "the most over all zones"
    assert checks.plain_texts(group.labels) == wanted.LABELS
    assert tuple(checks.taints(group.taints)) == wanted.TAINTS
    checks.resources(group.ready)


BREAKS: Final[Breaks] = {
    "name": {
        "empty": lambda _: "",
        "an Output": output(wanted.GROUP),
        "the component's": lambda _: "node-group-general",
    },
    "group_names": {
        "none": lambda _: {},
        "no Outputs": lambda sound: dict.fromkeys(sound.group_names, "group"),
        "a zone without one": lambda sound: dict(list(sound.group_names.items())[:1]),
        "an empty name": lambda sound: {zone: pulumi.Output.from_input("") for zone in sound.group_names},
        "a zone's whole name": lambda sound: {f"region-{zone}": name for zone, name in sound.group_names.items()},
    },
    "min_nodes": {"per zone": lambda _: 2, "a text": lambda _: "3", "an Output": output(3)},
    "max_nodes": {"per zone": lambda _: 4, "a text": lambda _: "7", "below the least": lambda _: 1},
    "labels": {"none": lambda _: {}, "None": lambda _: None, "no text": lambda _: {"tier": 1}},
    "taints": {
        "none": lambda _: (),
        "None": lambda _: None,
        "a mapping": lambda _: {"dedicated": "web:NoSchedule"},
        "another effect": lambda _: (Taint(key="dedicated", value="web", effect=TaintEffect.NO_EXECUTE),),
    },
    "ready": {"None": lambda _: None, "names": lambda _: ("node-group-general-a",), "none": lambda _: ()},
}


@cache
def _built(row: str) -> Built[NodeGroup]:
    return build_with_breaks(SUBJECTS[row], BREAKS)


@pytest.mark.parametrize("row", SUBJECTS)
def test_a_node_group_keeps_its_contract(row: str) -> None:
    check_node_group(_built(row).sound)


@pytest.mark.parametrize(("row", "attribute", "fault"), cases(SUBJECTS, BREAKS))
def test_a_broken_attribute_fails_the_suite(row: str, attribute: str, fault: str) -> None:
    with pytest.raises(AssertionError):
        check_node_group(_built(row).broken[attribute, fault])


def test_every_attribute_is_broken_on_purpose() -> None:
    assert set(BREAKS) == members(NodeGroup)
