"""What runs containers is the cluster's choice: each runtime is told the same, in its own words."""

from __future__ import annotations

import base64
import json
import re
import tomllib
from typing import Any

import pytest
import yaml

from components.errors import UnsafeChangeError
from components.kubeadm.containerd import Login
from components.kubeadm.cri_o import registries_file
from components.kubeadm.kubeadm_config import init_file, join_file, kubelet_file
from components.kubeadm.node_files import Passwords, SiteFacts, password_files
from components.kubeadm.program import Block, sent
from components.kubeadm.registry import own_registry
from components.kubeadm.runtime import runtime_files, runtime_secrets
from components.kubeadm.upgrade import foundations_in, refuse_other_foundations
from components.settings import (
    KubeadmClusterSettings,
    MirrorSettings,
    RuntimeKind,
    SelfHostedRegistrySettings,
    ServersStorageSettings,
)
from components.terms import Architecture, Gpu, MachineRole
from tests.components.kubeadm.test_kubeadm_config import CONTROL_PLANE, WORKER, documents, facts
from tests.components.kubeadm.test_node_files import files
from tools.bundle.contents import images_of

KINDS = list(RuntimeKind)
SOCKETS = {
    RuntimeKind.CONTAINERD: "unix:///run/containerd/containerd.sock",
    RuntimeKind.CRI_O: "unix:///run/crio/crio.sock",
    RuntimeKind.DOCKER: "unix:///run/cri-dockerd.sock",
}
MIRRORS = {
    "docker.io": MirrorSettings(url="https://mirror.example"),
    "registry.k8s.io": MirrorSettings(url="https://mirror.example/v2/k8s"),
    "ghcr.io": MirrorSettings(url="http://10.0.0.1:5000/v2/ghcr.io", only=True),
}
BOB = Login("bob", "secret: with a colon")
AUTH = "/etc/infraplatform/secrets/registries/auth.json"


def of(kind: str, **more: Any) -> KubeadmClusterSettings:
    """The settings of a cluster with this runtime."""
    return KubeadmClusterSettings.model_validate({"version": "1.36.3", "runtime": {"kind": kind}, **more})


def public(kind: str, gpu: Gpu | None = None, **more: Any) -> dict[str, str]:
    """The public files of a runtime, with the mirrors above."""
    return runtime_files(of(kind, **more), MIRRORS, gpu, {})


def cri_o(gpu: Gpu | None = None, **more: Any) -> dict[str, Any]:
    """CRI-O's configuration."""
    return tomllib.loads(public("cri-o", gpu, **more)["cri-o/crio.conf"])["crio"]


def docker(**more: Any) -> dict[str, Any]:
    """Docker Engine's configuration."""
    found: dict[str, Any] = json.loads(public("docker", **more)["docker/daemon.json"])
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_kubeadm_and_the_kubelet_are_told_where_the_runtime_answers(kind: RuntimeKind) -> None:
    cluster = facts(runtime={"kind": kind})
    init = documents(init_file(cluster, CONTROL_PLANE))
    joins = documents(join_file(cluster, WORKER))["JoinConfiguration"]["nodeRegistration"]
    assert init["InitConfiguration"]["nodeRegistration"]["criSocket"] == joins["criSocket"] == SOCKETS[kind]
    assert init["KubeletConfiguration"]["containerRuntimeEndpoint"] == SOCKETS[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", ["1.34.11", "1.35.6", "1.36.3"])
def test_each_downloads_what_it_needs_and_no_other_s(kind: RuntimeKind, version: str) -> None:
    found = of(kind, version=version).downloads_for(Architecture.AMD64)
    assert all(found.values()), "every sum is known"
    own = {"containerd", "runc", "cri-o", "cri-dockerd"} & found.keys()
    assert (
        own
        == {
            RuntimeKind.CONTAINERD: {"containerd", "runc"},
            RuntimeKind.CRI_O: {"cri-o"},
            RuntimeKind.DOCKER: {"cri-dockerd"},
        }[kind]
    )


@pytest.mark.parametrize("version", ["1.34.11", "1.35.8", "1.36.0"])
def test_the_minor_of_cri_o_is_kubernetes_own(version: str) -> None:
    download = of("cri-o", version=version).downloads_for(Architecture.ARM64)["cri-o"]
    assert download is not None
    assert f"cri-o.arm64.v{version.rpartition('.')[0]}." in download.url


def test_a_sum_of_cri_o_that_is_not_known_is_not_made_up() -> None:
    assert of("cri-o", version="1.37.2").downloads_for(Architecture.AMD64)["cri-o"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_node_has_the_files_of_its_runtime_and_of_no_other(kind: RuntimeKind) -> None:
    folders = {name.partition("/")[0] for name in files(WORKER, runtime={"kind": kind})}
    assert folders & {"containerd", "cri-o", "docker"} == {kind.value}


@pytest.mark.parametrize("kind", KINDS)
def test_the_sandbox_is_the_one_that_kubeadm_expects_and_a_bundle_finds_it(kind: RuntimeKind) -> None:
    assert images_of(public(kind)) == {"registry.k8s.io/pause:3.10.2"}


@pytest.mark.parametrize(("driver", "monitors"), [("systemd", "system.slice"), ("cgroupfs", "pod")])
def test_control_groups_are_the_kubelets(driver: str, monitors: str) -> None:
    runtime = cri_o(cgroup_driver=driver)["runtime"]
    assert (runtime["cgroup_manager"], runtime["conmon_cgroup"]) == (driver, monitors)
    assert docker(cgroup_driver=driver)["exec-opts"] == [f"native.cgroupdriver={driver}"]


def test_cri_o_runs_its_own_programs_and_where_there_are_gpus_nvidias() -> None:
    runtime = cri_o()["runtime"]
    assert runtime["default_runtime"] == "crun"
    assert {name: each["runtime_path"] for name, each in runtime["runtimes"].items()} == {
        "crun": "/usr/libexec/crio/crun"
    }
    with_gpus = cri_o(Gpu.NVIDIA)["runtime"]
    assert with_gpus["default_runtime"] == "crun"
    assert with_gpus["runtimes"]["nvidia"]["runtime_path"] == "/usr/bin/nvidia-container-runtime"
    assert with_gpus["runtimes"]["nvidia"]["monitor_path"] == runtime["runtimes"]["crun"]["monitor_path"]


def test_cri_o_asks_a_mirror_first_or_alone() -> None:
    found = tomllib.loads(public("cri-o")["cri-o/registries.conf"])
    by_name = {each["prefix"]: each for each in found["registry"]}
    assert by_name["docker.io"]["location"] == "docker.io"
    assert by_name["docker.io"]["mirror"] == [{"location": "mirror.example"}]
    assert by_name["registry.k8s.io"]["mirror"] == [{"location": "mirror.example/k8s"}]
    assert by_name["ghcr.io"] == {"prefix": "ghcr.io", "location": "10.0.0.1:5000/ghcr.io", "insecure": True}


def test_a_short_name_is_docker_hubs_with_cri_o_as_with_the_others() -> None:
    for text in (public("cri-o")["cri-o/registries.conf"], registries_file({})):
        assert tomllib.loads(text)["unqualified-search-registries"] == ["docker.io"]


def test_dockers_containers_outlive_it_and_it_keeps_off_packets() -> None:
    found = docker()
    assert found["live-restore"] is True
    assert (found["iptables"], found["ip6tables"], found["bridge"]) == (False, False, "none")
    assert found["registry-mirrors"] == ["https://mirror.example"]
    assert "registry-mirrors" not in json.loads(runtime_files(of("docker"), {}, None, {})["docker/daemon.json"])


def kubelet(kind: str, **more: Any) -> dict[str, Any]:
    """The configuration of a cluster's kubelets."""
    return documents(kubelet_file(facts(runtime={"kind": kind}, **more)))["KubeletConfiguration"]


@pytest.mark.parametrize(("version", "gates"), [("1.36.3", {"ExtendWebSocketsToKubelet": False}), ("1.35.4", None)])
def test_kubelets_reach_commands_by_cri_dockerd_as_they_did_before_they_tried_tls(version: str, gates: Any) -> None:
    assert kubelet("docker", version=version).get("featureGates") == gates
    assert "featureGates" not in kubelet("cri-o", version=version)
    assert kubelet("docker", kubelet={"featureGates": {"Other": True}})["featureGates"]["Other"] is True


def test_dockers_logs_have_an_end_as_the_kubelet_cannot_rotate_them() -> None:
    assert docker()["log-driver"] == "json-file"
    assert docker()["log-opts"] == {"max-size": "10m", "max-file": "5"}


def auths(kind: str, logins: dict[str, Login]) -> dict[str, Any]:
    """The users of registries as a runtime is told."""
    (text,) = runtime_secrets(of(kind), MIRRORS, logins, {}).values()
    found: dict[str, Any] = json.loads(text)["auths"]
    return found


@pytest.mark.parametrize(("kind", "hub"), [("cri-o", "docker.io"), ("docker", "https://index.docker.io/v1/")])
def test_users_of_registries_are_in_one_secret_file(kind: str, hub: str) -> None:
    found = auths(kind, {"docker.io": BOB, "mirror.example": BOB})
    assert set(found) == {hub, "mirror.example"}
    assert base64.b64decode(found[hub]["auth"]).decode() == "bob:secret: with a colon"
    assert "secret" not in "".join(public(kind).values())


@pytest.mark.parametrize("kind", KINDS)
def test_where_nobody_logs_in_there_is_no_secret(kind: str) -> None:
    assert runtime_secrets(of(kind), MIRRORS, {}, {}) == {}


@pytest.mark.parametrize("kind", ["cri-o", "docker"])
def test_the_own_registrys_user_is_among_them_and_roots_alone(kind: str) -> None:
    registry = own_registry(SelfHostedRegistrySettings(), "lab")
    site = SiteFacts(
        cluster=facts(runtime={"kind": kind}),
        control_planes={},
        mirrors={},
        volumes=ServersStorageSettings(),
        registry=registry,
    )
    (block,) = password_files(site, MachineRole.WORKER, Passwords(logins={registry.host: BOB}))
    assert (block.path, block.mode) == (AUTH, "0600")
    assert set(json.loads(block.text)["auths"]) == {"registry.lab.internal:30500"}


def variables(**settings: Any) -> dict[str, str]:
    """What `node.env` says of the runtime."""
    text = files(WORKER, **settings)["node.env"]
    return dict(re.findall(r"^(CONTAINER_RUNTIME|IMAGE_ARCHIVES)='(.*)'$", text, re.MULTILINE))


def test_the_node_program_is_told_of_another_runtime_than_containerd() -> None:
    assert variables() == {}
    assert variables(runtime={"kind": "docker"}) == {"CONTAINER_RUNTIME": "docker"}


def test_where_archives_go_into_cri_os_store_hosts_are_asked_for_what_puts_them_there() -> None:
    assert variables(runtime={"kind": "cri-o"}) == {"CONTAINER_RUNTIME": "cri-o", "IMAGE_ARCHIVES": "1"}
    assert variables(runtime={"kind": "cri-o"}, image_archives={}) == {"CONTAINER_RUNTIME": "cri-o"}


def told(**settings: Any) -> dict[str, Any]:
    """What a node's program is told of what cannot change."""
    given = [Block(f"/etc/infraplatform/{name}", text) for name, text in files(WORKER, **settings).items()]
    return foundations_in({"stdin": sent(given)})


@pytest.mark.parametrize(("old", "new"), [("containerd", "cri-o"), ("cri-o", "docker"), ("docker", "containerd")])
def test_another_runtime_is_refused_for_a_node_that_stands(old: str, new: str) -> None:
    refuse_other_foundations("worker-1", told(runtime={"kind": old}), told(runtime={"kind": old}))
    with pytest.raises(UnsafeChangeError, match=r"worker-1: cluster\.runtime\.kind would change"):
        refuse_other_foundations("worker-1", told(runtime={"kind": old}), told(runtime={"kind": new}))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_sent_can_be_read_by_yaml_where_it_is_yaml(kind: str) -> None:
    for name, text in files(WORKER, runtime={"kind": kind}).items():
        if name.endswith(".yaml"):
            assert list(yaml.safe_load_all(text)), name
