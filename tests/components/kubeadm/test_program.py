"""The texts that go to hosts are taken apart there as they were put together here."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from components.kubeadm.program import (
    END_OF_PROGRAM,
    PROGRAM,
    Block,
    blocks,
    digest,
    environment,
    node_program,
    node_source,
    probe_command,
    send_command,
    sent,
    verb_command,
)

FILES = [Block("/etc/infraplatform/node.env", "A='1'\n"), Block("/etc/infraplatform/secrets/x", "two\nlines", "0600")]


def test_a_block_is_a_line_of_path_and_mode_and_then_the_text() -> None:
    assert blocks(FILES) == (
        "--- /etc/infraplatform/node.env 0644\nA='1'\n--- /etc/infraplatform/secrets/x 0600\ntwo\nlines\n"
    )


def test_the_program_begins_with_one_interpreter_line_and_ends_with_its_main() -> None:
    program = node_program()
    assert program.startswith("#!/bin/bash\n")
    assert program.count("#!/bin/bash") == 1
    assert program.endswith('main "$@"\n')


def test_hosts_get_what_runs_and_no_comments() -> None:
    comments = [line for line in node_program().splitlines()[1:] if line.lstrip().startswith("#")]
    assert comments == ["# InfraPlatform, components/kubeadm/node: there each part says why."]
    assert len(node_program()) < len(node_source())


def test_no_line_of_the_program_looks_like_a_block() -> None:
    assert not [line for line in node_program().splitlines() if line.startswith("--- /")]


def test_the_program_is_bash() -> None:
    subprocess.run(["bash", "-n"], input=node_program(), text=True, check=True)


@pytest.mark.parametrize("value", ["plain", "it's", '$HOME `id` "x"', "", "two\nlines"])
def test_a_shell_reads_a_variable_as_it_was_written(value: str) -> None:
    text = environment({"VALUE": value})
    shown = subprocess.run(["bash", "-c", f'{text}printf %s "$VALUE"'], capture_output=True, text=True, check=True)
    assert shown.stdout == value


def test_another_file_makes_another_digest_and_the_same_files_the_same() -> None:
    assert digest(FILES) == digest(list(FILES))
    assert digest(FILES) != digest(FILES[:1])


def test_what_is_sent_is_the_program_and_then_the_blocks() -> None:
    program, end, rest = sent(FILES).partition(f"{END_OF_PROGRAM}\n")
    assert program == node_program()
    assert end
    assert rest == blocks(FILES)


def test_the_sending_command_writes_the_program_and_hands_it_the_blocks(tmp_path: Path) -> None:
    # The command is run as it is, but for where it puts the program; that one shows its verb and what it reads.
    installed = tmp_path / "infraplatform-node"
    words = shlex.split(send_command("root"))
    assert words[:2] == ["sh", "-c"]
    script = words[2].replace(PROGRAM, str(installed))
    program = '#!/bin/bash\necho "verb $1"; cat\n'
    given = f"{program}{END_OF_PROGRAM}\n{blocks(FILES)}"
    shown = subprocess.run(["sh", "-c", script], input=given, capture_output=True, text=True, check=True)
    assert installed.read_text(encoding="utf-8") == f"{program}{END_OF_PROGRAM}\n"
    assert shown.stdout == f"verb receive\n{given}verb install\n"
    assert list(tmp_path.iterdir()) == [installed]


def test_a_program_that_fails_to_receive_is_not_asked_to_install(tmp_path: Path) -> None:
    script = shlex.split(send_command("root"))[2].replace(PROGRAM, str(tmp_path / "node"))
    given = f'#!/bin/bash\necho "verb $1"; exit 1\n{END_OF_PROGRAM}\n'
    shown = subprocess.run(["sh", "-c", script], input=given, capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stdout) == (1, "verb receive\n")


def test_another_user_than_root_becomes_root_without_a_password() -> None:
    for as_root, as_other in (
        (send_command("root"), send_command("debian")),
        (probe_command("root"), probe_command("debian")),
        (verb_command("root", "reset"), verb_command("debian", "reset")),
    ):
        assert as_other == f"sudo -n {as_root}"
