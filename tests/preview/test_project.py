"""Project and stack files are read as the CLI reads them, and their mistakes are named."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from preview.config_schema import shown_config
from preview.documents import read_mapping
from preview.errors import PreviewError, StackNotFound
from preview.project import load
from preview.wire import UNKNOWN_TEXT


def write(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        (directory / f"{name.replace('_', '.')}.yaml").write_text(textwrap.dedent(text))
    return directory


def test_config_is_text_under_full_keys_and_objects_are_json(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        Pulumi="name: demo\nruntime: {name: python, options: {virtualenv: .venv}}",
        Pulumi_dev="""
        config:
          size: 3
          demo:flag: true
          demo:version: 1.30
          demo:text: "007"
          aws:region: us-east-1
          demo:object: {list: [1, two], empty: {b: null, a: 1}}
        """,
    )
    assert load(root).config == {
        "demo:size": "3",
        "demo:flag": "true",
        "demo:version": "1.3",
        "demo:text": "007",
        "aws:region": "us-east-1",
        "demo:object": '{"empty":{"a":1,"b":null},"list":[1,"two"]}',  # the CLI's own JSON has its keys sorted
    }


def test_secure_values_become_unknown_secrets_at_any_depth(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        Pulumi="name: demo\nruntime: python",
        Pulumi_dev="config: {demo:token: {secure: v1:x}, demo:deep: {a: [{secure: v1:y}], b: 1}}",
    )
    project = load(root)
    assert project.secret_keys == ("demo:deep", "demo:token")
    assert project.config["demo:token"] == UNKNOWN_TEXT
    assert project.config["demo:deep"] == f'{{"a":["{UNKNOWN_TEXT}"],"b":1}}'
    assert shown_config(project.config, project.secret_keys) == {
        "demo:deep": '{"a":["[secret]"],"b":1}',
        "demo:token": "[secret]",
    }
    assert shown_config({"demo:declared": "hunter2"}, ["demo:declared"]) == {"demo:declared": "[secret]"}


def test_yaml_means_what_it_means_to_pulumi(tmp_path: Path) -> None:
    (tmp_path / "file.yaml").write_text("a: on\nb: 10:20\nc: 2026-01-01\nd: ~\ne: 0x10\nf: 1e3\n")
    assert read_mapping(tmp_path / "file.yaml") == {
        "a": "on",
        "b": "10:20",
        "c": "2026-01-01",
        "d": None,
        "e": 16,
        "f": 1000.0,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", r"2:1: is not YAML: the key 'a' is written twice"),
        ("a: [1\n", r"is not YAML: while parsing a flow sequence"),
        ("- a\n", r"holds a list; write `key: value` lines"),
        ("a: !!python/object/apply:os.getcwd []\n", r"could not determine a constructor"),
    ],
)
def test_a_broken_file_is_named_with_its_position(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "file.yaml").write_text(text)
    with pytest.raises(PreviewError, match=message):
        read_mapping(tmp_path / "file.yaml")


def test_the_schema_of_the_project_gives_defaults_and_names_every_mistake(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        Pulumi="""
        name: demo
        runtime: python
        config:
          size: {type: integer, default: 3}
          given: {type: integer}
          flag: {type: boolean}
          missing: {type: string, description: who pays}
          short: hello
          token: {type: string, secret: true}
          aws:region: {value: us-east-1}
        """,
        Pulumi_dev="config: {demo:given: three, demo:flag: 1, demo:token: hunter2}",
    )
    with pytest.raises(PreviewError) as caught:
        load(root)
    assert str(caught.value).splitlines() == [
        "demo:given: is 'three'; write a value of type integer",
        "demo:flag: is '1'; write a value of type boolean",
        "demo:missing: is missing; write it into Pulumi.dev.yaml under config (string: who pays)",
    ]
    write(root, Pulumi_dev="config: {demo:given: 4, demo:flag: false, demo:missing: me, demo:token: hunter2}")
    project = load(root)
    assert (project.config["demo:size"], project.config["demo:short"], project.config["aws:region"]) == (
        "3",
        "hello",
        "us-east-1",
    )
    assert project.secret_keys == ("demo:token",)


@pytest.mark.parametrize(
    ("stacks", "asked", "chosen"),
    [
        (["prod"], None, "prod"),
        (["dev", "prod"], None, "dev"),
        (["dev", "prod"], "prod", "prod"),
        (["dev", "prod"], "organization/demo/prod", "prod"),
        ([], None, "dev"),
        ([], "anything", "anything"),
    ],
)
def test_the_stack_is_the_named_one_or_the_only_one_or_dev(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stacks: list[str], asked: str | None, chosen: str
) -> None:
    monkeypatch.setenv("PULUMI_STACK", "from-the-environment")
    root = write(tmp_path, Pulumi="name: demo\nruntime: python", **{f"Pulumi_{stack}": "" for stack in stacks})
    assert load(root, asked).stack == chosen


def test_a_stack_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    root = write(tmp_path, Pulumi="name: demo\nruntime: python", Pulumi_one="", Pulumi_two="")
    with pytest.raises(StackNotFound, match=r"no stack named 'dev': .* has one, two; name one with --stack"):
        load(root)


def test_a_config_file_names_its_stack_and_is_read_from_anywhere(tmp_path: Path) -> None:
    root = write(tmp_path, Pulumi="name: demo\nruntime: python", Pulumi_dev="")
    other = tmp_path / "examples" / "Pulumi.big.yaml"
    other.parent.mkdir()
    other.write_text("config: {demo:size: 9}")
    project = load(root, config_file=other)
    assert (project.stack, project.config) == ("big", {"demo:size": "9"})


def test_a_directory_below_the_project_will_do_and_one_outside_is_refused(tmp_path: Path) -> None:
    write(tmp_path, Pulumi="name: demo\nruntime: python")
    below = tmp_path / "components" / "aws"
    below.mkdir(parents=True)
    assert load(below).root == tmp_path
    (tmp_path / "Pulumi.yaml").unlink()
    with pytest.raises(PreviewError, match=r"no Pulumi\.yaml here or above"):
        load(below)


def test_what_is_not_read_offline_is_said(tmp_path: Path) -> None:
    root = write(tmp_path, Pulumi="name: demo\nruntime: python", Pulumi_dev="environment: [demo/dev]")
    assert "environment: is kept by Pulumi ESC and not read here" in load(root).notes[0]


def test_a_program_of_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match="runtime: is 'nodejs'; this preview runs `runtime: python` programs"):
        load(write(tmp_path, Pulumi="name: demo\nruntime: nodejs"))
