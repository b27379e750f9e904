"""A report says of each control what the plan shows, in each of its forms."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from policies.frameworks import framework, named
from policies.report import main, make_report
from policies.report_plan import parse_plan
from policies.report_text import Report, as_text
from policies.report_verdicts import Status, Verdict
from policies.wire import UNKNOWNS

STACK = "pulumi:pulumi:Stack"
GKE = "gcp:container/cluster:Cluster"
UNKNOWN_TEXT = min(UNKNOWNS)


def step(type_: str, inputs: dict[str, Any], name: str = "thing") -> dict[str, Any]:
    """A step of a recorded plan that creates a resource."""
    urn = f"urn:pulumi:prod::shop::{type_}::{name}"
    return {"op": "create", "urn": urn, "newState": {"urn": urn, "type": type_, "custom": True, "inputs": inputs}}


def plan_text(inputs: dict[str, Any], config: dict[str, str] | None = None) -> str:
    """A plan of one GKE cluster."""
    return json.dumps({"config": config or {}, "steps": [step(STACK, {}), step(GKE, inputs)]})


def _report(inputs: dict[str, Any], *ids: str, config: dict[str, str] | None = None) -> Report:
    plan = parse_plan(plan_text(inputs, config), "the plan")
    return make_report(plan, ids or ("cis-gke",), asked=ids or ("cis-gke",), as_of=dt.date(2026, 11, 29))


def _verdict(report: Report, control: str) -> Verdict:
    (compliance,) = report.compliances
    return next(verdict for verdict in compliance.verdicts if verdict.control.id == control)


def test_a_control_is_met_where_its_rules_found_nothing_wrong() -> None:
    verdict = _verdict(_report({"databaseEncryption": {"state": "ENCRYPTED"}}), "5.3.1")
    assert (verdict.status, verdict.reason) == (Status.MET, "its rule found nothing wrong")


def test_a_control_is_broken_where_a_rule_is() -> None:
    verdict = _verdict(_report({"databaseEncryption": {"state": "DECRYPTED"}}), "5.3.1")
    assert (verdict.status, verdict.reason) == (Status.BROKEN, "1 of 1 judgements found a fault")
    assert [finding.message for evidence in verdict.evidence for finding in evidence.findings] == [
        "databaseEncryption.state is DECRYPTED: secrets in etcd are encrypted with Google's key alone"
    ]


def test_a_control_cannot_be_told_where_an_input_is_unknown() -> None:
    report = _report({"databaseEncryption": {"state": UNKNOWN_TEXT}})
    assert "Cluster thing: cannot tell before the update: databaseEncryption.state" in as_text(report)
    verdict = _verdict(report, "5.3.1")
    assert verdict.status is Status.CANNOT_TELL
    assert verdict.reason.startswith("1 of 1 judgements must wait for the update")


def test_a_control_cannot_be_told_where_the_stack_has_nothing_of_the_kind() -> None:
    verdict = _verdict(_report({}), "5.5.2")  # no node pool in the plan
    assert (verdict.status, verdict.reason) == (Status.CANNOT_TELL, "the stack has nothing that its rules speak of")


def test_a_control_cannot_be_told_where_no_rule_judges_it() -> None:
    verdict = _verdict(_report({}), "5.10.3")
    assert (verdict.status, verdict.reason) == (Status.CANNOT_TELL, "no rule of the pack judges it yet")


def test_a_control_is_outside_whatever_the_plan_says() -> None:
    verdict = _verdict(_report({}), "3.1.1")
    assert (verdict.status, verdict.reason) == (
        Status.OUTSIDE,
        "seen in files and processes on a running node, where kube-bench looks",
    )


def test_a_broken_thing_weighs_more_than_one_that_cannot_be_told() -> None:
    steps = [step(GKE, {"databaseEncryption": {"state": state}}, state) for state in ("DECRYPTED", UNKNOWN_TEXT)]
    plan = parse_plan(json.dumps({"steps": steps}), "the plan")
    report = make_report(plan, ["cis-gke"], asked=["cis-gke"], as_of=None)
    assert _verdict(report, "5.3.1").status is Status.BROKEN


def test_a_fault_breaks_only_the_controls_that_it_is_of() -> None:
    pod = {"hostPID": True, "containers": [{"name": "web"}]}
    deployment = step("kubernetes:apps/v1:Deployment", {"spec": {"template": {"spec": pod}}})
    plan = parse_plan(json.dumps({"steps": [deployment]}), "the plan")
    report = make_report(plan, ["cis-kubernetes"], asked=["cis-kubernetes"], as_of=None)
    statuses = {number: _verdict(report, f"5.2.{number}").status for number in (2, 3, 4, 5, 11, 12)}
    assert statuses.pop(3) is Status.BROKEN
    assert set(statuses.values()) == {Status.MET}


def test_every_control_has_one_verdict_and_the_counts_are_theirs() -> None:
    (compliance,) = _report({}, "isms-p").compliances
    assert [verdict.control for verdict in compliance.verdicts] == list(framework("isms-p").controls.values())
    assert sum(compliance.counts.values()) == 101


def test_an_exception_is_shown_and_makes_nothing_met() -> None:
    urn = f"urn:pulumi:prod::shop::{GKE}::thing"
    exception = {"rule": "gcp-secrets-kms", "urn": urn, "reason": "the key comes in May", "until": "2027-05-31"}
    config = {"infraplatform:policies": json.dumps({"exceptions": [exception]})}
    report = _report({}, config=config)
    assert _verdict(report, "5.3.1").status is Status.BROKEN
    assert "Google's key alone (excepted until 2027-05-31: the key comes in May)" in as_text(report)


def test_a_family_leaves_out_what_the_stack_has_nothing_of_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--framework", "cis", "--plan", str(_written(tmp_path)), "--as-of", "2026-11-29"]) == 0
    text = capsys.readouterr().out
    assert "GKE" in text
    assert "EKS" not in text
    assert "nothing that they speak of: cis-aks, cis-eks" in text


def test_a_framework_named_by_itself_is_there_even_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--framework", "cis-eks", "--plan", str(_written(tmp_path))]) == 0
    assert "0 broken, 36 cannot tell, 0 met, 14 outside" in capsys.readouterr().out


def test_the_text_names_what_is_broken_where_and_by_which_rule() -> None:
    text = as_text(_report({"databaseEncryption": {"state": "DECRYPTED"}}))
    assert "Stack prod of shop, as of 2026-11-29" in text
    assert "infrastructure code can show 52 of 57 controls (91%)" in text
    assert "    5.3.1    Kubernetes secrets are encrypted with a Cloud KMS key [gcp-secrets-kms]\n" in text
    assert "             Cluster thing: databaseEncryption.state is DECRYPTED" in text


def test_the_json_has_every_control_with_its_rules_and_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--framework", "cis-gke", "--plan", str(_written(tmp_path)), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["frameworks"]
    assert found["summary"]["total"] == len(found["controls"]) == 57
    assert found["summary"]["broken"] == sum(control["status"] == "broken" for control in found["controls"])
    (control,) = (control for control in found["controls"] if control["id"] == "5.3.1")
    (rule,) = control["rules"]
    assert rule["id"] == "gcp-secrets-kms"
    assert rule["findings"][0]["outcome"] == "broken"
    assert rule["findings"][0]["urn"] == rule["judged"][0]


def test_a_benchmark_of_another_clouds_clusters_is_left_out_though_it_speaks_of_pods() -> None:
    deployment = step("kubernetes:apps/v1:Deployment", {"spec": {"template": {"spec": {"containers": []}}}})
    plan = parse_plan(json.dumps({"steps": [deployment, step(GKE, {})]}), "the plan")
    report = make_report(plan, named("cis"), asked=["cis"], as_of=None)
    assert [compliance.framework.id for compliance in report.compliances] == ["cis-gke", "cis-kubernetes"]
    assert report.left_out == ["cis-aks", "cis-eks"]
    alone = make_report(plan, ["cis-eks"], asked=["cis-eks"], as_of=None)
    assert alone.compliances[0].counts[Status.MET] == 0
    objects = parse_plan(json.dumps({"steps": [deployment]}), "the layer inside a cluster of some kind")
    assert make_report(objects, ["cis-eks"], asked=["cis-eks"], as_of=None).compliances[0].counts[Status.MET]


def _written(folder: Path, text: str | None = None) -> Path:
    path = folder / "plan.json"
    path.write_text(plan_text({}) if text is None else text, encoding="utf-8")
    return path


def test_the_html_is_written_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--framework", "cis-gke", "--plan", str(_written(tmp_path)), "--html"]) == 0
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_an_unknown_framework_is_a_wrong_flag(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--framework", "isms", "--framework", "cis-oke", "--plan", str(_written(tmp_path))])
    assert "there is no framework 'cis-oke'; there are cis-aks, " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "has no steps"),
        (plan_text({}, {"infraplatform:policies": '{"rules": {"gcp-secret-kms": "advisory"}}'}), "gcp-secrets-kms"),
    ],
)
def test_there_is_no_report_on_what_is_no_plan_or_has_wrong_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    assert main(["--framework", "cis", "--plan", str(_written(tmp_path, text))]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert message in captured.err


def test_a_stack_of_the_project_is_planned_and_its_example_found_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--framework", "cis-gke", "--stack", "gcp-gke", "--as-of", "2026-11-29"]) == 0
    assert capsys.readouterr().out.startswith("Stack gcp-gke of infraplatform, as of 2026-11-29\n")


def test_a_stack_that_cannot_be_planned_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--framework", "cis", "--stack", "none"]) == 1
    assert "error: stack none cannot be planned:\n" in capsys.readouterr().err
