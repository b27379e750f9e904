"""What is stateful goes only where the change says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from preview.plan import Plan, Resource
from preview.report.acknowledgements import Acknowledgement
from preview.report.model import GuardFinding, StackReport, StackStatus, Standing
from preview.report.stack import report_on
from tests.preview.report.cases import CLUSTER, KEY, NODE_GROUP, REPOSITORY, ROLE, VPC, plan, resource, urn

TODAY = date(2026, 11, 29)
IMAGES = resource(REPOSITORY, "images")


def _report(base: Plan | None, head: Plan | None, given: Sequence[Acknowledgement] = ()) -> StackReport:
    return report_on("dev", base, head, given, as_of=TODAY)


def _given(of: Resource, until: str = "2026-12-31") -> Acknowledgement:
    return Acknowledgement(urn=of.urn, reason="agreed in #7", until=date.fromisoformat(until))


def _standings(report: StackReport) -> list[Standing]:
    return [finding.standing for finding in report.findings]


def _only(report: StackReport) -> GuardFinding:
    (finding,) = report.findings
    return finding


def test_the_loss_of_something_stateful_fails_the_check() -> None:
    report = _report(plan(IMAGES), plan())
    assert report.failed
    assert _only(report).standing is Standing.BLOCKED
    assert _only(report).urn == IMAGES.urn
    assert "every image in it" in _only(report).message
    assert "preview.acknowledgements.yaml" in _only(report).message


def test_a_replacement_of_something_stateful_fails_the_check_too() -> None:
    old, new = (resource(VPC, "net", {"cidrBlock": block}) for block in ("10.0.0.0/16", "10.1.0.0/16"))
    assert _report(plan(old), plan(new)).failed


def test_what_has_no_state_may_go() -> None:
    groups = resource(NODE_GROUP, "nodes"), resource(ROLE, "role")
    report = _report(plan(*groups), plan())
    assert not report.failed
    assert report.findings == ()


def test_an_acknowledged_loss_passes_with_its_reason() -> None:
    report = _report(plan(IMAGES), plan(), [_given(IMAGES)])
    assert not report.failed
    assert _only(report).standing is Standing.ACKNOWLEDGED
    assert _only(report).reason == "agreed in #7"


def test_an_acknowledgement_holds_up_to_and_including_its_last_day() -> None:
    assert not _report(plan(IMAGES), plan(), [_given(IMAGES, "2026-11-29")]).failed
    expired = _report(plan(IMAGES), plan(), [_given(IMAGES, "2026-11-28")])
    assert expired.failed
    assert "ended on 2026-11-28" in _only(expired).message


def test_an_acknowledgement_covers_its_own_urn_only() -> None:
    other = resource(REPOSITORY, "others")
    report = _report(plan(IMAGES, other), plan(), [_given(IMAGES)])
    assert sorted(_standings(report)) == [Standing.ACKNOWLEDGED, Standing.BLOCKED]


def test_what_goes_under_an_alias_is_acknowledged_by_its_old_name() -> None:
    old = resource(VPC, "old", {"cidrBlock": "10.0.0.0/16"})
    new = resource(VPC, "new", {"cidrBlock": "10.1.0.0/16"}, possible_aliases=(old.urn,))
    assert _only(_report(plan(old), plan(new))).urn == old.urn
    assert not _report(plan(old), plan(new), [_given(old)]).failed


def test_an_acknowledgement_of_something_that_stays_is_warned_of() -> None:
    report = _report(plan(IMAGES), plan(IMAGES), [_given(IMAGES)])
    assert not report.failed
    assert _only(report).standing is Standing.WARNED
    assert "neither replaced nor deleted" in _only(report).message


def test_an_acknowledgement_of_something_that_is_in_no_plan_is_warned_of() -> None:
    report = _report(plan(), plan(), [_given(IMAGES)])
    assert _only(report).standing is Standing.WARNED
    assert "neither plan has such a resource" in _only(report).message


def test_an_acknowledgement_of_something_without_state_is_warned_of() -> None:
    role = resource(ROLE, "role")
    assert _standings(_report(plan(role), plan(), [_given(role)])) == [Standing.WARNED]


def test_an_acknowledgement_for_another_stack_says_nothing_here() -> None:
    elsewhere = Acknowledgement(urn=urn(REPOSITORY, "x").replace(":dev:", ":prod:"), reason="r", until=TODAY)
    assert _report(plan(), plan(), [elsewhere]).findings == ()


def test_what_the_provider_leaves_behind_is_not_lost() -> None:
    kept = resource(REPOSITORY, "kept", retain_on_delete=True)
    logs = resource("aws:cloudwatch/logGroup:LogGroup", "logs", {"skipDestroy": True})
    report = _report(plan(kept, logs), plan())
    assert report.findings == ()
    assert {entry.what for entry in report.blast_radius} == {"is no longer managed, but stays where it is"}


def test_no_acknowledgement_helps_where_protection_would_stop_the_update() -> None:
    protected = resource(KEY, "key", protect=True)
    report = _report(plan(protected), plan(), [_given(protected)])
    assert report.failed
    assert any("remove `protect`" in finding.message for finding in report.findings)


def test_a_change_of_something_stateful_that_no_table_knows_is_warned_of() -> None:
    old, new = (resource(CLUSTER, "c", {"unheardOf": value}) for value in (1, 2))
    report = _report(plan(old), plan(new))
    assert not report.failed
    assert "no table says whether a change of unheardOf replaces it" in _only(report).message


def test_a_stack_whose_head_cannot_be_planned_fails() -> None:
    report = _report(plan(IMAGES), _failed())
    assert (report.status, report.failed) == (StackStatus.HEAD_FAILED, True)


def test_a_stack_whose_base_cannot_be_planned_shows_the_head_alone_and_passes() -> None:
    report = _report(_failed(), plan(IMAGES))
    assert (report.status, report.failed) == (StackStatus.BASE_FAILED, False)
    assert [change.operation.value for change in report.changes if change.custom] == ["create"]


def test_what_is_left_of_a_base_that_cannot_be_planned_is_not_compared() -> None:
    broken = replace(plan(IMAGES), complete=False)
    report = _report(broken, plan())
    assert (report.status, report.findings) == (StackStatus.BASE_FAILED, ())


def test_a_new_stack_and_a_removed_one_pass() -> None:
    assert _report(None, plan(IMAGES)).status is StackStatus.NEW
    removed = _report(plan(IMAGES), None)
    assert (removed.status, removed.failed) == (StackStatus.REMOVED, False)


def _failed(**fields: Any) -> Plan:
    return Plan(project="demo", stack="dev", complete=False, **fields)
