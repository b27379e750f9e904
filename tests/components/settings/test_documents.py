"""The documentation and the JSON schema are current, whole and true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.settings import load
from components.settings.__main__ import main
from components.settings.base import environment_defaults
from components.settings.describe import descriptions
from components.settings.document import EXAMPLE, ROOT, documents, settings_page
from components.settings.json_schema import models_of, stack_file_schema
from components.settings.stack import StackSettings
from components.settings.values import RETENTION_DAYS
from preview import project
from tests.components.settings.configurations import Changes, mistakes, texts
from tests.components.settings.json_schema_check import Checker

STACK_FILES = [*sorted(ROOT.glob("Pulumi.*.yaml")), *sorted(ROOT.glob("examples/Pulumi.*.yaml"))]
SCHEMA = stack_file_schema()


def faults(file: Any) -> list[str]:
    """Where and why a stack file does not fit the schema."""
    return list(Checker(SCHEMA).faults(file, SCHEMA))


@pytest.mark.parametrize("name", documents())
def test_a_generated_document_is_current(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == documents()[name], "run `make generate`"


def test_the_command_names_what_is_not_current_and_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    assert main(["--check"], tmp_path) == 1
    assert "docs/settings.md: is not current" in capsys.readouterr().out
    assert not list((tmp_path / "docs").iterdir())
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    assert (tmp_path / "docs/settings.md").read_text("utf-8") == settings_page()


def test_the_page_begins_with_a_whole_example_that_loads() -> None:
    block = re.search(r"```yaml\n(.*?)```", settings_page(), re.DOTALL)
    assert block is not None
    assert block[1] == (ROOT / EXAMPLE).read_text("utf-8")
    assert load(project.load(ROOT, config_file=ROOT / EXAMPLE).config).environment == "prod"


def test_every_key_has_a_row_with_type_default_meaning_and_example() -> None:
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in settings_page().splitlines()
        if line.startswith("| `")
    ]
    rows = [row for row in rows if len(row) == 6]
    assert len(rows) == sum(len(model.model_fields) for model in models_of(StackSettings))
    for key, type_, default, _limits, meaning, example in rows:
        assert all((type_, default, meaning, example)), key


def test_every_field_has_a_docstring_that_is_a_sentence() -> None:
    for model in models_of(StackSettings):
        assert descriptions(model).keys() == model.model_fields.keys(), model
        assert all(text.endswith(".") for text in descriptions(model).values()), model


def test_what_differs_by_environment_is_one_table() -> None:
    table = settings_page().partition("## What differs by environment")[2].partition("## The parts")[0]
    fields = [
        name
        for model in models_of(StackSettings)
        for name, field in model.model_fields.items()
        if environment_defaults(field)
    ]
    assert table.count("\n| `") == len(fields)
    assert "| `network.egress` of kind `aws` | `single-nat` | `single-nat` | `nat-per-zone` |" in table


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_every_stack_file_fits_the_schema_and_names_it_for_editors(path: Path) -> None:
    text = path.read_text("utf-8")
    up = "../" * (len(path.relative_to(ROOT).parts) - 1)
    assert text.startswith(f"# yaml-language-server: $schema={up}docs/settings.schema.json\n")
    assert faults(yaml.safe_load(text)) == []


PLACE = {"region": "us-east-1", "zones": ["a"]}
WRONG: list[tuple[str, Any, str]] = [
    ("infraplatform:netwrk", {}, "config.infraplatform:netwrk"),
    ("infraplatform:provider", {**PLACE, "kind": "aws", "account": 123456789012}, "provider.account"),
    ("infraplatform:provider", {**PLACE, "kind": "aws", "account": "1"}, "provider.account"),
    ("infraplatform:provider", {**PLACE, "kind": "aws"}, "provider.account"),
    ("infraplatform:provider", {**PLACE, "account": "123456789012"}, "provider.kind"),
    ("infraplatform:cluster", {"kind": "gke"}, "cluster.kind"),
    ("infraplatform:network", {"pod_cidr": "10.0.0.0/16"}, "network.pod_cidr"),
    ("infraplatform:registry", {"kind": "artifact-registry"}, "registry.kind"),
    ("infraplatform:node_groups", {"Foo_Bar": {}}, "Foo_Bar"),
    ("infraplatform:node_groups", {"x": {"machine_types": ["a"], "min_nodes": 1, "max_nodes": 2, "y": 1}}, "x.y"),
    ("infraplatform:node_groups", {"x": {"machine_types": [], "min_nodes": 1, "max_nodes": 2}}, "x.machine_types"),
    ("infraplatform:node_groups", {"x": {"machine_types": ["a"], "min_nodes": -1, "max_nodes": 2}}, "x.min_nodes"),
    ("infraplatform:environment", "production", "infraplatform:environment"),
    ("infraplatform:tags", {"ü": "x"}, "tags.ü"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "place"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_an_editor_marks_a_wrong_value(key: str, value: Any, place: str) -> None:
    file = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text("utf-8"))
    file["config"][key] = value
    assert any(place in fault for fault in faults(file))


def test_the_schema_leaves_other_namespaces_and_pulumi_s_own_keys_alone() -> None:
    file = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text("utf-8"))
    file |= {"encryptionsalt": "v1:x", "secretsprovider": "passphrase"}
    file["config"]["aws:region"] = "us-east-1"
    assert faults(file) == []


def test_the_schema_knows_every_choice_that_a_validator_takes() -> None:
    days = SCHEMA["definitions"]["AwsNetworkSettings"]["properties"]["flow_log_retention_days"]["enum"]
    assert tuple(days) == RETENTION_DAYS
    changes: Changes = {("network", "flow_log_retention_days"): 2}
    assert load(texts({("network", "flow_log_retention_days"): 3}))
    assert mistakes(changes)
