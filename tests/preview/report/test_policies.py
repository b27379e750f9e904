"""What policy packs say of a head is in its report, and what they forbid fails the check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from preview import digest
from preview.policy_results import PackResult, Remediation, Violation
from preview.report.model import Report, StackStatus
from preview.report.stack import report_on
from preview.report.text import render
from tests.preview.report.repository import Repository
from tests.preview.report.samples import DAY, plan, platform

URN = "urn:pulumi:dev::p::aws:eks/cluster:Cluster::dev"
PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def judge(args, report):
    if args.resource_type == "demo:index:Thing":
        report("no things")

PolicyPack("demo-pack", [ResourceValidationPolicy("none", "There is nothing.", judge, EnforcementLevel.{level})])
"""


def pack(level: str) -> PackResult:
    violations = (
        Violation(policy="low", level="advisory", severity="low", urn="", message="a stack's"),
        Violation(policy="one", level=level, severity="high", urn=URN, message="wrong"),
    )
    fix = Remediation(policy="two", urn=URN, changes={"tags": (None, {"team": "platform"})})
    return PackResult(name="pack", version="1.0.0", folder="policies", violations=violations, remediations=(fix,))


def test_a_plan_file_keeps_what_packs_said() -> None:
    judged = replace(plan("p", platform()), policies=(pack("advisory"),))
    (read,) = digest.from_json(digest.to_json(judged)).policies
    assert set(read.violations) == set(pack("advisory").violations)
    assert replace(read, violations=()) == replace(pack("advisory"), violations=())


@pytest.mark.parametrize(("level", "fails"), [("mandatory", True), ("advisory", False)])
def test_what_is_mandatory_fails_the_check_and_the_changes_are_shown_all_the_same(level: str, fails: bool) -> None:  # noqa: FBT001  a row of the table
    old, new = platform(), platform(machine="m7g.xlarge")
    head = replace(plan("p", new), policies=(pack(level),))
    stack = report_on("p", plan("p", old), head, as_of=DAY)
    assert stack.status is StackStatus.COMPARED
    assert stack.changes
    assert stack.failed is fails
    assert [result.policy for result in stack.policies] == ["one", "low"]
    text = render(Report(base="a", head="b", as_of=DAY, stacks=(stack,)))
    assert f"policy one ({level}): {URN}: wrong" in text
    assert "policy low (advisory): the stack: a stack's" in text


@pytest.mark.parametrize(("level", "code"), [("MANDATORY", 1), ("ADVISORY", 0)])
def test_diff_judges_by_the_pack_that_it_is_given(
    repository: Repository, diff: Callable[..., tuple[int, str]], tmp_path: Path, level: str, code: int
) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.2.3\n", encoding="utf-8")
    (folder / "__main__.py").write_text(PACK.format(level=level), encoding="utf-8")
    repository.commit(**{"Pulumi.dev.yaml": "config: {size: 2}\n"})
    ended, printed = diff("HEAD~1", "HEAD", "--stack", "dev", "--policy-pack", str(folder))
    assert f"policy none ({level.lower()})" in printed
    assert ended == code


def test_a_stack_that_does_not_change_is_not_judged() -> None:
    judged = replace(plan("p", platform()), policies=(pack("mandatory"),))
    stack = report_on("p", judged, judged, as_of=DAY, planned_once=True)
    assert (stack.policies, stack.failed) == ((), False)
