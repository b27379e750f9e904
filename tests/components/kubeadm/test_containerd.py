"""containerd's configuration says what differs between hosts, and mirrors stand before what they stand for."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from components.kubeadm.containerd import config_file, mirror_files
from components.settings import KubeadmClusterSettings, MirrorSettings
from tests.contract.servers import DOWNLOADS


def config(**settings: Any) -> dict[str, Any]:
    """The configuration's plugins, without what their names have in common."""
    given = {"version": "1.36.3", "downloads": DOWNLOADS, **settings}
    found = tomllib.loads(config_file(KubeadmClusterSettings.model_validate(given)))
    assert found["version"] == 3
    return {name.removeprefix("io.containerd.cri.v1."): plugin for name, plugin in found["plugins"].items()}


def hosts(registry: str, **mirror: Any) -> dict[str, Any]:
    """`hosts.toml` of a registry with one mirror."""
    files = mirror_files({registry: MirrorSettings.model_validate(mirror)})
    return tomllib.loads(files[f"/etc/infraplatform/containerd/certs.d/{registry}/hosts.toml"])


@pytest.mark.parametrize(("driver", "systemd"), [("systemd", True), ("cgroupfs", False)])
def test_containers_have_the_control_groups_that_the_kubelet_makes(driver: str, *, systemd: bool) -> None:
    runc = config(cgroup_driver=driver)["runtime"]["containerd"]["runtimes"]["runc"]
    assert runc["options"]["SystemdCgroup"] is systemd


def test_the_sandbox_is_the_one_that_kubeadm_expects() -> None:
    assert config()["images"]["pinned_images"] == {"sandbox": "registry.k8s.io/pause:3.10.2"}


def test_mirrors_are_looked_for_where_they_are_written() -> None:
    assert config()["images"]["registry"] == {"config_path": "/etc/infraplatform/containerd/certs.d"}


@pytest.mark.parametrize("restricted", [True, False])
def test_only_hosts_that_may_not_lower_a_score_are_told_so(*, restricted: bool) -> None:
    runtime = config(containerd={"restrict_oom_score_adj": restricted})["runtime"]
    assert runtime["restrict_oom_score_adj"] is restricted


def test_a_mirror_is_asked_first_and_then_the_registry_itself() -> None:
    found = hosts("docker.io", url="https://mirror.example")
    assert found["server"] == "https://registry-1.docker.io", "docker.io itself answers no pull"
    assert found["host"] == {"https://mirror.example": {"capabilities": ["pull", "resolve"]}}


def test_a_mirror_with_a_path_is_asked_below_it() -> None:
    found = hosts("registry.k8s.io", url="http://10.0.0.1:8099/v2/registry.k8s.io")
    assert found["server"] == "https://registry.k8s.io"
    assert found["host"]["http://10.0.0.1:8099/v2/registry.k8s.io"]["override_path"] is True


def test_where_only_the_mirror_may_be_asked_the_registry_is_not_named() -> None:
    url = "https://mirror.example/v2/ghcr.io"
    found = hosts("ghcr.io", url=url, only=True)
    assert found["server"] == url
    assert found["override_path"] is True
    assert list(found["host"]) == [url]
