"""The in-cluster layer: what every object has in common, classes, and the provider."""

from __future__ import annotations

import json
from collections.abc import Callable

import pulumi
import pytest

from components.incluster.cluster_autoscaler import ClusterAutoscalerArgs
from components.incluster.layer import InClusterArgs, InClusterLayer
from components.incluster.provider import kubernetes_provider
from components.terms import SnapshotClass, StorageClass, WorkloadIdentity
from preview.plan import Operation, Resource, Secret
from tests.components.doubles import ClusterDouble, Stand
from tests.components.plans import sound
from tests.support import applied, plan

CLASSES = {
    "block": StorageClass(provisioner="ebs.csi.aws.com", parameters={"type": "gp3"}, default=True),
    "file": StorageClass(
        provisioner="efs.csi.aws.com",
        volume_binding_mode="Immediate",
        allow_volume_expansion=False,
        mount_options=("tls",),
    ),
}
SNAPSHOTS = {"block": SnapshotClass(driver="ebs.csi.aws.com", deletion_policy="Retain", default=True)}


def layer(*, cluster_name: str = "cluster-1a2b3c", scales: bool = True) -> InClusterLayer:
    """The layer on a double of a cluster, with both kinds of classes and, where it scales, cluster-autoscaler."""
    cluster = ClusterDouble(name=cluster_name)
    provider = kubernetes_provider("kubernetes", cluster)
    autoscaler = ClusterAutoscalerArgs(
        cluster_name=cluster.cluster_name,
        region="us-east-1",
        version="v1.35.2",
        identity=WorkloadIdentity(principal=pulumi.Output.from_input("role")),
    )
    return InClusterLayer(
        "in-cluster",
        InClusterArgs(
            cluster=cluster,
            storage_classes=CLASSES,
            snapshot_classes=SNAPSHOTS,
            autoscaler=autoscaler if scales else None,
            after=[Stand("node-groups")],
        ),
        pulumi.ResourceOptions(providers=[provider]),
    )


def planned(build: Callable[[], object] = layer) -> dict[tuple[str, str], Resource]:
    return sound(plan(build))


def objects(resources: dict[tuple[str, str], Resource]) -> dict[tuple[str, str], Resource]:
    return {key: resource for key, resource in resources.items() if resource.type.startswith("kubernetes:")}


def test_every_object_goes_with_its_cluster_and_waits_for_the_deployers_access() -> None:
    resources = planned()
    control_plane = resources["Stand", "control-plane"].urn
    access = resources["Stand", "deployers-access"].urn
    assert objects(resources)
    for key, resource in objects(resources).items():
        assert resource.deleted_with == control_plane, key
        assert access in resource.dependencies, key


def test_every_object_comes_through_the_clusters_own_provider() -> None:
    resources = planned()
    provider = resources["kubernetes", "kubernetes"].urn
    assert all((resource.provider or "").startswith(provider) for resource in objects(resources).values())


def test_the_default_class_is_marked_and_the_other_is_not() -> None:
    resources = planned()
    marks = {
        name: resource.inputs["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"]
        for (kind, name), resource in resources.items()
        if kind == "StorageClass"
    }
    assert marks == {"in-cluster-block": "true", "in-cluster-file": "false"}


def test_a_storage_class_is_what_its_term_says() -> None:
    inputs = planned()["StorageClass", "in-cluster-file"].inputs
    assert inputs["metadata"]["name"] == "file"
    assert inputs["provisioner"] == "efs.csi.aws.com"
    assert inputs["volumeBindingMode"] == "Immediate"
    assert inputs["allowVolumeExpansion"] is False
    assert inputs["mountOptions"] == ["tls"]
    assert inputs["reclaimPolicy"] == "Delete"


def test_a_snapshot_class_has_its_fields_beside_its_metadata_and_waits_for_its_definition() -> None:
    resources = planned()
    snapshot = resources["VolumeSnapshotClass", "in-cluster-block"]
    assert snapshot.type == "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"
    assert snapshot.inputs["driver"] == "ebs.csi.aws.com"
    assert snapshot.inputs["deletionPolicy"] == "Retain"
    assert snapshot.inputs["metadata"]["annotations"] == {"snapshot.storage.kubernetes.io/is-default-class": "true"}
    assert resources["Stand", "node-groups"].urn in snapshot.dependencies


def test_without_an_autoscaler_there_are_only_classes() -> None:
    kinds = {kind for kind, _ in objects(planned(lambda: layer(scales=False)))}
    assert kinds == {"StorageClass", "VolumeSnapshotClass"}


def test_no_namespace_is_made() -> None:
    assert not any(kind == "Namespace" for kind, _ in planned())


def test_the_provider_knows_its_cluster_by_name_and_hides_its_kubeconfig() -> None:
    provider = planned()["kubernetes", "kubernetes"].inputs
    assert provider["clusterIdentifier"] == "cluster-1a2b3c"
    kubeconfig = provider["kubeconfig"]
    assert isinstance(kubeconfig, Secret)
    assert json.loads(kubeconfig.value)["current-context"] == "cluster-1a2b3c"


def test_nothing_is_done_silently_to_a_cluster_that_does_not_answer() -> None:
    assert not {"deleteUnreachable", "skipUpdateUnreachable"} & planned()["kubernetes", "kubernetes"].inputs.keys()


@pytest.mark.parametrize(("cluster_name", "replaced"), [("cluster-1a2b3c", False), ("cluster-9f9f9f", True)])
def test_objects_are_replaced_exactly_when_the_cluster_is(*, cluster_name: str, replaced: bool) -> None:
    before = applied(layer)
    after = plan(lambda: layer(cluster_name=cluster_name), record=before)
    operations = {
        step.operation for step in after.steps if step.resource.type.startswith(("kubernetes:", "pulumi:providers:"))
    }
    assert operations == ({Operation.REPLACE} if replaced else {Operation.SAME})
