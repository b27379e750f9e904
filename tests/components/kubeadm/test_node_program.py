"""The node program does what is missing on a host, says what is wrong with it, and keeps secrets to their files."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from components.kubeadm.program import END_OF_PROGRAM, Block, blocks, node_program, node_source
from tests.components.kubeadm.fake_host import CALLS, FakeHost

NODE_FOLDER = Path(__file__).parents[3] / "components/kubeadm/node"
SECRET = "c2VjcmV0LW9mLXRoZS1jbHVzdGVy"
PKI = [Block(f"/etc/kubernetes/pki/{name}", SECRET, "0600") for name in ("ca.crt", "ca.key", "sa.key")]
DISCOVERY = Block("/etc/infraplatform/secrets/discovery.conf", SECRET, "0600")


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def _shellcheck() -> str | None:
    return shutil.which("shellcheck", path=str(Path(sys.executable).parent)) or shutil.which("shellcheck")


def test_shellcheck_has_nothing_to_say_of_the_program(tmp_path: Path) -> None:
    program = _shellcheck()
    if program is None:
        pytest.skip("shellcheck is not installed here")
    text = tmp_path / "infraplatform-node"
    text.write_text(node_source(), encoding="utf-8")
    found = subprocess.run([program, str(text)], capture_output=True, text=True, check=False)
    assert found.stdout == ""


@pytest.mark.parametrize("path", sorted(NODE_FOLDER.glob("*.sh")), ids=lambda path: path.name)
def test_each_file_of_the_program_has_one_subject(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 250
    assert text.endswith("\n")


def test_an_unknown_verb_shows_what_there_is(host: FakeHost) -> None:
    ran = host.run("upgrad")
    assert ran.status == 2
    assert "usage: infraplatform-node VERB" in ran.said


def test_receive_writes_each_block_with_its_mode(host: FakeHost) -> None:
    host.configure(Block("/etc/infraplatform/manifests/10-a.yaml", "a: 1\n---\nb: '\\n $HOME `x`'", "0640"))
    written = host.root / "etc/infraplatform/manifests/10-a.yaml"
    assert written.read_text(encoding="utf-8") == "a: 1\n---\nb: '\\n $HOME `x`'\n"
    assert written.stat().st_mode & 0o777 == 0o640


def test_receive_skips_the_program_that_comes_before_the_first_block(host: FakeHost) -> None:
    sent = f"{node_program()}{END_OF_PROGRAM}\n" + blocks([Block("/etc/infraplatform/node.env", "NODE_NAME='b'")])
    assert host.run("receive", given=sent).status == 0
    assert host.read("etc/infraplatform/node.env") == "NODE_NAME='b'\n"


def test_receive_of_the_same_again_changes_nothing(host: FakeHost) -> None:
    assert host.configure().said == "infraplatform-node: host: receive: nothing to change\n".replace(
        "host", _hostname(host)
    )


def _hostname(host: FakeHost) -> str:
    return host.call('printf "%s" "$HOSTNAME"').said


def test_receive_removes_what_is_no_longer_sent_but_no_secret(host: FakeHost) -> None:
    host.configure(Block("/etc/infraplatform/manifests/10-a.yaml", "a: 1"))
    host.write("etc/infraplatform/secrets/discovery.conf", SECRET)
    host.configure()
    assert not (host.root / "etc/infraplatform/manifests/10-a.yaml").exists()
    assert host.read("etc/infraplatform/secrets/discovery.conf") == SECRET


@pytest.mark.parametrize("path", ["/etc/passwd", "/etc/infraplatform/../passwd", "/etc/kubernetes/pki/ca.key"])
def test_receive_writes_nowhere_else(host: FakeHost, path: str) -> None:
    ran = host.run("receive", given=blocks([Block(path, "x")]))
    assert ran.status == 1
    assert f"{path} may not be sent" in ran.said


def test_a_configuration_without_node_env_is_refused_and_nothing_of_it_written(host: FakeHost) -> None:
    ran = host.run("receive", given=blocks([Block("/etc/infraplatform/labels", "a=b")]))
    assert ran.status == 1
    assert "no block is node.env" in ran.said
    assert host.read("etc/infraplatform/labels") == "\n"


def test_a_missing_variable_is_named(host: FakeHost) -> None:
    host.configure(CLUSTER_NAME="")
    assert "node.env has no CLUSTER_NAME; write it there" in host.run("install").said


def _downloads(host: FakeHost, text: str, sum_of: str | None = None) -> Block:
    source = host.write("mirror/kubectl", text)
    digest = hashlib.sha256((sum_of or text).encode()).hexdigest()
    return Block("/etc/infraplatform/downloads", f"kubectl {digest} file://{source}")


def test_a_download_is_installed_once(host: FakeHost) -> None:
    host.configure(_downloads(host, "#!/bin/bash\n"))
    assert "installed /usr/local/bin/kubectl" in host.run("install").said
    (host.root / "mirror/kubectl").unlink()
    again = host.run("install")
    assert again.status == 0
    assert again.said.endswith("install: nothing to change\n")


def test_a_wrong_checksum_never_reaches_its_place(host: FakeHost) -> None:
    host.configure(_downloads(host, "evil", sum_of="good"))
    before = host.read("usr/local/bin/kubectl")
    ran = host.run("install")
    assert ran.status == 1
    assert f"mirror/kubectl has sha256 {hashlib.sha256(b'evil').hexdigest()}, the settings say" in ran.said
    assert host.read("usr/local/bin/kubectl") == before
    assert not list((host.root / "usr/local/bin").glob(".new*"))


def test_a_mirror_that_lacks_a_file_is_named(host: FakeHost) -> None:
    given = _downloads(host, "x")
    (host.root / "mirror/kubectl").unlink()
    host.configure(given)
    assert "mirror/kubectl cannot be fetched; check the mirror" in host.run("install").said


def test_a_full_disk_is_said_before_it_is_full(host: FakeHost) -> None:
    host.configure(_downloads(host, "x"))
    host.stand_in("df", "printf 'Avail\\n1024\\n'")
    assert "/usr/local/bin has 1 MiB free, 200 are needed; make room there" in host.run("install").said


def test_a_worker_joins_and_a_second_run_changes_nothing(host: FakeHost) -> None:
    host.answers("10.0.0.1:6443/livez", "ok")
    assert host.run("member", given=blocks([DISCOVERY])).status == 0
    assert [call.split()[0] for call in host.calls("kubeadm")] == ["join"]
    assert '"mtu": 1450' in host.read("etc/cni/net.d/10-infraplatform.conflist")
    assert '"subnet": "10.244.1.0/24"' in host.read("etc/cni/net.d/10-infraplatform.conflist")
    again = host.run("member", given=blocks([DISCOVERY]))
    assert again.status == 0
    assert again.said.endswith("a1: member: nothing to change\n")
    assert len(host.calls("kubeadm")) == 1


def test_the_lowest_control_plane_founds_the_cluster_where_none_answers(host: FakeHost) -> None:
    host.configure(NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="127.0.0.1", CONTROL_PLANES="c1=127.0.0.1")
    host.answers("127.0.0.1:6443/livez", "ok")
    host.answers("127.0.0.1:6443/readyz", "ok")
    ran = host.run("member", given=blocks([*PKI, DISCOVERY]))
    assert ran.status == 0, ran.said
    assert [" ".join(call.split()[:3]) for call in host.calls("kubeadm")] == [
        "init --config " + str(host.root / "etc/infraplatform/init.yaml"),
        "init phase upload-config",
        "init phase mark-control-plane",
        "init phase bootstrap-token",
        "init phase kubelet-finalize",
        "init phase addon",
    ]
    assert any("delete secrets" in call and "bootstrap.kubernetes.io/token" in call for call in host.calls("kubectl"))


def test_a_control_plane_joins_where_another_answers(host: FakeHost) -> None:
    host.configure(NODE_NAME="c1", NODE_ROLE="control-plane")
    host.answers("10.0.0.2:6443/livez", "ok")
    assert host.call("founds_cluster").status == 1


def test_no_second_cluster_is_founded_beside_one_whose_api_is_down(host: FakeHost) -> None:
    host.configure(NODE_NAME="c1", NODE_ROLE="control-plane")
    ran = host.call("port_answers() { [[ $2 == 10250 ]]; }; founds_cluster")
    assert ran.status == 1
    assert "the API of c2 does not answer, but its kubelet does: a cluster exists" in ran.said


def test_secrets_are_in_their_files_and_nowhere_else(host: FakeHost) -> None:
    host.configure(NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="127.0.0.1", CONTROL_PLANES="c1=127.0.0.1")
    host.answers("127.0.0.1:6443/livez", "ok")
    host.answers("127.0.0.1:6443/readyz", "ok")
    ran = host.run("member", given=blocks([*PKI, DISCOVERY]))
    assert ran.status == 0
    assert SECRET not in ran.said
    holders = {path for path in host.root.rglob("*") if path.is_file() and SECRET in path.read_text(encoding="utf-8")}
    assert {path.relative_to(host.root).as_posix() for path in holders} == {block.path[1:] for block in PKI}
    assert all(path.stat().st_mode & 0o077 == 0 for path in holders)
    assert "kubeadm" in host.read(CALLS)


def test_a_join_that_failed_half_way_is_taken_back_and_done_again(host: FakeHost) -> None:
    host.answers("10.0.0.1:6443/livez", "ok")
    host.write("kubeadm-fails", "")
    failed = host.run("member", given=blocks([DISCOVERY]))
    assert failed.status == 1
    assert "run `pulumi up` again" in failed.said
    host.write("etc/kubernetes/kubelet.conf", "half")
    (host.root / "kubeadm-fails").unlink()
    ran = host.run("member", given=blocks([DISCOVERY]))
    assert ran.status == 0, ran.said
    assert [call.split()[0] for call in host.calls("kubeadm")] == ["join", "reset", "join"]


def test_a_token_of_kubeadm_is_in_no_log(host: FakeHost) -> None:
    host.answers("10.0.0.1:6443/livez", "ok")
    host.write("kubeadm-fails", "")
    ran = host.run("member", given=blocks([DISCOVERY]))
    assert "the token is <token>" in ran.said
    assert "abcdef.0123456789abcdef" not in ran.said + host.read("var/lib/infraplatform/kubeadm.log")


def test_a_node_of_another_cluster_is_left_alone(host: FakeHost) -> None:
    host.write("etc/kubernetes/kubelet.conf", "theirs")
    ran = host.run("member", given=blocks([DISCOVERY]))
    assert ran.status == 1
    assert "is a node of another cluster (/etc/kubernetes/kubelet.conf)" in ran.said
    assert host.calls("kubeadm") == []


def test_a_member_takes_no_other_ca(host: FakeHost) -> None:
    host.write("var/lib/infraplatform/member", "1.36.3\n")
    host.write("etc/kubernetes/pki/ca.crt", "the cluster's\n")
    ran = host.run("member", given=blocks(PKI))
    assert ran.status == 1
    assert "its cluster has another CA than the one sent" in ran.said
    assert not (host.root / "etc/kubernetes/pki/ca.key").exists()
