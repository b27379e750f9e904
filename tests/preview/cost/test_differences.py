"""What a change costs is the difference of two estimates, resource by resource."""

from __future__ import annotations

from typing import Any

from preview.cost.differences import compare, of_plan
from preview.cost.tables import load
from preview.plan import Operation, Plan, Resource, Step
from tests.preview.cost.stacks import AWS, DAY, resource, usd


def _group(name: str, machine: str = "m7g.large", most: int = 4) -> Resource:
    scaling = {"minSize": 1, "maxSize": most}
    return resource(AWS, "aws:eks/nodeGroup:NodeGroup", name, {"instanceTypes": [machine], "scalingConfig": scaling})


def _changes(old: list[Resource], new: list[Resource], **more: Any) -> dict[str, Any]:
    found = compare([AWS, *old], [AWS, *new], load(), DAY, **more)
    return {change.name: change.usd for change in found.changes}


def test_another_machine_type_changes_both_ends() -> None:
    changes = _changes([_group("general")], [_group("general", "m7g.xlarge")])
    assert changes == {"general": usd("59.57", "238.27")}  # 0.1632 - 0.0816 = 0.0816 x 730; x 4


def test_a_larger_maximum_changes_the_upper_end_alone() -> None:
    changes = _changes([_group("general")], [_group("general", most=5)])
    assert changes == {"general": usd("0.00", "61.17")}  # 59.568 and 20 GiB of gp3 at 0.08


def test_what_comes_and_what_goes_counts_whole_the_largest_first() -> None:
    key = resource(AWS, "aws:kms/key:Key", "key", {})
    found = compare([AWS, key], [AWS, _group("general")], load(), DAY)
    assert [(change.name, change.old, change.new) for change in found.changes] == [
        ("general", None, usd("61.17", "244.67")),
        ("key", usd("1.00"), None),
    ]
    assert found.change == usd("60.17", "243.67")


def test_a_renamed_resource_that_costs_the_same_is_no_change() -> None:
    old, new = _group("general"), _group("workers")
    assert _changes([old], [new], renamed={old.urn: new.urn}) == {}


def test_a_new_stack_has_no_changes_and_a_removed_one_loses_its_total() -> None:
    created = compare(None, [AWS, _group("general")], load(), DAY)
    assert (created.old, created.changes, created.change) == (None, (), usd("61.17", "244.67"))
    removed = compare([AWS, _group("general")], None, load(), DAY)
    assert removed.change == usd("-61.17", "-244.67")


def test_a_plan_that_was_compared_knows_its_own_past() -> None:
    old, new = _group("general"), _group("general", "m7g.xlarge")
    same = Step(operation=Operation.SAME, old=AWS, new=AWS)
    plan = Plan(project="demo", stack="dev", steps=(same, Step(operation=Operation.UPDATE, old=old, new=new)))
    assert of_plan(plan, load(), DAY).change == usd("59.57", "238.27")
