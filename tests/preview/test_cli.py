"""The command has the flags, output and exit codes of `pulumi preview`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from preview.cli import main

Project = Callable[..., Path]
CREATES = "from things import Thing\nThing('thing', token=__import__('pulumi').Output.secret('hunter2'))\n"


def test_a_preview_prints_the_tree_and_exits_with_0(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cwd", str(project(CREATES))]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Previewing update (dev):\n")
    assert "+ 2 to create" in out
    assert "\x1b" not in out, "colours are for terminals"


def test_json_is_the_only_thing_on_standard_output(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-j", "-C", str(project("print('noise')\n" + CREATES))]) == 0
    printed = capsys.readouterr()
    written = json.loads(printed.out)
    assert written["changeSummary"] == {"create": 2}
    assert {step["op"] for step in written["steps"]} == {"create"}
    assert "hunter2" not in printed.out + printed.err


def test_changes_where_none_are_expected_exit_with_7(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(CREATES)
    assert main(["-C", str(root), "--expect-no-changes"]) == 7
    assert "no changes were expected but changes were proposed" in capsys.readouterr().err
    main(["-C", str(root), "--json"])
    earlier = tmp_path / "plan.json"
    earlier.write_text(capsys.readouterr().out)
    assert main(["-C", str(root), "--expect-no-changes", "--against", str(earlier)]) == 0
    assert "2 unchanged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "arguments", "code", "message"),
    [
        ("raise ValueError('boom')", [], 1, "ValueError: boom"),
        ("x = = 1", [], 1, "SyntaxError"),
        ("while True: pass", ["--timeout-seconds", "1"], 1, "did not end within 1 seconds"),
        ("", ["--stack", "prod"], 6, "no stack named 'prod'"),
        ("", ["--against", "missing.json"], 1, "no such file"),
        ("", ["--config-file", "missing.yaml"], 1, "no such file"),
    ],
)
def test_failures_have_the_exit_codes_of_the_cli_and_plan_nothing(
    project: Project, capsys: pytest.CaptureFixture[str], source: str, arguments: list[str], code: int, message: str
) -> None:
    assert main(["-C", str(project(source)), *arguments]) == code
    printed = capsys.readouterr()
    assert message in printed.out + printed.err
    assert "nothing planned" in printed.out + printed.err


@pytest.mark.parametrize("arguments", [["--nope"], ["--timeout-seconds", "0"], ["--color", "pink"], ["--js"]])
def test_a_wrong_flag_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_a_resource_that_the_checks_refuse_fails_the_preview(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    source = "import pulumi_command as c\nc.local.Command('run', create=12, environment={'A': {}})\n"
    for monitor in ("child", "parent"):
        assert main(["-C", str(project(source)), "--monitor", monitor]) == 1
        out = capsys.readouterr().out
        assert "command:local:Command (run):" in out
        assert "error: __main__.py:2: create: 12 is a number" in out


def test_colours_can_be_asked_for(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    main(["-C", str(project(CREATES)), "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out
