"""The reference to an infrastructure stack: what is read, and what is said when something is missing."""

from __future__ import annotations

import pulumi
import pytest

from components.errors import PlatformError
from components.incluster.layer import InClusterArgs, InClusterLayer
from components.incluster.provider import kubernetes_provider
from components.incluster.reference import InfrastructureReference, exports, text_at
from components.terms import StorageClass, WorkloadIdentity
from preview.plan import UNKNOWN, Secret
from tests.components.plans import sound
from tests.support import plan

STACK = "organization/infraplatform/dev-infrastructure"


def in_cluster_stack() -> None:
    """An in-cluster stack with one class, whose file system another stack holds."""
    reference = InfrastructureReference(STACK)
    provider = kubernetes_provider("kubernetes", reference)
    file = StorageClass(provisioner="efs.csi.aws.com", parameters={"fileSystemId": reference.file_system_id})
    InClusterLayer(
        "in-cluster",
        InClusterArgs(cluster=reference, storage_classes={"file": file}),
        pulumi.ResourceOptions(providers=[provider]),
    )


def test_the_layer_stands_on_another_stacks_exports_without_its_resources() -> None:
    resources = sound(plan(in_cluster_stack))
    assert {resource.type for resource in resources.values() if resource.type.startswith("aws:")} == set()
    provider = resources["kubernetes", "kubernetes"].inputs
    assert isinstance(provider["kubeconfig"], Secret)
    assert provider["clusterIdentifier"] is UNKNOWN
    file = resources["StorageClass", "in-cluster-file"]
    assert file.deleted_with is None
    assert file.inputs["parameters"]["fileSystemId"] is UNKNOWN


def test_the_references_logical_name_holds_no_stack_name() -> None:
    resources = sound(plan(in_cluster_stack))
    (reference,) = [resource for (kind, _), resource in resources.items() if kind == "StackReference"]
    assert reference.name == "infrastructure"
    assert reference.inputs["name"] == STACK


def test_what_is_exported_is_what_is_read() -> None:
    exported: list[str] = []
    asked: list[str] = []

    class Recording(InfrastructureReference):
        def _text(self, export: str, *path: str) -> pulumi.Output[str]:
            asked.extend(path if export == "in_cluster" else ())
            return super()._text(export, *path)

    def build() -> None:
        identity = WorkloadIdentity(principal=pulumi.Output.from_input("role"))
        exported.extend(exports(file_system_id=None, interruption_queue=None, autoscaler=identity))
        reference = Recording(STACK)
        assert reference.file_system_id
        assert reference.interruption_queue
        assert reference.autoscaler_identity
        assert reference.volume_group

    plan(build)
    assert sorted(asked) == sorted(exported)


@pytest.mark.parametrize("value", [None, {}, {"file_system_id": None}, {"file_system_id": 1}])
def test_a_missing_export_is_named_with_what_to_do(value: object) -> None:
    with pytest.raises(PlatformError, match=r"in_cluster\.file_system_id.*pulumi up"):
        text_at(value, ("in_cluster", "file_system_id"), STACK)


def test_text_is_found_at_any_depth() -> None:
    assert text_at({"nodes": {"a": "subnet-a"}}, ("subnet_ids", "nodes", "a"), STACK) == "subnet-a"
    assert text_at("cluster-1a2b3c", ("cluster_name",), STACK) == "cluster-1a2b3c"
