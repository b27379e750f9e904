"""cluster-autoscaler: which groups it finds, what its pods may do, and that it survives a drain."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.incluster.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs
from components.terms import WorkloadIdentity
from preview.plan import Resource
from tests.components.doubles import Stand
from tests.components.plans import sound
from tests.support import plan


def autoscaler(**args: Any) -> ClusterAutoscaler:
    identity = WorkloadIdentity(
        principal=pulumi.Output.from_input("role"),
        service_account_annotations={"cloud/identity": pulumi.Output.from_input("role")},
        pod_labels={"cloud/use-identity": "true"},
        ready=(Stand("association"),),
    )
    defaults: dict[str, Any] = {"cluster_name": "cluster-1a2b3c", "region": "us-east-1", "version": "v1.35.2"}
    return ClusterAutoscaler(
        "autoscaler",
        ClusterAutoscalerArgs(identity=identity, **{**defaults, **args}),
        pulumi.ResourceOptions(),
    )


def planned(**args: Any) -> dict[tuple[str, str], Resource]:
    return sound(plan(lambda: autoscaler(**args)))


def pod(**args: Any) -> dict[str, Any]:
    return planned(**args)["Deployment", "autoscaler"].inputs["spec"]["template"]


def test_it_finds_the_groups_that_carry_its_clusters_name() -> None:
    (container,) = pod()["spec"]["containers"]
    tags = "k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/cluster-1a2b3c"
    assert f"--node-group-auto-discovery=asg:tag={tags}" in container["args"]
    assert {"name": "AWS_REGION", "value": "us-east-1"} in container["env"]


def test_it_knows_machine_types_that_are_newer_than_its_image() -> None:
    (container,) = pod()["spec"]["containers"]
    assert not any("static-instance-list" in argument for argument in container["args"])


def test_its_probe_asks_the_port_that_the_program_listens_on_unasked() -> None:
    (container,) = pod()["spec"]["containers"]
    assert not any(argument.startswith("--address") for argument in container["args"])
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports[container["livenessProbe"]["httpGet"]["port"]] == 8085
    assert container["livenessProbe"]["httpGet"]["path"] == "/health-check"


@pytest.mark.parametrize("registry", ["registry.k8s.io", "123456789012.dkr.ecr.us-east-1.amazonaws.com/k8s"])
def test_its_image_is_pinned_and_may_come_through_a_cache(registry: str) -> None:
    (container,) = pod(registry=registry)["spec"]["containers"]
    assert container["image"] == f"{registry}/autoscaling/cluster-autoscaler:v1.35.2"


def test_its_pods_meet_the_restricted_pod_security_standard() -> None:
    spec = pod()["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not any(key.startswith("host") or key == "volumes" for key in spec)
    for container in spec["containers"]:
        security = container["securityContext"]
        assert security["allowPrivilegeEscalation"] is False
        assert security["readOnlyRootFilesystem"] is True
        assert security["capabilities"] == {"drop": ["ALL"]}


def test_one_replica_stays_while_the_other_moves() -> None:
    resources = planned()
    deployment = resources["Deployment", "autoscaler"].inputs["spec"]
    budget = resources["PodDisruptionBudget", "autoscaler"].inputs["spec"]
    assert deployment["replicas"] > budget["maxUnavailable"]
    assert deployment["selector"] == budget["selector"]
    assert deployment["selector"]["matchLabels"].items() <= deployment["template"]["metadata"]["labels"].items()


def test_its_identity_is_on_the_account_and_on_the_pods_and_stands_before_them() -> None:
    resources = planned()
    account = resources["ServiceAccount", "autoscaler"]
    deployment = resources["Deployment", "autoscaler"]
    assert account.inputs["metadata"]["annotations"] == {"cloud/identity": "role"}
    assert deployment.inputs["spec"]["template"]["metadata"]["labels"]["cloud/use-identity"] == "true"
    first = {resources["Stand", "association"].urn, account.urn}
    first |= {resource.urn for (kind, _), resource in resources.items() if kind.endswith("Binding")}
    assert first <= set(deployment.dependencies)


def rules() -> list[dict[str, Any]]:
    resources = planned()
    return [rule for kind in ("ClusterRole", "Role") for rule in resources[kind, "autoscaler"].inputs["rules"]]


def test_its_rights_name_no_secret_and_use_no_wildcard() -> None:
    for rule in rules():
        assert not {*rule["apiGroups"], *rule["resources"], *rule["verbs"]} & {"*", "secrets"}


def test_it_reads_no_config_map_but_its_own_status() -> None:
    maps = [rule for rule in rules() if "configmaps" in rule["resources"]]
    reading = [rule for rule in maps if set(rule["verbs"]) - {"create"}]
    assert [rule["resourceNames"] for rule in reading] == [["cluster-autoscaler-status"]]
    assert not any({"list", "watch"} & set(rule["verbs"]) for rule in maps)


def test_it_may_watch_all_that_the_scheduler_it_simulates_looks_at() -> None:
    watched = {name for rule in rules() if {"list", "watch"} <= set(rule["verbs"]) for name in rule["resources"]}
    assert {"deviceclasses", "resourceclaims", "resourceslices"} <= watched
    assert {"csidrivers", "csinodes", "csistoragecapacities", "storageclasses", "volumeattachments"} <= watched


def test_it_may_write_only_its_own_lease() -> None:
    leases = [rule for rule in rules() if "leases" in rule["resources"] and "update" in rule["verbs"]]
    assert [rule["resourceNames"] for rule in leases] == [["cluster-autoscaler"]]
