"""A node pool's successor stands before its pods leave, these before it goes; with its cluster it just goes."""

from __future__ import annotations

import pytest
from google.protobuf import empty_pb2
from grpc import ServicerContext
from pulumi.runtime.proto import provider_pb2

from tests.conformance.echo_provider import EchoProvider
from tests.conformance.small_aks import CLUSTER, DRAIN, POOL, SmallAks

pytestmark = pytest.mark.conformance


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What providers are told to make and to delete, in order."""
    found: list[str] = []
    create, delete = EchoProvider.Create, EchoProvider.Delete

    def made(
        self: EchoProvider, request: provider_pb2.CreateRequest, context: ServicerContext
    ) -> provider_pb2.CreateResponse:
        found.append(f"make {request.type}")
        return create(self, request, context)

    def deleted(self: EchoProvider, request: provider_pb2.DeleteRequest, context: ServicerContext) -> empty_pb2.Empty:
        found.append(f"delete {request.type}")
        return delete(self, request, context)

    monkeypatch.setattr(EchoProvider, "Create", made)
    monkeypatch.setattr(EchoProvider, "Delete", deleted)
    return found


def test_the_new_pool_comes_then_the_old_ones_pods_leave_then_it_goes(small_aks: SmallAks, calls: list[str]) -> None:
    small_aks.up()
    calls.clear()
    small_aks.up(size="Standard_D8s_v5")
    assert calls == [f"make {POOL}", f"make {DRAIN}", f"delete {DRAIN}", f"delete {POOL}"]


def test_a_group_that_the_settings_no_longer_have_is_drained_before_it_goes(
    small_aks: SmallAks, calls: list[str]
) -> None:
    small_aks.up(groups=("general", "batch"))
    calls.clear()
    small_aks.up()
    assert calls == [f"delete {DRAIN}", f"delete {POOL}"]


def test_destroy_deletes_the_cluster_alone_and_needs_no_program(small_aks: SmallAks, calls: list[str]) -> None:
    small_aks.up()
    calls.clear()
    small_aks.destroy()
    assert calls == [f"delete {CLUSTER}"]
