"""The policy pack says under the engine what it says in the offline preview."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from preview.errors import PreviewError
from preview.plan import Plan
from preview.runner import preview
from tests.conformance import build
from tests.conformance.engine import Workspace
from tests.support import ROOT

pytestmark = pytest.mark.conformance

PACK: Final = ROOT / "policies"
_LOGS: Final = {"aws:eks/cluster:Cluster": {"enabledClusterLogTypes": ["api"]}}
_WITHOUT_LOGS: Final = {"infraplatform:cluster": {"overrides": _LOGS}}
CASES: Final[Mapping[str, dict[str, Any]]] = {
    "as it is": {},
    "without logs": _WITHOUT_LOGS,
    "logs remediated": {
        **_WITHOUT_LOGS,
        "infraplatform:policies": {"rules": {"aws-control-plane-logs": "remediate"}},
    },
    "under a framework": {"infraplatform:policies": {"frameworks": ["isms-p"]}},
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if build.find("pulumi") is None:
        pytest.skip("pulumi: not built here; run `make conformance`")
    return Workspace(ROOT, "dev", tmp_path_factory.mktemp("engine") / "workspace")


def stack_file(changes: Mapping[str, Any], folder: Path) -> Path:
    """The dev stack's file with some keys added, one level deep."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    settings["config"]["infraplatform:policies"] = {"as_of": "2026-11-29"}
    for key, value in changes.items():
        settings["config"][key] = {**settings["config"].get(key, {}), **value}
    file = folder / "Pulumi.dev.yaml"
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return file


def violations_of(events: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """What the engine's log says: policy, level, resource, message."""
    found = [event["policyEvent"] for event in events if "policyEvent" in event]
    return {
        (item["policyName"], item["enforcementLevel"], item["resourceUrn"], item["message"].rstrip()) for item in found
    }


def remediations_of(events: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """The fixes in the engine's log: policy, resource, the changed cluster's log types."""
    found = [event["policyRemediationEvent"] for event in events if "policyRemediationEvent" in event]
    return {
        (item["policyName"], item["resourceUrn"], json.dumps(item["after"]["enabledClusterLogTypes"])) for item in found
    }


def offline(plan: Plan) -> tuple[set[tuple[str, ...]], set[tuple[str, str, str]]]:
    """The same of the offline preview."""
    (pack,) = plan.policies
    inputs = {resource.urn: resource.inputs for resource in plan.resources}
    return (
        {(item.policy, item.level, item.urn, item.message) for item in pack.violations},
        {(item.policy, item.urn, json.dumps(inputs[item.urn]["enabledClusterLogTypes"])) for item in pack.remediations},
    )


@pytest.mark.parametrize("name", CASES)
def test_both_say_the_same(workspace: Workspace, tmp_path: Path, name: str) -> None:
    file = stack_file(CASES[name], tmp_path)
    workspace.use_config(file)
    refusal, events = workspace.judge(PACK)
    plan = preview(ROOT, "dev", config_file=file, policy_packs=[PACK])
    assert (violations_of(events), remediations_of(events)) == offline(plan)
    assert bool(refusal) is plan.failed, refusal
    assert plan.failed is (name in ("without logs", "under a framework"))


def test_both_refuse_wrong_configuration_with_the_same_words(workspace: Workspace, tmp_path: Path) -> None:
    file = stack_file({"infraplatform:policies": {"rules": {"aws-versoin": "advisory"}}}, tmp_path)
    workspace.use_config(file)
    refusal, _ = workspace.judge(PACK)
    words = "infraplatform:policies.rules.aws-versoin: 'aws-versoin' is not a rule; write aws-version"
    assert words in refusal
    with pytest.raises(PreviewError, match="aws-versoin"):
        preview(ROOT, "dev", config_file=file, policy_packs=[PACK])
