"""The pack in the offline preview: started as the engine starts it, on the real stacks and on a program of others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from preview.cli import main
from tests.support import ROOT

PACK: Final = ROOT / "policies"
_OPEN: Final = {"aws:eks/cluster:Cluster": {"vpcConfig": {"publicAccessCidrs": ["0.0.0.0/0"]}}}
_SILENT: Final = {"aws:eks/cluster:Cluster": {"enabledClusterLogTypes": ["api"]}}
_FOREIGN: Final = """
import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
aws.ec2.SecurityGroup("open", vpc_id=vpc.id, ingress=[
    {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]},
])
aws.iam.RolePolicyAttachment("grant", role="nodes", policy_arn=vpc.arn)
"""
Judge = Callable[..., tuple[int, list[dict[str, Any]], dict[str, Any]]]


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """Preview a project with the pack; return the exit code, the violations and the pack's whole result."""

    def run(folder: Path = ROOT, **changes: Any) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:
        source = folder / "Pulumi.dev.yaml"
        settings: Any = yaml.safe_load(source.read_text(encoding="utf-8")) if source.exists() else {"config": {}}
        settings["config"]["infraplatform:policies"] = {"as_of": "2026-11-29"}
        for key, value in changes.items():
            of = settings["config"].setdefault(f"infraplatform:{key}", {})
            settings["config"][f"infraplatform:{key}"] = {**of, **value} if isinstance(value, dict) else value
        file = tmp_path / "Pulumi.dev.yaml"
        file.write_text(yaml.safe_dump(settings), encoding="utf-8")
        code = main(["-C", str(folder), "--config-file", str(file), "--json", "--policy-pack", str(PACK)])
        printed = capsys.readouterr()
        if not printed.out:
            return code, [], {"error": printed.err}
        (pack,) = json.loads(printed.out)["policies"]
        return code, pack["violations"], pack

    return run


def _broken(violations: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(item["policy"], item["enforcementLevel"], item["urn"].split("::")[-1]) for item in violations}


def test_the_dev_stack_passes_and_what_may_be_better_is_said(judge: Judge) -> None:
    code, violations, pack = judge()
    assert code == 0
    assert pack["name"] == "infraplatform"
    assert {item["enforcementLevel"] for item in violations} == {"advisory"}


def test_an_opened_api_fails_the_preview(judge: Judge) -> None:
    code, violations, _ = judge(cluster={"overrides": _OPEN})
    assert code == 1
    assert ("aws-api-public", "mandatory", "dev") in _broken(violations)


def test_a_fix_is_made_where_the_stack_asks_for_it(judge: Judge) -> None:
    rules = {"rules": {"aws-control-plane-logs": "remediate"}}
    code, violations, pack = judge(cluster={"overrides": _SILENT}, policies=rules)
    assert code == 0
    assert "aws-control-plane-logs" not in {policy for policy, _, _ in _broken(violations)}
    (fixed,) = pack["remediations"]
    assert fixed["policy"] == "aws-control-plane-logs"
    assert fixed["changes"]["enabledClusterLogTypes[1]"] == {"before": None, "after": "audit"}


def test_an_exception_lets_a_resource_break_a_rule_until_it_ends(judge: Judge) -> None:
    urn = "urn:pulumi:dev::infraplatform::infraplatform:aws:EksCluster$aws:eks/cluster:Cluster::dev"
    exception = {"rule": "aws-api-public", "urn": urn, "reason": "a public demonstration", "until": "2026-12-31"}
    policies = {"exceptions": [exception], "as_of": "2026-12-31"}
    code, violations, _ = judge(cluster={"overrides": _OPEN}, policies=policies)
    assert code == 0
    assert "aws-api-public" not in {policy for policy, _, _ in _broken(violations)}
    code, violations, _ = judge(cluster={"overrides": _OPEN}, policies={**policies, "as_of": "2027-01-01"})
    assert code == 1
    assert {
        ("aws-api-public", "mandatory", "dev"),
        ("policy-exceptions", "mandatory", "dev"),
    } <= _broken(violations)


def test_a_program_of_others_is_judged_by_the_same_rules(judge: Judge, tmp_path: Path) -> None:
    project = tmp_path / "theirs"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: theirs\nruntime: python\n", encoding="utf-8")
    (project / "__main__.py").write_text(_FOREIGN, encoding="utf-8")
    code, violations, _ = judge(project, environment="prod")
    assert code == 1
    assert _broken(violations) == {
        ("aws-open-ports", "mandatory", "open"),
        ("aws-flow-logs", "mandatory", "vpc"),
        ("aws-node-iam", "advisory", "grant"),
    }
    (untold,) = [item["message"] for item in violations if item["policy"] == "aws-node-iam"]
    assert untold.startswith("cannot tell before the update: policyArn is not known yet")


def test_wrong_configuration_stops_the_preview_of_a_program_of_others(judge: Judge, tmp_path: Path) -> None:
    project = tmp_path / "theirs"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: theirs\nruntime: python\n", encoding="utf-8")
    (project / "__main__.py").write_text("", encoding="utf-8")
    code, _, said = judge(project, policies={"frameworks": ["ismsp"]})
    assert code == 1
    assert "infraplatform:policies.frameworks[0]: 'ismsp' is not a framework; write isms-p" in said["error"]
