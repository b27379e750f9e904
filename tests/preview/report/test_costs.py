"""A report's costs are those of its plans, before and after."""

from __future__ import annotations

from dataclasses import replace

from preview.cost.tables import load
from preview.plan import Diagnostic, Severity
from preview.report.costs import costs_of
from preview.report.model import StackStatus
from tests.preview.cost.stacks import usd
from tests.preview.report.samples import changed_report


def test_a_stack_without_a_plan_has_no_cost() -> None:
    assert set(costs_of(changed_report(), load())) == {"prod"}


def test_a_change_is_the_difference_of_both_plans() -> None:
    found = costs_of(changed_report(), load())["prod"]
    assert {change.name: change.usd for change in found.changes} == {
        "group-a": usd("59.57", "238.27"),  # 0.0816 x 730; x 4
        "group-b": usd("59.57", "238.27"),
        "images": usd("-1.00"),
        "key": usd("1.00"),
    }


def test_a_renamed_resource_is_not_counted_as_one_that_comes_and_one_that_goes() -> None:
    report = changed_report()
    (dev, prod) = report.stacks
    key = next(it for it in prod.changes if it.name == "key")
    images = next(it for it in prod.changes if it.name == "images")
    renamed = replace(prod, changes=(replace(key, old_urn=images.urn),))  # as an alias would say
    found = costs_of(replace(report, stacks=(dev, renamed)), load())["prod"]
    assert {change.name for change in found.changes} == {"group-a", "group-b"}  # both cost a dollar


def test_a_base_that_could_not_be_planned_has_no_cost_to_compare_with() -> None:
    report = changed_report()
    (dev, prod) = report.stacks
    assert prod.base is not None
    broken = replace(prod.base, diagnostics=(Diagnostic(severity=Severity.ERROR, message="no"),))
    found = costs_of(replace(report, stacks=(dev, replace(prod, base=broken))), load())["prod"]
    assert (found.old, found.changes) == (None, ())


def test_a_plan_that_failed_has_no_cost() -> None:
    report = changed_report()
    (dev, prod) = report.stacks
    assert costs_of(replace(report, stacks=(dev, replace(prod, status=StackStatus.HEAD_FAILED))), load()) == {}
