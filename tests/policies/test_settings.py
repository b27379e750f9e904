"""The policies' configuration: every mistake is named with its key, and what to write instead."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
import yaml

from components.errors import ConfigurationError
from components.settings import load
from policies.rule import Environment
from policies.settings import ENVIRONMENT_KEY, KEY, Level, PolicyConfigError, policy_settings
from preview import project
from tests.support import ROOT

URN = "urn:pulumi:dev::shop::aws:eks/cluster:Cluster::dev"
EXCEPTION: dict[str, Any] = {"rule": "aws-version", "urn": URN, "reason": "moves in spring", "until": "2027-03-31"}


def test_everything_may_be_left_out() -> None:
    settings, environment = policy_settings({})
    assert (settings.rules, settings.frameworks, settings.exceptions, settings.as_of) == ({}, (), (), None)
    assert environment is Environment.DEV


def test_what_is_written_is_read() -> None:
    written = {"rules": {"aws-key-rotation": "remediate"}, "frameworks": ["cis"], "exceptions": [EXCEPTION]}
    settings, environment = policy_settings({KEY: json.dumps(written), ENVIRONMENT_KEY: "prod"})
    assert settings.rules == {"aws-key-rotation": Level.REMEDIATE}
    assert settings.exceptions[0].until == dt.date(2027, 3, 31)
    assert environment is Environment.PROD


def test_the_example_on_the_policies_page_is_right() -> None:
    page = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(config:.*?)```", page, re.DOTALL)
    written = yaml.safe_load(example)["config"]
    settings, environment = policy_settings({KEY: json.dumps(written[KEY]), ENVIRONMENT_KEY: written[ENVIRONMENT_KEY]})
    assert environment is Environment.PROD
    assert settings.exceptions[0].until > (settings.as_of or dt.date.max)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"rules": {"aws-versoin": "advisory"}}, "rules.aws-versoin: 'aws-versoin' is not a rule; write aws-version"),
        ({"rules": {"aws-version": "remediate"}}, "rules: aws-version has no fix; write mandatory"),
        ({"frameworks": ["ismsp"]}, "frameworks[0]: 'ismsp' is not a framework; write isms-p"),
        ({"frameworks": ["nist"]}, "frameworks[0]: 'nist' is not a framework; the frameworks are cis"),
        ({"exceptions": [{**EXCEPTION, "rule": "all"}]}, "exceptions[0].rule: 'all' is not a rule"),
        ({"exceptions": [{**EXCEPTION, "urn": "dev"}]}, "exceptions[0].urn: 'dev' is not a URN; write urn:pulumi:"),
        ({"exceptions": [{**EXCEPTION, "reason": ""}]}, "exceptions[0].reason: '' is no reason"),
        ({"exceptions": [{**EXCEPTION, "until": "spring"}]}, "exceptions[0].until: 'spring' is not a day"),
        ({"as_of": "29.11.2026"}, "as_of: '29.11.2026' is not a day; write it as 2027-03-31"),
    ],
)
def test_a_mistake_is_named_by_the_pack_and_by_the_stacks_settings(written: dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyConfigError) as by_pack:
        policy_settings({KEY: json.dumps(written)})
    assert f"{KEY}.{message}" in str(by_pack.value)
    config = {**project.load(ROOT, "dev").config, KEY: json.dumps(written)}
    with pytest.raises(ConfigurationError) as by_program:
        load(config)
    assert f"{KEY}.{message}" in str(by_program.value)


def test_all_mistakes_are_named_at_once() -> None:
    exception = {key: value for key, value in EXCEPTION.items() if key != "reason"}
    written = {"rules": {"aws-version": "must"}, "exceptions": [exception], "rule": "aws-version"}
    with pytest.raises(PolicyConfigError) as wrong:
        policy_settings({KEY: json.dumps(written), ENVIRONMENT_KEY: "production"})
    assert [line.split(": ")[0] for line in str(wrong.value).splitlines()] == [
        f"{KEY}.rules.aws-version",
        f"{KEY}.exceptions[0].reason",
        f"{KEY}.rule",
        ENVIRONMENT_KEY,
    ]
