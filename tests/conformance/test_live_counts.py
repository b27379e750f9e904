"""An update of a node pool sends the count that the autoscaler has brought it to, not the one that it started with."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from tests.conformance import build
from tests.conformance.cases import REPOSITORY
from tests.conformance.echo_provider import EchoProvider
from tests.conformance.engine import Workspace

pytestmark = pytest.mark.conformance

PROGRAM: Final = """
import sys
from types import SimpleNamespace

sys.path.insert(0, {repository!r})

import pulumi
from pulumi_azure_native import resources

from components.azure.node_groups import AksNodeGroup, AksNodeGroupArgs
from components.settings import AksClusterSettings, AzureProviderSettings, NodeGroupSettings

config = pulumi.Config()
guid = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
place = resources.ResourceGroup("place")
AksNodeGroup(
    "node-group-general",
    AksNodeGroupArgs(
        key="general",
        settings=NodeGroupSettings(machine_types=("Standard_D4s_v5",), min_nodes=2, max_nodes=6),
        provider=AzureProviderSettings(subscription_id=guid, tenant_id=guid, region="westeurope", zones=("1",)),
        cluster_settings=AksClusterSettings(
            version="1.35", zones=("1",), deployers=(f"user:{{guid}}",), autoscaler=config.require("autoscaler")
        ),
        cluster=SimpleNamespace(
            cluster_name=pulumi.Output.from_input("cluster-1"),
            version="1.35",
            control_plane=place,
            node_prerequisites=(),
        ),
        network=SimpleNamespace(
            zones=("1",), ready=(), node_subnet_ids={{"1": pulumi.Output.from_input("subnet")}}
        ),
        tags={{"team": config.require("team")}},
        resource_group_name=place.name,
    ),
)
"""
POOL: Final = "azure-native:containerservice:AgentPool"
LIVE: Final = 5
Settings = Callable[..., Path]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A project of one node group; a function that writes its settings and says where."""
    if build.find("pulumi") is None:
        pytest.skip("pulumi: not built here; run `make conformance`")
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(REPOSITORY / "Pulumi.yaml", folder)  # whose refresh before each update is what this is about
    (folder / "__main__.py").write_text(PROGRAM.format(repository=str(REPOSITORY)), encoding="utf-8")

    def write(*, team: str, autoscaler: str = "cluster-autoscaler") -> Path:
        file = folder / f"Pulumi.{team}.yaml"
        lines = ("config:", f"  infraplatform:team: {team}", f"  infraplatform:autoscaler: {autoscaler}", "")
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    return write


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


def stands(settings: Settings, folder: Path, autoscaler: str) -> Workspace:
    """The stack after its creation."""
    file = settings(team="core", autoscaler=autoscaler)
    workspace = Workspace(file.parent, "dev", folder / "engine", config_file=file)
    workspace.up()
    return workspace


def test_the_body_of_a_pool_update_after_an_autoscalers_change_keeps_the_live_count(
    settings: Settings, bodies: list[dict[str, Any]], tmp_path: Path
) -> None:
    workspace = stands(settings, tmp_path, "cluster-autoscaler")
    workspace.use_config(settings(team="other"))
    workspace.up(refreshing=True)
    (body,) = bodies
    assert dict(body["tags"]) == {"team": "other"}
    assert (body["count"], body["minCount"], body["maxCount"]) == (LIVE, 2, 6)


def test_a_change_of_the_count_alone_is_no_update(
    settings: Settings, bodies: list[dict[str, Any]], tmp_path: Path
) -> None:
    stands(settings, tmp_path, "cluster-autoscaler").up(refreshing=True)
    assert bodies == []


def test_without_an_autoscaler_the_settings_count_goes_out(
    settings: Settings, bodies: list[dict[str, Any]], tmp_path: Path
) -> None:
    stands(settings, tmp_path, "none").up(refreshing=True)
    (body,) = bodies
    assert body["count"] == 2
