"""What the node program does with etcd: members, a lost majority, snapshots."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from tests.components.kubeadm.fake_host import FakeHost, Ran

MEMBERS = "10.0.0.1:2379/v3/cluster/member/list"
SNAPSHOTS = "var/backups/infraplatform-etcd"
WHOLE = (b"etcd data", hashlib.sha256(b"etcd data").digest())


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def _etcd(host: FakeHost, *alive: str) -> None:
    members = [
        {"ID": "101", "name": "c1", "peerURLs": ["https://10.0.0.1:2380"], "clientURLs": ["https://10.0.0.1:2379"]},
        {"ID": "102", "name": "c2", "peerURLs": ["https://10.0.0.2:2380"], "clientURLs": ["https://10.0.0.2:2379"]},
        {"ID": "103", "name": "c3", "peerURLs": ["https://10.0.0.3:2380"], "clientURLs": ["https://10.0.0.3:2379"]},
        {"ID": "104", "peerURLs": ["https://10.0.0.4:2380"], "isLearner": True},
    ]
    header = {"cluster_id": "1", "member_id": "101", "raft_term": "2"}
    host.answers(MEMBERS, json.dumps({"header": header, "members": members}, separators=(",", ":")))
    for address in alive:
        host.answers(f"{address}:2379/health", '{"health":"true","reason":""}')


def _snapshot(host: FakeHost, data: bytes, digest: bytes) -> None:
    host.configure(NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="10.0.0.1", BACKUP_KEEP="2")
    host.write("var/lib/infraplatform/member", "1.36.3\n")
    whole = data + digest
    pieces = [whole[:7], whole[7:]]
    lines = [
        json.dumps({"result": {"blob": base64.b64encode(each).decode()}}, separators=(",", ":")) for each in pieces
    ]
    host.answers("10.0.0.1:2379/v3/maintenance/snapshot", "\n".join(lines))


def test_etcd_members_are_read_with_those_that_never_started(host: FakeHost) -> None:
    _etcd(host)
    assert host.call("etcd_members 10.0.0.1").said.splitlines() == [
        "101 c1 10.0.0.1 voter",
        "102 c2 10.0.0.2 voter",
        "103 c3 10.0.0.3 voter",
        "104 - 10.0.0.4 learner",
    ]


def test_a_member_stays_where_the_rest_would_be_no_majority(host: FakeHost) -> None:
    _etcd(host, "10.0.0.1")
    ran = host.call("etcd_remove 10.0.0.1 c3 10.0.0.3")
    assert ran.status == 1
    assert "without c3 etcd has 2 members of which 1 live, no majority" in ran.said
    assert not [call for call in host.calls("curl") if "member/remove" in call]


def _without_a_majority(host: FakeHost, *alive: str) -> Ran:
    host.configure(NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="10.0.0.1")
    host.write("etc/kubernetes/manifests/etcd.yaml", "")
    _etcd(host)
    for address in alive:
        host.answers(f"{address}:2379/health?serializable=true", '{"health":"true","reason":""}')
    return host.call("load_node; refuse_lost_quorum; echo goes on")


def test_a_lost_majority_is_said_with_those_that_are_dead(host: FakeHost) -> None:
    ran = _without_a_majority(host, "10.0.0.1")
    assert ran.status == 1
    assert "etcd has 3 members of which 1 live, no majority; start one of c2 c3, or restore a snapshot" in ran.said


def test_two_of_three_members_are_a_majority(host: FakeHost) -> None:
    assert _without_a_majority(host, "10.0.0.1", "10.0.0.3").said == "goes on\n"


def test_a_removal_that_etcd_does_not_show_is_no_success(host: FakeHost) -> None:
    _etcd(host, "10.0.0.1", "10.0.0.2")
    _snapshot(host, *WHOLE)
    ran = host.call("etcd_remove 10.0.0.1 c3 10.0.0.3")
    assert ran.status == 1
    assert [call for call in host.calls("curl") if "member/remove" in call and '{"ID":"103"}' in call]
    assert "etcd still has the member of c3; run this again" in ran.said


def test_a_member_that_never_started_is_found_by_its_address(host: FakeHost) -> None:
    _etcd(host, "10.0.0.1", "10.0.0.2", "10.0.0.3")
    _snapshot(host, *WHOLE)
    host.call("etcd_remove 10.0.0.1 c4 10.0.0.4")
    assert [call for call in host.calls("curl") if "member/remove" in call and '{"ID":"104"}' in call]


def test_a_snapshot_is_put_together_checked_and_readable_by_root_alone(host: FakeHost) -> None:
    _snapshot(host, b"etcd\0data\n", hashlib.sha256(b"etcd\0data\n").digest())
    ran = host.run("backup")
    assert ran.status == 0, ran.said
    (saved,) = (host.root / SNAPSHOTS).glob("*.snapshot")
    assert saved.read_bytes()[:-32] == b"etcd\0data\n"
    assert saved.stat().st_mode & 0o777 == 0o600


def test_a_snapshot_that_is_not_whole_is_not_kept(host: FakeHost) -> None:
    _snapshot(host, b"etcd data", b"\0" * 32)
    ran = host.run("backup")
    assert ran.status == 1
    assert "the snapshot of etcd at 10.0.0.1 is not whole" in ran.said
    assert not list((host.root / SNAPSHOTS).iterdir())


def test_old_snapshots_go(host: FakeHost) -> None:
    _snapshot(host, *WHOLE)
    for day in (1, 2, 3):
        host.write(f"{SNAPSHOTS}/2026010{day}T000000Z.snapshot", "")
    assert host.run("backup").status == 0
    assert min(path.name[:8] for path in (host.root / SNAPSHOTS).iterdir()) == "20260103"
    assert len(list((host.root / SNAPSHOTS).iterdir())) == 2


def test_etcd_is_saved_before_a_member_is_taken_out(host: FakeHost) -> None:
    _etcd(host, "10.0.0.1", "10.0.0.2")
    _snapshot(host, *WHOLE)
    host.call("etcd_remove 10.0.0.1 c3 10.0.0.3")
    asked = [word for call in host.calls("curl") for word in ("maintenance/snapshot", "member/remove") if word in call]
    assert asked == ["maintenance/snapshot", "member/remove"]
    assert len(list((host.root / SNAPSHOTS).glob("*.snapshot"))) == 1


def test_no_member_is_taken_out_where_etcd_cannot_be_saved(host: FakeHost) -> None:
    _etcd(host, "10.0.0.1", "10.0.0.2")
    _snapshot(host, b"etcd data", b"\0" * 32)
    ran = host.call("etcd_remove 10.0.0.1 c3 10.0.0.3")
    assert ran.status == 1
    assert "the snapshot of etcd at 10.0.0.1 is not whole" in ran.said
    assert not [call for call in host.calls("curl") if "member/remove" in call]


def test_a_target_of_copies_that_is_gone_keeps_no_dead_member_in(host: FakeHost) -> None:
    _etcd(host, "10.0.0.1", "10.0.0.2")
    _snapshot(host, *WHOLE)
    host.stand_in("mount", "exit 32")
    host.configure(BACKUP_TARGET="nfs", BACKUP_NFS="nas.example:/backups", BACKUP_NFS_OPTIONS="vers=4.2")
    ran = host.call("etcd_remove 10.0.0.1 c3 10.0.0.3")
    assert "is saved, but nas.example:/backups does not take it" in ran.said
    assert "c3 leaves without that copy" in ran.said
    assert [call for call in host.calls("curl") if "member/remove" in call]
