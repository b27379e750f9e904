"""What a host is told before CRI-O or Docker Engine runs on it, when another minor of CRI-O comes, and its restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.kubeadm.program import Block
from tests.components.kubeadm.fake_host import FakeHost
from tests.components.kubeadm.test_node_program_runtimes import archived, configure, stand_ins
from tests.components.kubeadm.test_node_program_upgrade import NEW, member


def findings(host: FakeHost, **variables: str) -> list[str]:
    """What preflight finds about the runtime."""
    given = "".join(f"{name}='{value}'\n" for name, value in variables.items())
    return [line.removeprefix("finding ") for line in host.call(f"{given}of_runtime findings").said.splitlines()]


@pytest.mark.parametrize("kind", ["cri-o", "docker"])
def test_a_host_that_has_all_is_told_nothing(kind: str, tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    stand_ins(host)
    configure(host, kind)
    assert findings(host, IMAGE_ARCHIVES="1", PREINSTALLED="cri-o") == []


def test_a_host_without_docker_engine_or_with_an_old_one_is_told(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    configure(host, "docker")
    (said,) = findings(host)
    assert said.startswith("Docker Engine is missing (dockerd docker); install it")
    stand_ins(host)
    host.stand_in("dockerd", "echo 'Docker version 19.03.15, build abc'")
    assert findings(host) == ["its Docker Engine is 19.03.15; install 20.10 or newer"]


def test_a_host_of_cri_o_is_told_what_imports_archives_and_which_minor_goes_with_kubernetes(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    configure(host, "cri-o")
    assert findings(host) == []
    (said,) = findings(host, IMAGE_ARCHIVES="1")
    assert said.startswith("skopeo is missing, which puts cluster.image_archives into CRI-O's store; install it")
    host.stand_in("crio", "echo 'crio version 1.35.6'")
    (said,) = findings(host, PREINSTALLED="cri-o")
    assert said == "its CRI-O is 1.35.6; install 1.36, which goes with Kubernetes 1.36.3"


def test_another_minor_of_cri_o_waits_until_the_node_is_empty(tmp_path: Path) -> None:
    host = member(tmp_path)
    stand_ins(host)
    download = archived(host, "cri-o", "cri-o/bin/crio")
    configure(host, "cri-o", download, Block("/etc/infraplatform/kubelet.yaml", "maxPods: 110"))
    assert host.call("cri_o_downloads").said == "", "its first start would end all pods"
    assert host.call("container_runtime; [[ ! -e $ROOT/usr/libexec/crio/crio ]]").status == 0
    ran = host.run("upgrade")
    assert ran.status == 0, ran.said
    calls = host.calls("systemctl")
    assert calls.index("restart crio") < calls.index("restart kubelet")
    assert (host.root / "usr/libexec/crio/crio").exists()
    assert host.read("var/lib/infraplatform/member") == f"{NEW}\n"


def test_a_patch_of_cri_o_comes_with_the_program(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    configure(host, "cri-o")
    host.write("var/lib/infraplatform/member", "1.36.2\n")
    assert host.call("cri_o_downloads").said == "cri-o\n"


@pytest.mark.parametrize("packaged", [True, False])
def test_a_restart_of_cri_o_ends_no_monitors_of_containers(tmp_path: Path, *, packaged: bool) -> None:
    host = FakeHost(tmp_path)
    stand_ins(host)
    if packaged:
        host.write("usr/lib/systemd/system/crio.service", "the package's")
    configure(host, "cri-o")
    assert host.run("install").status == 0
    drop_in = host.read("etc/systemd/system/crio.service.d/infraplatform-pods.conf")
    assert drop_in == "[Service]\nKillMode=process\n"
