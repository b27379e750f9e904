"""An update of a node pool sends the count that the autoscaler has brought it to, not the one that it started with."""

from __future__ import annotations

from typing import Any, Final

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from tests.conformance.echo_provider import EchoProvider
from tests.conformance.small_aks import POOL, SmallAks

pytestmark = pytest.mark.conformance

LIVE: Final = 5


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The inputs of each update of a pool, in a cloud where every pool has `LIVE` nodes by now."""
    found: list[dict[str, Any]] = []
    read, update = EchoProvider.Read, EchoProvider.Update

    def live(
        self: EchoProvider, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        answer = read(self, request, context)
        if request.type == POOL:  # azure-native brings a changed output into the inputs, too
            answer.properties.update({"count": LIVE})
            answer.inputs.update({"count": LIVE})
        return answer

    def noted(
        self: EchoProvider, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        if request.type == POOL and not request.preview:
            found.append(dict(request.news))
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
    assert dict(body["tags"]) == {"team": "other"}
    assert (body["count"], body["minCount"], body["maxCount"]) == (LIVE, 2, 6)


def test_a_change_of_the_count_alone_is_no_update(small_aks: SmallAks, bodies: list[dict[str, Any]]) -> None:
    small_aks.up()
    small_aks.up()
    assert bodies == []


def test_without_an_autoscaler_the_settings_count_goes_out(small_aks: SmallAks, bodies: list[dict[str, Any]]) -> None:
    small_aks.up(autoscaler="none")
    small_aks.up(autoscaler="none")
    (body,) = bodies
    assert body["count"] == 2
