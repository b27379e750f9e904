from __future__ import annotations

import json
from typing import Any

import pytest

from preview.kubernetes_provider import replacing
from preview.plan import UNKNOWN


def kubeconfig(server: str, user: str = "u") -> str:
    return json.dumps(
        {
            "current-context": "main",
            "contexts": [{"name": "main", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": server}}],
            "users": [{"name": "u", "user": {"username": user}}],
        }
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"clusterIdentifier": "a"}, {"clusterIdentifier": "b"}, ["clusterIdentifier"]),
        ({"clusterIdentifier": "a"}, {"clusterIdentifier": UNKNOWN}, ["clusterIdentifier"]),
        ({"clusterIdentifier": "a"}, {}, []),
        ({}, {"clusterIdentifier": "a"}, []),
        ({"kubeconfig": kubeconfig("a")}, {"kubeconfig": kubeconfig("b")}, ["kubeconfig"]),
        ({"kubeconfig": kubeconfig("a")}, {"kubeconfig": kubeconfig("a", "new")}, []),
        ({"kubeconfig": kubeconfig("a")}, {"kubeconfig": UNKNOWN}, ["kubeconfig"]),
        ({"kubeconfig": kubeconfig("a")}, {"kubeconfig": "{not: [yaml"}, []),
        (
            {"clusterIdentifier": "a", "kubeconfig": kubeconfig("a")},
            {"clusterIdentifier": "a", "kubeconfig": kubeconfig("b")},
            [],
        ),
        ({"clusterIdentifier": "a", "kubeconfig": "x"}, {"clusterIdentifier": "a", "kubeconfig": UNKNOWN}, []),
        ({"renderYamlToDirectory": "a"}, {"renderYamlToDirectory": "b"}, ["renderYamlToDirectory"]),
    ],
)
def test_the_provider_is_replaced_when_it_speaks_to_another_cluster(
    old: dict[str, Any], new: dict[str, Any], expected: list[str]
) -> None:
    assert [path[0] for path in replacing(old, new)] == expected
