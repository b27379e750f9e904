"""containerd's configuration says what differs between hosts, and mirrors stand before what they stand for."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from components.kubeadm.containerd import Login, config_file, public_hosts, secret_hosts
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
    files = public_hosts({registry: MirrorSettings.model_validate(mirror)}, {})
    return tomllib.loads(files[f"/etc/infraplatform/containerd/certs.d/{registry}/hosts.toml"])


@pytest.mark.parametrize(("driver", "systemd"), [("systemd", True), ("cgroupfs", False)])
def test_containers_have_the_control_groups_that_the_kubelet_makes(driver: str, *, systemd: bool) -> None:
    runc = config(cgroup_driver=driver)["runtime"]["containerd"]["runtimes"]["runc"]
    assert runc["options"]["SystemdCgroup"] is systemd


def test_the_sandbox_is_the_one_that_kubeadm_expects() -> None:
    assert config()["images"]["pinned_images"] == {"sandbox": "registry.k8s.io/pause:3.10.2"}


def test_registries_are_looked_for_where_the_node_program_puts_them() -> None:
    assert config()["images"]["registry"] == {"config_path": "/etc/containerd/certs.d"}


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


BOB = Login("bob", "secret: with a colon")
HEADER = "Basic Ym9iOnNlY3JldDogd2l0aCBhIGNvbG9u"


def secret(registry: str, *, trusted: str | None = None, logins: tuple[str, ...] = (), **mirror: Any) -> dict[str, Any]:
    """The secret `hosts.toml` of a registry, which bob may use at these hosts."""
    mirrors = {registry: MirrorSettings.model_validate(mirror)} if mirror else {}
    files = secret_hosts(mirrors, dict.fromkeys(logins, BOB), {registry: trusted} if trusted else {})
    return tomllib.loads(files[f"/etc/infraplatform/secrets/certs.d/{registry}/hosts.toml"])


def test_a_password_is_sent_to_the_registry_that_it_is_for() -> None:
    assert secret("registry.example.com:5000", logins=("registry.example.com:5000",)) == {
        "server": "https://registry.example.com:5000",
        "header": {"Authorization": HEADER},
    }


def test_docker_hub_is_asked_where_it_answers() -> None:
    assert secret("docker.io", logins=("docker.io",))["server"] == "https://registry-1.docker.io"


def test_a_registry_of_the_cluster_is_trusted_by_the_clusters_ca() -> None:
    found = secret("registry.internal:30500", trusted="/etc/kubernetes/pki/ca.crt", logins=("registry.internal:30500",))
    assert found["ca"] == "/etc/kubernetes/pki/ca.crt"


def test_a_mirror_and_its_registry_are_each_told_their_own_password() -> None:
    url = "https://mirror.example/v2/ghcr.io"
    found = secret("ghcr.io", logins=("mirror.example",), url=url)
    assert "header" not in found
    assert found["host"][url]["header"] == {"Authorization": HEADER}
    found = secret("ghcr.io", logins=("ghcr.io",), url=url)
    assert found["header"] == {"Authorization": HEADER}
    assert "header" not in found["host"][url]


def test_a_mirror_that_stands_alone_gets_its_password_in_both_places() -> None:
    url = "https://mirror.example/v2/ghcr.io"
    found = secret("ghcr.io", logins=("mirror.example",), url=url, only=True)
    assert found["header"] == found["host"][url]["header"] == {"Authorization": HEADER}


def test_what_has_no_password_is_public_and_only_that() -> None:
    mirrors = {name: MirrorSettings(url="https://mirror.example") for name in ("docker.io", "ghcr.io")}
    assert set(secret_hosts(mirrors, {"ghcr.io": BOB}, {})) == {"/etc/infraplatform/secrets/certs.d/ghcr.io/hosts.toml"}
    assert "secret" not in "".join(public_hosts(mirrors, {}).values())
    assert "password" not in repr(BOB)
