"""`ssh` is run with what the settings say and nothing of the user's own; no key is left behind."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from components.kubeadm.ssh import Access, Answer, Target, access_of, shell, target_of

HOST = Target(name="w-1", address="192.0.2.1", port=22, user="debian", host_key="ssh-ed25519 AAAA")
BASTION = Target(name="bastion", address="192.0.2.9", port=2222, user="jump", host_key="ssh-rsa BBBB")


@pytest.fixture
def fake_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `ssh` that writes down its words, its input and the files that it is shown; its answer is in files."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "ssh"
    program.write_text(
        f"""#!/bin/sh
printf '%s\\n' "$@" >{tmp_path}/words
cat >{tmp_path}/input
for word in "$@"; do
  case $word in
    IdentityFile=*) cp -p "${{word#*=}}" {tmp_path}/key ;;
    UserKnownHostsFile=*) cp "${{word#*=}}" {tmp_path}/known ;;
  esac
done
[ ! -e {tmp_path}/slow ] || exec sleep 5
echo said; echo complained >&2
exit 7
""",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def words(folder: Path) -> list[str]:
    """What `ssh` was called with."""
    return (folder / "words").read_text(encoding="utf-8").splitlines()


def test_a_host_s_answer_is_its_status_its_output_and_its_complaints(fake_ssh: Path) -> None:
    with shell(Access(None, None)) as opened:
        assert opened.run(HOST, "infraplatform-node status", "input") == Answer(7, "said\n", "complained")
    assert (fake_ssh / "input").read_text(encoding="utf-8") == "input"
    assert words(fake_ssh)[-4:] == ["-p", "22", "debian@192.0.2.1", "infraplatform-node status"]


def test_nothing_but_the_settings_decides_how_a_host_is_reached(fake_ssh: Path) -> None:
    with shell(Access(None, None)) as opened:
        opened.run(HOST, "true")
    found = words(fake_ssh)
    assert found[:2] == ["-F", "/dev/null"], "no configuration of the user's"
    for option in ("BatchMode=yes", "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null"):
        assert option in found
    assert (fake_ssh / "known").read_text(encoding="utf-8") == "192.0.2.1 ssh-ed25519 AAAA\n"
    assert "HostKeyAlgorithms=ssh-ed25519" in found, "a host with several keys must not offer another"


def test_another_port_is_part_of_the_known_name(fake_ssh: Path) -> None:
    with shell(Access(None, None)) as opened:
        opened.run(BASTION, "true")
    assert (fake_ssh / "known").read_text(encoding="utf-8") == "[192.0.2.9]:2222 ssh-rsa BBBB\n"
    assert "HostKeyAlgorithms=rsa-sha2-512,rsa-sha2-256" in words(fake_ssh)


def test_the_private_key_is_in_a_file_of_the_user_s_alone_and_no_word(fake_ssh: Path) -> None:
    with shell(Access("the key", None)) as opened:
        opened.run(HOST, "true")
    assert (fake_ssh / "key").read_text(encoding="utf-8") == "the key\n"
    assert stat.S_IMODE((fake_ssh / "key").stat().st_mode) == 0o600
    assert not [word for word in words(fake_ssh) if "the key" in word]


def test_no_key_stays_behind(fake_ssh: Path) -> None:
    with shell(Access("the key", None)) as opened:
        opened.run(HOST, "true")
    (option,) = [word for word in words(fake_ssh) if word.startswith("IdentityFile=")]
    assert not Path(option.partition("=")[2]).exists()


def test_the_agent_is_asked_where_there_is_no_key(fake_ssh: Path) -> None:
    with shell(Access(None, None)) as opened:
        opened.run(HOST, "true")
    assert not [word for word in words(fake_ssh) if word.startswith(("IdentityFile", "IdentitiesOnly"))]


def test_a_bastion_is_reached_with_its_own_host_key_checked(fake_ssh: Path) -> None:
    with shell(Access("the key", BASTION)) as opened:
        opened.run(HOST, "true")
    (proxy,) = [word for word in words(fake_ssh) if word.startswith("ProxyCommand=")]
    assert "StrictHostKeyChecking=yes" in proxy
    assert "known-bastion" in proxy
    assert proxy.endswith("-p 2222 -W %h:%p jump@192.0.2.9")


def test_a_host_that_is_silent_for_too_long_is_unreachable(fake_ssh: Path) -> None:
    (fake_ssh / "slow").touch()
    with shell(Access(None, None)) as opened:
        answer = opened.run(HOST, "true", seconds=1)
    assert answer.unreachable
    assert answer.errors == "no answer within 1 seconds"


def test_standard_input_says_who_is_reached_and_how() -> None:
    given = {"name": "w-1", "address": "192.0.2.1", "port": 22, "user": "debian", "host_key": "ssh-ed25519 AAAA"}
    assert target_of({**given, "command": "true"}) == HOST
    assert access_of({"private_key": "k", "bastion": given}) == Access("k", HOST)
    assert access_of({"private_key": None, "bastion": None}) == Access(None, None)
