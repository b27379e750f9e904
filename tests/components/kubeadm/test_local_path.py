"""What local-path-provisioner reads of us is what it takes: since v0.0.36 it refuses a helper pod with rights.

The list is that of rancher/local-path-provisioner v0.0.37, util.go, validateHelperPodTemplate, read 2026-11-29.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from components.versions import LOCAL_PATH_VERSION
from tests.components.kubeadm.test_node_files import CONTROL_PLANE, files

POD_FIELDS = ("initContainers", "ephemeralContainers", "volumes", "hostNetwork", "hostPID", "hostIPC", "nodeName")
CONTAINER_FIELDS = ("volumeMounts", "envFrom", "lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


def objects(kind: str) -> list[dict[str, Any]]:
    """Those of a kind in the manifest."""
    text = files(CONTROL_PLANE)["manifests/20-local-path.yaml"]
    return [each for each in yaml.safe_load_all(text) if each["kind"] == kind]


def helper_pod() -> dict[str, Any]:
    """The template of the pods that make and remove folders."""
    (configuration,) = objects("ConfigMap")
    pod: dict[str, Any] = yaml.safe_load(configuration["data"]["helperPod.yaml"])
    return pod


def refused(pod: dict[str, Any]) -> Iterator[str]:
    """What the provisioner would refuse of a template."""
    spec = pod["spec"]
    if len(spec.get("containers", ())) != 1:
        yield "containers"
        return
    (container,) = spec["containers"]
    yield from (name for name in (*POD_FIELDS, "serviceAccountName") if spec.get(name))
    yield from (name for name in CONTAINER_FIELDS if container.get(name))
    yield from ("valueFrom" for each in container.get("env", ()) if "valueFrom" in each)
    rights = spec.get("securityContext", {})
    yield from (name for name in ("runAsUser", "runAsGroup") if rights.get(name) == 0)
    yield from (name for name in ("sysctls",) if rights.get(name))
    of_container = container.get("securityContext", {})
    yield from (name for name in ("privileged", "allowPrivilegeEscalation") if of_container.get(name))
    if of_container.get("capabilities", {}).get("add"):
        yield "capabilities"


def test_the_provisioner_takes_the_helper_pod() -> None:
    assert list(refused(helper_pod())) == []


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"hostNetwork": True}, "hostNetwork"),
        ({"securityContext": {"runAsUser": 0}}, "runAsUser"),
        ({"containers": [{"securityContext": {"privileged": True}}]}, "privileged"),
        ({"containers": [{}, {}]}, "containers"),
    ],
)
def test_a_helper_pod_with_rights_would_be_found(more: dict[str, Any], named: str) -> None:
    assert list(refused({"spec": {**helper_pod()["spec"], **more}})) == [named]


def test_the_provisioner_is_one_without_the_known_ways_out_of_its_folders() -> None:
    """Any user who may make a class, or change a helper pod, was root of a node before."""
    assert [int(part) for part in LOCAL_PATH_VERSION.removeprefix("v").split(".")] >= [0, 0, 36]


def test_nobody_switches_the_provisioners_own_checks_off() -> None:
    (deployment,) = objects("Deployment")
    (storage_class,) = objects("StorageClass")
    text = json.dumps([deployment, storage_class]).lower()
    assert "unsafe" not in text, "neither of helper pods nor of path patterns"
    assert "pathpattern" not in text
