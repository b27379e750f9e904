"""An update sends what lives by now, not what was there first: a pool's count, a cluster's pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import grpc
import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import provider_pb2

from tests.conformance.echo_provider import EchoProvider
from tests.conformance.small_aks import MANAGED_CLUSTER, POOL, SmallAks

pytestmark = pytest.mark.conformance

LIVE: Final[Mapping[str, dict[str, Any]]] = {
    POOL: {"count": 5},
    MANAGED_CLUSTER: {"agentPoolProfiles": [{"name": "general1a2b", "count": 5}, {"name": "batch3c4d", "count": 1}]},
}
"""What the autoscaler and the pools' own resources have made of it, by type."""


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The inputs of each update of a pool or a cluster, in a cloud that lives as `LIVE` says."""
    found: list[dict[str, Any]] = []
    read, update = EchoProvider.Read, EchoProvider.Update

    def live(
        self: EchoProvider, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        answer = read(self, request, context)
        if request.type in LIVE:  # azure-native brings a changed output into the inputs, too
            answer.properties.update(LIVE[request.type])
            answer.inputs.update(LIVE[request.type])
        return answer

    def noted(
        self: EchoProvider, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        if request.type in LIVE and not request.preview:
            found.append(json_format.MessageToDict(request.news))
        return update(self, request, context)

    monkeypatch.setattr(EchoProvider, "Read", live)
    monkeypatch.setattr(EchoProvider, "Update", noted)
    return found


def test_the_body_of_a_pool_update_after_an_autoscalers_change_keeps_the_live_count(
    small_aks: SmallAks, bodies: list[dict[str, Any]]
) -> None:
    small_aks.up()
    small_aks.up(team="other")
    (body,) = bodies
    assert body["tags"] == {"team": "other"}
    assert (body["count"], body["minCount"], body["maxCount"]) == (5, 2, 6)


def test_a_change_of_the_count_alone_is_no_update(small_aks: SmallAks, bodies: list[dict[str, Any]]) -> None:
    small_aks.up()
    small_aks.up()
    assert bodies == []


def test_without_an_autoscaler_the_settings_count_goes_out(small_aks: SmallAks, bodies: list[dict[str, Any]]) -> None:
    small_aks.up(autoscaler="none")
    small_aks.up(autoscaler="none")
    (body,) = bodies
    assert body["count"] == 2


def test_the_body_of_a_cluster_update_has_the_pools_that_live_and_the_first_one_no_more(
    small_control_plane: SmallAks, bodies: list[dict[str, Any]]
) -> None:
    small_control_plane.up()
    small_control_plane.up()
    assert bodies == []
    small_control_plane.up(team="other")
    (body,) = bodies
    assert body["tags"] == {"team": "other"}
    assert body["agentPoolProfiles"] == LIVE[MANAGED_CLUSTER]["agentPoolProfiles"]
