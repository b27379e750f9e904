"""Hosts with GPUs: a runtime for pods that ask for it, the device plugin, and what a host without a driver is told."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.kubeadm.cluster import KubeadmCluster
from components.kubeadm.containerd import config_file
from components.settings import HostSettings, KubeadmClusterSettings, ServersProviderSettings
from components.terms import Gpu
from tests.components.kubeadm.fake_host import FakeHost
from tests.components.plans import changed, complaints, standing
from tests.contract.servers import cluster, provider
from tools.bundle.contents import blocks_of, images_of

SETTINGS = KubeadmClusterSettings.model_validate({"version": "1.36.3"})


def _with_gpu(**more: Any) -> ServersProviderSettings:
    hosts = provider()
    host = HostSettings.model_validate({**hosts.hosts["worker-2"].model_dump(), "gpu": "nvidia", **more})
    return hosts.model_copy(update={"hosts": {**hosts.hosts, "worker-2": host}})


def without_gpus() -> KubeadmCluster:
    """No host has GPUs."""
    return cluster(provider())


def with_gpus() -> KubeadmCluster:
    """One worker has GPUs."""
    return cluster(_with_gpu())


def files(node: str, build: Any = with_gpus) -> dict[str, str]:
    """A node's public files."""
    return blocks_of(standing(build)["Command", f"{node}-program"].inputs["stdin"])


def _runtimes(node: str) -> dict[str, Any]:
    text = files(node)["containerd/config.toml"]
    return dict(tomllib.loads(text)["plugins"]["io.containerd.cri.v1.runtime"]["containerd"]["runtimes"])


def test_only_a_host_with_gpus_has_their_runtime() -> None:
    assert set(_runtimes("worker-1")) == {"runc"}
    nvidia = _runtimes("worker-2")["nvidia"]
    assert nvidia["options"] == {"BinaryName": "/usr/bin/nvidia-container-runtime", "SystemdCgroup": True}
    assert nvidia["runtime_type"] == _runtimes("worker-2")["runc"]["runtime_type"]


def test_the_usual_runtime_stays_the_default() -> None:
    assert "default_runtime_name" not in config_file(SETTINGS, Gpu.NVIDIA)
    assert config_file(SETTINGS, Gpu.NVIDIA).startswith(config_file(SETTINGS))


def test_the_node_has_label_and_taint() -> None:
    assert "nvidia.com/gpu.present=true" in files("worker-2")["labels"].splitlines()
    assert "nvidia.com/gpu=present:NoSchedule" in files("worker-2")["taints"].splitlines()
    assert "nvidia.com" not in files("worker-1")["labels"] + files("worker-1")["taints"]


def with_a_taint() -> KubeadmCluster:
    """The worker with GPUs has a taint of the settings."""
    return cluster(_with_gpu(taints={"nvidia.com/gpu": {"value": "a100", "effect": "NoExecute"}}))


def test_a_taint_of_the_settings_stands_instead() -> None:
    assert files("worker-2", with_a_taint)["taints"] == "nvidia.com/gpu=a100:NoExecute\n"


def test_the_device_plugin_is_there_where_any_host_has_gpus() -> None:
    objects = {each["kind"]: each for each in yaml.safe_load_all(files("cp-1")["manifests/30-nvidia.yaml"])}
    assert objects["RuntimeClass"]["handler"] == "nvidia"
    assert objects["RuntimeClass"]["scheduling"] == {
        "nodeSelector": {"nvidia.com/gpu.present": "true"},
        "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
    }
    pod = objects["DaemonSet"]["spec"]["template"]["spec"]
    assert pod["runtimeClassName"] == objects["RuntimeClass"]["metadata"]["name"]
    assert "nvcr.io/nvidia/k8s-device-plugin:v0.20.0" in images_of(files("cp-1"))
    assert "manifests/30-nvidia.yaml" not in files("cp-1", without_gpus)


def test_gpus_are_fixed_when_the_node_is_made() -> None:
    assert "worker-2: the host's taints would change" in complaints(changed(without_gpus, with_gpus))


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def _findings(host: FakeHost, gpu: str) -> list[str]:
    said = host.call(f"NODE_GPU='{gpu}'; findings_of_gpu").said
    return [line.partition(";")[0] for line in said.splitlines()]


def test_a_host_without_driver_and_runtime_is_told_of_both(host: FakeHost) -> None:
    assert _findings(host, "nvidia") == [
        "finding /usr/bin/nvidia-container-runtime is missing",
        "finding no driver of NVIDIA's runs",
    ]
    assert _findings(host, "") == []


def test_a_host_with_driver_and_runtime_has_no_finding(host: FakeHost) -> None:
    host.write("usr/bin/nvidia-container-runtime", "").chmod(0o755)
    host.write("proc/driver/nvidia/version", "NVRM version: 580")
    assert _findings(host, "nvidia") == []
