"""Snapshots of etcd are copied away from their host: signed to a bucket, or onto a share that is mounted meanwhile."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from components.kubeadm.backup import backup_secrets, backup_variables
from components.kubeadm.containerd import Login
from components.kubeadm.program import Block, blocks
from components.settings import EtcdBackupSettings
from tests.components.kubeadm.fake_host import CALLS, FakeHost
from tests.components.kubeadm.s3_server import KEY, KEY_ID, REGION, Bucket, s3_server

DATA = b"etcd\0data\n"
SNAPSHOT = DATA + hashlib.sha256(DATA).digest()
FILE = "var/backups/infraplatform-etcd/20261129T000000Z.snapshot"
NAME = "lab/c1/20261129T000000Z.snapshot"
NFS: dict[str, Any] = {"target": "nfs", "nfs": {"server": "nas.example", "share": "/srv/backups"}, "keep": 2}


def s3(endpoint: str, **more: str) -> dict[str, Any]:
    """`etcd_backup` with copies in a bucket."""
    return {"target": "s3", "s3": {"endpoint": endpoint, "bucket": "etcd-backups", "region": REGION, **more}}


def control_plane(root: Path, key: str = KEY, **backup: Any) -> FakeHost:
    """A host with a snapshot, told where copies go, and with a bucket's keys."""
    settings = EtcdBackupSettings.model_validate(backup)
    host = FakeHost(root, NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="10.0.0.1")
    host.configure(**backup_variables(settings))
    host.stand_in("curl", 'exec /usr/bin/curl --noproxy "*" "$@"\n')
    sent: list[Block] = backup_secrets(settings, Login(KEY_ID, key))
    host.call("receive_secrets install_blocks", given=blocks(sent))
    host.write(FILE, "")
    (host.root / FILE).write_bytes(SNAPSHOT)
    return host


def send(host: FakeHost) -> Any:
    """Copy the snapshot away."""
    return host.call(f'send_snapshot "$ROOT/{FILE}"')


def test_a_copy_is_signed_by_curl_and_the_bucket_takes_it(tmp_path: Path) -> None:
    with s3_server() as bucket:
        host = control_plane(tmp_path, **s3(bucket.endpoint, prefix="sites/one"))
        ran = send(host)
        assert ran.status == 0, ran.said
        assert bucket.objects == {f"/etcd-backups/sites/one/{NAME}": SNAPSHOT}


def test_a_copy_comes_back_as_it_was(tmp_path: Path) -> None:
    with s3_server() as bucket:
        host = control_plane(tmp_path, **s3(bucket.endpoint))
        send(host)
        ran = host.call(f'fetch_snapshot {NAME} "$ROOT/back"')
        assert ran.status == 0, ran.said
        assert (host.root / "back").read_bytes() == SNAPSHOT
        assert (host.root / "back").stat().st_mode & 0o777 == 0o600


def test_keys_are_in_no_command_line_no_environment_and_no_output(tmp_path: Path) -> None:
    with s3_server() as bucket:
        host = control_plane(tmp_path, **s3(bucket.endpoint))
        ran = send(host)
    assert KEY_ID not in ran.said + host.read(CALLS)
    assert 'a "secret" key' not in ran.said + host.read(CALLS)
    assert (host.root / "etc/infraplatform/secrets/backup/s3.curl").stat().st_mode & 0o777 == 0o600


def _wrong_key(bucket: Bucket, root: Path) -> FakeHost:
    return control_plane(root, key="another", **s3(bucket.endpoint))


def _wrong_region(bucket: Bucket, root: Path) -> FakeHost:
    return control_plane(root, **s3(bucket.endpoint, region="us-east-1"))


@pytest.mark.parametrize("made", [_wrong_key, _wrong_region])
def test_a_bucket_that_refuses_is_said_and_the_snapshot_stays(made: Any, tmp_path: Path) -> None:
    with s3_server() as bucket:
        host = made(bucket, tmp_path)
        ran = send(host)
        assert ran.status == 1
        assert "does not take it (see above); check bucket, region and keys" in ran.said
        assert bucket.objects == {}
    assert (host.root / FILE).exists()


def test_a_share_is_mounted_while_a_copy_is_made_and_the_oldest_go(tmp_path: Path) -> None:
    host = control_plane(tmp_path, **NFS)
    host.stand_in("mount", "")
    host.stand_in("umount", "")
    folder = "run/infraplatform/backup/lab/c1"
    for day in (1, 2):
        host.write(f"{folder}/2026010{day}T000000Z.snapshot", "")
    ran = send(host)
    assert ran.status == 0, ran.said
    assert (host.root / f"run/infraplatform/backup/{NAME}").read_bytes() == SNAPSHOT
    assert sorted(path.name[:8] for path in (host.root / folder).iterdir()) == ["20260102", "20261129"]
    (mounted,) = host.calls("mount")
    assert mounted.startswith(
        "-t nfs -o nfsvers=4.2,soft,timeo=150,retrans=3,nosuid,nodev,noexec nas.example:/srv/backups "
    )
    assert len(host.calls("umount")) == 1


def test_a_share_that_cannot_be_mounted_is_said(tmp_path: Path) -> None:
    host = control_plane(tmp_path, **NFS)
    host.stand_in("mount", "echo 'mount.nfs: access denied' >&2; exit 32")
    ran = send(host)
    assert ran.status == 1
    assert "nas.example:/srv/backups does not take it" in ran.said


def test_a_full_share_is_unmounted_all_the_same(tmp_path: Path) -> None:
    host = control_plane(tmp_path, **NFS)
    host.stand_in("mount", "")
    host.stand_in("umount", "")
    host.stand_in("cp", "exit 1")
    assert send(host).status == 1
    assert len(host.calls("umount")) == 1


def test_without_a_target_nothing_leaves_the_host(tmp_path: Path) -> None:
    host = control_plane(tmp_path)
    assert send(host).said == ""
    assert "the settings name no target of backups" in host.call("fetch_snapshot x/y/z.snapshot out").said


@pytest.mark.parametrize(
    ("version", "backup", "found"),
    [
        ("7.81.0", s3("https://s3.example"), True),
        ("7.88.1", s3("https://s3.example"), False),
        ("8.14.1", s3("https://s3.example"), False),
        ("7.81.0", {}, False),
    ],
)
def test_a_curl_that_cannot_sign_is_found_before_anything_changes(
    version: str, backup: dict[str, Any], *, found: bool, tmp_path: Path
) -> None:
    host = control_plane(tmp_path, **backup)
    host.stand_in("curl", f"echo 'curl {version} (x86_64-pc-linux-gnu)'")
    assert (f"its curl is {version}, which cannot sign for S3" in host.call("verb_preflight").said) is found


def test_a_host_without_nfs_is_found_before_anything_changes(tmp_path: Path) -> None:
    assert "nfs-common, or nfs-utils (for mount.nfs)" in control_plane(tmp_path, **NFS).call("verb_preflight").said
