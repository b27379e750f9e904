"""Projects of a part of AKS each, without the platform around it: what the engine does with it is seen sooner."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from preview.invokes import FIXTURES_FILE
from tests.conformance.cases import REPOSITORY
from tests.conformance.engine import Workspace

MANAGED_CLUSTER: Final = "azure-native:containerservice:ManagedCluster"
POOL: Final = "azure-native:containerservice:AgentPool"
DRAIN: Final = "command:local:Command"
CLUSTER: Final = "azure-native:resources:ResourceGroup"
"""What stands for the cluster here."""
NODE_GROUPS: Final = """
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
for key in config.require_object("groups"):
    args = AksNodeGroupArgs(
        key=key,
        settings=NodeGroupSettings(machine_types=(config.require("size"),), min_nodes=2, max_nodes=6),
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
    )
    AksNodeGroup(f"node-group-{{key}}", args)
"""


CONTROL_PLANE: Final = """
import sys
from types import SimpleNamespace

sys.path.insert(0, {repository!r})

import pulumi

from components.azure.cluster import AksCluster, AksClusterArgs
from components.settings import AksClusterSettings, AzureProviderSettings, ProtectionSettings

guid = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
subnets = {{"1": pulumi.Output.from_input("subnet")}}
args = AksClusterArgs(
    settings=AksClusterSettings(version="1.35", zones=("1",), deployers=(f"user:{{guid}}",)),
    provider=AzureProviderSettings(subscription_id=guid, tenant_id=guid, region="westeurope", zones=("1",)),
    network=SimpleNamespace(zones=("1",), ready=(), node_subnet_ids=subnets, control_plane_subnet_ids=subnets),
    protection=ProtectionSettings(),
    tags={{"team": pulumi.Config().require("team")}},
    resource_group_name=pulumi.Output.from_input("group"),
    outbound_type="loadBalancer",
    encryption_at_host=True,
)
AksCluster("cluster", args)
"""


class SmallAks:
    """One stack of a project, below `folder`; each `up` has settings of its own."""

    def __init__(self, folder: Path, program: str = NODE_GROUPS) -> None:
        self._project = folder / "project"
        self._project.mkdir()
        # The project's own options: its refresh before each update is part of what pools rely on.
        shutil.copy(REPOSITORY / "Pulumi.yaml", self._project)
        (self._project / "__main__.py").write_text(program.format(repository=str(REPOSITORY)), encoding="utf-8")
        fixtures: dict[str, Any] = yaml.safe_load((REPOSITORY / FIXTURES_FILE).read_text(encoding="utf-8"))
        invokes = yaml.safe_dump({"invokes": fixtures["invokes"]})
        (self._project / FIXTURES_FILE).write_text(invokes, encoding="utf-8")
        self._engine: Workspace | None = None
        self._folder = folder / "engine"

    def up(
        self,
        *,
        groups: Sequence[str] = ("general",),
        size: str = "Standard_D4s_v5",
        team: str = "core",
        autoscaler: str = "cluster-autoscaler",
    ) -> None:
        """Create or update the stack."""
        settings = {"groups": list(groups), "size": size, "team": team, "autoscaler": autoscaler}
        file = self._project / "settings.yaml"
        document = {"config": {f"infraplatform:{key}": value for key, value in settings.items()}}
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
        if self._engine is None:
            self._engine = Workspace(self._project, "dev", self._folder, config_file=file)
        self._engine.use_config(file)
        self._engine.up(refreshing=True)

    def destroy(self) -> None:
        """Destroy the stack as it stands; the program does not run."""
        assert self._engine is not None
        self._engine.destroy()
