"""A pair of plans becomes what a reviewer reads."""

from __future__ import annotations

from preview.plan import UNKNOWN, Operation, PropertyChange, Resource, Secret
from preview.report.compare import missing_aliases
from preview.report.model import Part
from tests.preview.report.cases import (
    CLUSTER,
    REPOSITORY,
    ROLE,
    changes,
    operations,
    plan,
    resource,
    steps,
    urn,
)


def test_every_resource_is_created_changed_replaced_deleted_or_the_same() -> None:
    base = plan(
        resource(ROLE, "kept", {"name": "a"}),
        resource(ROLE, "changed", {"name": "b", "description": "old"}),
        resource(ROLE, "renamed-there", {"name": "c"}),
        resource(ROLE, "gone", {"name": "d"}),
    )
    head = plan(
        resource(ROLE, "kept", {"name": "a"}),
        resource(ROLE, "changed", {"name": "b", "description": "new"}),
        resource(ROLE, "renamed-there", {"name": "another"}),
        resource(REPOSITORY, "added"),
    )
    assert operations(base, head) == {
        "kept": "same",
        "changed": "update",
        "renamed-there": "replace",
        "gone": "delete",
        "added": "create",
    }


def test_a_changed_property_has_its_old_and_its_new_value() -> None:
    base = plan(resource(ROLE, "it", {"description": "old", "path": "/"}))
    head = plan(resource(ROLE, "it", {"description": "new", "path": "/", "maxSessionDuration": 3600}))
    found = {item.path: (item.change, item.old, item.new) for item in changes(base, head)["it"].properties}
    assert found == {
        "description": (PropertyChange.UPDATE, '"old"', '"new"'),
        "maxSessionDuration": (PropertyChange.ADD, None, "3600"),
    }


def test_a_secret_is_never_in_a_report() -> None:
    base = plan(resource(ROLE, "it", {"description": Secret("hunter2-old"), "nested": {"a": Secret("x-old")}}))
    head = plan(resource(ROLE, "it", {"description": Secret("hunter2-new"), "nested": {"a": Secret("x-new")}}))
    found = changes(base, head)["it"]
    assert [(item.old, item.new) for item in found.properties] == [("[secret]", "[secret]"), ("[secret]", "[secret]")]
    assert "hunter2" not in repr(found)


def test_what_lies_inside_a_secret_object_is_a_secret() -> None:
    base, head = (plan(resource(ROLE, "it", {"tags": Secret({"a": value})})) for value in ("hunter2-old", "hunter2"))
    assert [(item.old, item.new) for item in changes(base, head)["it"].properties] == [("[secret]", "[secret]")]


def test_an_unknown_value_is_called_unknown() -> None:
    base = plan(resource(ROLE, "it", {"description": "old"}))
    head = plan(resource(ROLE, "it", {"description": UNKNOWN}))
    assert changes(base, head)["it"].properties[0].new == "[unknown]"


def test_a_change_that_no_table_speaks_of_says_so() -> None:
    base, head = (plan(resource("demo:index:Thing", "it", {"size": size})) for size in (1, 2))
    assert [item.may_replace for item in changes(base, head)["it"].properties] == [True]


def test_a_change_names_its_component_and_what_it_is() -> None:
    part = resource("demo:index:Part", "part", custom=False)
    inside = resource(CLUSTER, "inside", parent=part.urn)
    found = changes(plan(), plan(part, inside))
    assert found["inside"].component == part.urn
    assert found["inside"].part is Part.CLUSTER
    assert found["part"].component is None


def test_a_resource_that_an_alias_carries_over_keeps_its_place_and_its_old_name_is_told() -> None:
    base = plan(resource(REPOSITORY, "old-name"))
    head = plan(resource(REPOSITORY, "new-name", possible_aliases=(urn(REPOSITORY, "old-name"),)))
    (change,) = changes(base, head).values()
    assert change.operation is Operation.SAME
    assert change.old_urn == urn(REPOSITORY, "old-name")
    assert missing_aliases(steps(base, head)) == ()


def test_a_deletion_and_a_creation_of_one_type_are_a_missing_alias() -> None:
    base = plan(resource(REPOSITORY, "old-name", {"imageTagMutability": "IMMUTABLE"}))
    head = plan(resource(REPOSITORY, "new-name", {"imageTagMutability": "IMMUTABLE"}))
    (found,) = missing_aliases(steps(base, head))
    assert (found.type, found.deleted, found.created) == (
        REPOSITORY,
        urn(REPOSITORY, "old-name"),
        urn(REPOSITORY, "new-name"),
    )


def test_the_pairs_of_a_missing_alias_are_those_that_are_alike() -> None:
    def groups(first: str, second: str) -> list[Resource]:
        return [resource(ROLE, first, {"description": "first"}), resource(ROLE, second, {"description": "second"})]

    found = missing_aliases(steps(plan(*groups("one", "two")), plan(*reversed(groups("eins", "zwei")))))
    assert {(pair.deleted, pair.created) for pair in found} == {
        (urn(ROLE, "one"), urn(ROLE, "eins")),
        (urn(ROLE, "two"), urn(ROLE, "zwei")),
    }


def test_very_many_that_come_and_go_are_paired_by_name() -> None:
    base, head = (plan(*(resource(ROLE, f"{word}-{number:04}") for number in range(300))) for word in ("old", "new"))
    found = {pair.deleted: pair.created for pair in missing_aliases(steps(base, head))}
    assert found == {urn(ROLE, f"old-{number:04}"): urn(ROLE, f"new-{number:04}") for number in range(300)}


def test_a_deletion_beside_a_creation_of_another_type_is_no_missing_alias() -> None:
    assert missing_aliases(steps(plan(resource(REPOSITORY, "a")), plan(resource(ROLE, "b")))) == ()


def test_a_component_that_is_renamed_with_its_alias_does_not_count_as_missing() -> None:
    base = plan(resource("demo:index:Part", "old", custom=False))
    head = plan(resource("demo:index:Part", "new", custom=False))
    assert missing_aliases(steps(base, head)) == ()
