"""The node program with CRI-O and with Docker Engine: what is installed, started, imported, trusted, left behind."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from components.kubeadm.program import Block, blocks
from tests.components.kubeadm.fake_host import FakeHost

REGISTRY = "registry.lab.internal:30500"
AUTH = Block("/etc/infraplatform/secrets/registries/auth.json", '{"auths": {"a": {}}}', "0600")
FILES = {
    "cri-o": {"cri-o/crio.conf": "[crio.runtime]", "cri-o/registries.conf": "unqualified-search-registries = []"},
    "docker": {"docker/daemon.json": "{}", "docker/cri-dockerd.conf": "CRI_DOCKERD_OPTIONS=--pod-infra=x"},
}
UNITS = {"cri-o": ["crio"], "docker": ["docker", "cri-dockerd"]}
CONFIGURATION = {"cri-o": "etc/crio/crio.conf.d/20-infraplatform.conf", "docker": "etc/docker/daemon.json"}
TRUSTED = {"cri-o": "etc/containers/certs.d", "docker": "etc/docker/certs.d"}
_STORE = """
store=$INFRAPLATFORM_ROOT/images
case "$*" in
*inspect*) grep -qx "${!#}" "$store" 2>/dev/null ;;
*copy*) echo "${!#}" >>"$store" ;;
*load*) echo web/app:1 >>"$store" ;;
esac
"""


def stand_ins(host: FakeHost) -> None:
    """The programs of both runtimes."""
    host.stand_in("crio", "echo 'crio version 1.36.3'; echo '   GoVersion: go1.26.8'")
    host.stand_in("skopeo", _STORE)
    host.stand_in("docker", _STORE)
    host.stand_in("dockerd", "echo 'Docker version 28.5.2, build abc'")
    host.stand_in("cri-dockerd", "echo 'cri-dockerd 0.3.24 (HEAD)'")


def configure(host: FakeHost, kind: str, *more: Block, **variables: str) -> None:
    """Receive the configuration of a runtime."""
    given = [Block(f"/etc/infraplatform/{name}", text) for name, text in FILES[kind].items()]
    host.configure(*given, *more, CONTAINER_RUNTIME=kind, **variables)


@pytest.fixture(params=["cri-o", "docker"])
def kind(request: pytest.FixtureRequest) -> str:
    """A runtime beside containerd."""
    return str(request.param)


@pytest.fixture
def host(tmp_path: Path, kind: str) -> FakeHost:
    made = FakeHost(tmp_path)
    stand_ins(made)
    configure(made, kind)
    return made


def archived(host: FakeHost, name: str, *programs: str) -> Block:
    """A download of an archive of programs, from a folder on the host."""
    path = host.root / "srv" / f"{name}.tar.gz"
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for program in programs:
            entry = tarfile.TarInfo(program)
            entry.size, entry.mode = 9, 0o755
            archive.addfile(entry, io.BytesIO(b"#!/bin/sh"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Block("/etc/infraplatform/downloads", f"{name} {digest} file://{path}")


def test_a_host_runs_its_own_runtime_and_a_second_install_changes_nothing(host: FakeHost, kind: str) -> None:
    assert host.run("install").status == 0
    first = next(iter(FILES[kind].values()))
    assert host.read(CONFIGURATION[kind]) == f"{first}\n"
    started = [call.removeprefix("restart ") for call in host.calls("systemctl") if call.startswith("restart ")]
    assert started == UNITS[kind]
    after = " ".join(f"{unit}.service" for unit in UNITS[kind])
    assert f"After=network-online.target {after}\n" in host.read("etc/systemd/system/kubelet.service")
    assert not (host.root / "etc/containerd/config.toml").exists()
    assert host.run("install").said.endswith("install: nothing to change\n")


def test_another_configuration_is_read_by_a_restart(host: FakeHost, kind: str) -> None:
    host.run("install")
    before = len(host.calls("systemctl"))
    changed = {name: f"{text} # other" for name, text in FILES[kind].items()}
    host.configure(*(Block(f"/etc/infraplatform/{name}", text) for name, text in changed.items()))
    host.run("install")
    assert {f"restart {unit}" for unit in UNITS[kind]} <= set(host.calls("systemctl")[before:])


def test_a_runtime_that_does_not_start_is_said_with_its_log(host: FakeHost, kind: str) -> None:
    host.stand_in("systemctl", "[[ $1 != restart && $1 != is-active ]]")
    ran = host.run("install")
    assert ran.status == 1
    assert f"{UNITS[kind][0]} does not start; read `journalctl -u {UNITS[kind][0]}` on this host" in ran.said


def test_the_runtime_has_the_proxies(host: FakeHost, kind: str) -> None:
    configure(host, kind, HTTPS_PROXY="http://proxy.example:3128")
    host.run("install")
    drop_in = f"etc/systemd/system/{UNITS[kind][0]}.service.d/infraplatform-proxy.conf"
    assert 'Environment="HTTPS_PROXY=http://proxy.example:3128"' in host.read(drop_in)


def test_programs_of_cri_os_archive_are_where_its_configuration_looks_for_them(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    names = ("crio", "pinns", "conmon", "crun", "crictl")
    download = archived(host, "cri-o", *(f"cri-o/bin/{name}" for name in names), "cri-o/contrib/policy.json")
    configure(host, "cri-o", download)
    assert host.run("install").status == 0
    assert {path.name for path in (host.root / "usr/libexec/crio").iterdir()} == set(names)
    for name in ("crio", "pinns", "crun", "crictl"):
        assert (host.root / "usr/local/bin" / name).readlink() == Path(f"/usr/libexec/crio/{name}")
    assert host.run("install").said.endswith("install: nothing to change\n")


def test_a_new_archive_restarts_what_came_of_it(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    stand_ins(host)
    configure(host, "docker", archived(host, "cri-dockerd", "cri-dockerd/cri-dockerd"))
    host.run("install")
    before = len(host.calls("systemctl"))
    configure(host, "docker", archived(host, "cri-dockerd", "cri-dockerd/cri-dockerd", "cri-dockerd/more"))
    host.run("install")
    assert "restart cri-dockerd" in host.calls("systemctl")[before:]
    assert not (host.root / "usr/local/bin/more").exists()


def test_a_package_keeps_its_own_unit(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    host.write("usr/lib/systemd/system/crio.service", "the package's")
    host.write("usr/libexec/crio/crio", "#!/bin/sh\n").chmod(0o755)
    configure(host, "cri-o")
    assert host.run("install").status == 0
    assert not (host.root / "etc/systemd/system/crio.service").exists()


@pytest.mark.parametrize("dropped", [True, False])
def test_what_docker_dropped_as_its_package_started_it_is_forwarded_again(tmp_path: Path, *, dropped: bool) -> None:
    host = FakeHost(tmp_path)
    stand_ins(host)
    host.stand_in("iptables", "" if dropped else "[[ $* != *DOCKER-USER* ]]")
    configure(host, "docker")
    host.run("install")
    host.run("install")
    assert host.calls("iptables").count("-P FORWARD ACCEPT") == (1 if dropped else 0)


def test_an_archive_of_an_image_is_imported_once_and_again_when_it_is_gone(host: FakeHost, kind: str) -> None:
    archive = host.write("srv/app.tar", "an image")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    configure(host, kind, Block("/etc/infraplatform/images", f"web/app:1 {digest} file://{archive}"))
    assert "imported the image web/app:1" in host.run("install").said
    assert host.run("install").said.endswith("install: nothing to change\n")
    (host.root / "images").unlink()
    assert "imported the image web/app:1" in host.run("install").said


def test_an_archive_that_holds_another_image_is_said(host: FakeHost, kind: str) -> None:
    archive = host.write("srv/app.tar", "an image")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    host.stand_in("skopeo", "[[ $* != *inspect* ]]")
    host.stand_in("docker", "[[ $* != *inspect* ]]")
    configure(host, kind, Block("/etc/infraplatform/images", f"web/other:1 {digest} file://{archive}"))
    assert "does not hold the image web/other:1; put the right archive on the mirror" in host.run("install").said


def trusted(host: FakeHost, kind: str, registry: str) -> Path:
    """Where a registry's CA is looked for."""
    return host.root / TRUSTED[kind] / registry / "ca.crt"


def test_the_own_registry_is_trusted_by_the_clusters_ca_until_it_has_another_name(host: FakeHost, kind: str) -> None:
    configure(host, kind, REGISTRY=REGISTRY)
    assert f"has {REGISTRY} trusted" in host.call("registry_hosts").said
    assert trusted(host, kind, REGISTRY).readlink() == Path("/etc/kubernetes/pki/ca.crt")
    assert host.call("registry_hosts").said == ""
    configure(host, kind, REGISTRY="images.example.com:30500")
    assert f"forgot the registry {REGISTRY}" in host.call("registry_hosts").said
    assert not trusted(host, kind, REGISTRY).is_symlink()
    assert trusted(host, kind, "images.example.com:30500").is_symlink()


_PASSWORDS = {"cri-o": "etc/crio/auth.json", "docker": "var/lib/kubelet/config.json"}


def test_passwords_are_roots_alone_where_they_are_read_and_no_runtime_is_restarted(host: FakeHost, kind: str) -> None:
    host.run("install")
    before = len(host.calls("systemctl"))
    host.call("receive_secrets install_blocks", given=blocks([AUTH]))
    host.call("registry_hosts")
    assert host.read(_PASSWORDS[kind]) == f"{AUTH.text}\n"
    assert (host.root / _PASSWORDS[kind]).stat().st_mode & 0o777 == 0o600
    assert host.calls("systemctl")[before:] == (["try-restart kubelet"] if kind == "docker" else [])
    assert host.call("registry_hosts").said == ""


def test_passwords_that_are_sent_no_more_are_gone_and_none_outlives_a_reset(host: FakeHost, kind: str) -> None:
    path = host.root / _PASSWORDS[kind]
    for leave in ("receive_secrets install_blocks; registry_hosts", "verb_reset"):
        host.call("receive_secrets install_blocks", given=blocks([AUTH]))
        host.call("registry_hosts")
        assert "auths" in path.read_text(encoding="utf-8")
        assert host.call(leave).status == 0
        assert not path.exists() or path.read_text(encoding="utf-8") == "{}\n"


def test_mirrors_of_cri_o_are_read_by_a_reload_that_leaves_pods_alone(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    stand_ins(host)
    configure(host, "cri-o")
    host.run("install")
    before = len(host.calls("systemctl"))
    more = Block("/etc/infraplatform/cri-o/registries.conf", "[[registry]]")
    host.configure(Block("/etc/infraplatform/cri-o/crio.conf", FILES["cri-o"]["cri-o/crio.conf"]), more)
    host.run("install")
    calls = host.calls("systemctl")[before:]
    assert "reload crio" in calls
    assert "restart crio" not in calls


def test_status_names_the_runtime_and_looks_at_its_services(host: FakeHost, kind: str) -> None:
    host.write("active", "")
    host.stand_in("kubelet", "echo 'Kubernetes v1.36.3'")
    said = host.call("status_of_versions; status_of_services").said
    assert {"cri-o": "container runtime: cri-o 1.36.3", "docker": "docker 28.5.2 by cri-dockerd 0.3.24"}[kind] in said
    for unit in UNITS[kind]:
        assert f"{unit}: " in said


def test_kubeadm_resets_by_the_runtime_that_has_the_containers(host: FakeHost, kind: str) -> None:
    host.write("var/lib/infraplatform/member", "1.36.3\n")
    host.run("reset")
    socket = {"cri-o": "unix:///run/crio/crio.sock", "docker": "unix:///run/cri-dockerd.sock"}[kind]
    assert f"reset --force --cleanup-tmp-dir --cri-socket {socket}" in host.calls("kubeadm")
