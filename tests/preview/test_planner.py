"""Against a state and against an earlier plan: what an update would do, as the engine decides it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from preview import digest
from preview.plan import UNKNOWN, Plan, Severity
from tests.preview.conftest import Program, messages, operations, resource, step

StateFile = Callable[..., Path]


def test_an_unchanged_program_changes_nothing_and_knows_all_its_outputs(
    program: Program, state_file: StateFile
) -> None:
    before = """
        import pulumi
        from things import Part, Thing
        part = Part("part", props={"a": 1})
        first = Thing("first", pulumi.ResourceOptions(parent=part), size=1)
        Thing("second", fed="made-first", of="id-of-first")
    """
    after = before.replace('"made-first"', "first.made").replace('"id-of-first"', "first.id")
    plan = program(after, against=state_file(program(before)))
    assert set(operations(plan).values()) == {"same"}
    assert resource(plan, "first").id == "id-of-first"
    assert resource(plan, "second").inputs == {"fed": "made-first", "of": "id-of-first"}


def against(program: Program, state_file: StateFile, before: str, after: str) -> Plan:
    """Carry out one program, preview another against its state."""
    start = "import pulumi\nfrom things import Part, Thing\nfrom pulumi import ResourceOptions as Options\n"
    return program(start + after, against=state_file(program(start + before)))


def test_an_updated_resource_keeps_its_id_and_gives_its_recorded_outputs_under_the_new_inputs(
    program: Program, state_file: StateFile
) -> None:
    before = "first = Thing('first', size=1)\nThing('second', size=first.size, fed='made-first')"
    after = "first = Thing('first', size=2)\nThing('second', size=first.size, fed=first.made)"
    plan = against(program, state_file, before, after)
    assert operations(plan) == {"first": "update", "second": "update"}
    assert dict(step(plan, "second").changes) == {"size": "update"}
    assert resource(plan, "first").id == "id-of-first"


def test_a_replaced_resource_knows_its_inputs_alone_and_what_it_feeds_follows(
    program: Program, state_file: StateFile
) -> None:
    line = "first = Thing('first', Options(replace_on_changes=['size']), size={})\nThing('second', fed=first.made)"
    plan = against(program, state_file, line.format(1), line.format(2))
    assert operations(plan) == {"first": "replace", "second": "update"}
    assert step(plan, "first").replace_reasons == ("size",)
    assert resource(plan, "first").id is None
    assert resource(plan, "second").inputs["fed"] is UNKNOWN


def test_what_is_no_longer_registered_is_deleted_unless_it_is_protected(
    program: Program, state_file: StateFile
) -> None:
    plan = against(program, state_file, "Thing('kept', Options(protect=True))\nThing('gone')", "")
    assert operations(plan) == {"kept": "delete", "gone": "delete"}
    (error,) = [item for item in plan.diagnostics if item.severity is Severity.ERROR]
    assert "::kept' cannot be deleted because it is protected" in error.message


def test_nothing_is_deleted_where_the_program_failed(program: Program, state_file: StateFile) -> None:
    plan = against(program, state_file, "Thing('a')\nThing('b')", "Thing('a')\nraise ValueError('later')")
    assert operations(plan) == {"a": "same"}


def test_an_alias_carries_a_resource_and_its_children_to_their_new_names(
    program: Program, state_file: StateFile
) -> None:
    before = "part = Part('old')\nThing('old-thing', Options(parent=part), size=1)"
    after = """
part = Part('new', Options(aliases=[pulumi.Alias(name='old')]))
Thing('new-thing', Options(parent=part), size=1)
"""
    plan = against(program, state_file, before, after)
    assert operations(plan) == {"new": "same", "new-thing": "same"}
    assert resource(plan, "new-thing").aliases[0].endswith("demo:index:Part$demo:index:Thing::old-thing")


def test_two_resources_cannot_claim_the_same_recorded_one(program: Program, state_file: StateFile) -> None:
    after = "for name in 'ab':\n    Thing(name, Options(aliases=[pulumi.Alias(name='old')]))"
    plan = against(program, state_file, "Thing('old')", after)
    assert "Duplicate resource alias" in messages(plan)


def test_ignored_changes_keep_the_recorded_value(program: Program, state_file: StateFile) -> None:
    before = "Thing('thing', size=1, tags={'a': '1', 'b': '1'})"
    after = "Thing('thing', Options(ignore_changes=['size', 'tags.a']), size=2, tags={'a': '2', 'b': '1'})"
    plan = against(program, state_file, before, after)
    assert operations(plan) == {"thing": "same"}
    assert resource(plan, "thing").inputs == {"size": 1, "tags": {"a": "1", "b": "1"}}


def test_a_replacement_is_made_from_what_the_program_says_of_an_ignored_input_too(
    program: Program, state_file: StateFile
) -> None:
    line = "Thing('thing', Options(ignore_changes=['fed'], replace_on_changes=['size']), size={}, fed='{}')"
    plan = against(program, state_file, line.format(1, "old"), line.format(2, "new"))
    assert operations(plan) == {"thing": "replace"}
    assert resource(plan, "thing").inputs == {"size": 2, "fed": "new"}


def test_a_protected_resource_is_not_replaced_in_silence(program: Program, state_file: StateFile) -> None:
    line = "Thing('thing', Options(protect=True, replace_on_changes=['size']), size={})"
    plan = against(program, state_file, line.format(1), line.format(2))
    assert operations(plan) == {"thing": "replace"}
    assert "currently marked for protection" in messages(plan)


def test_deleting_before_replacing_takes_those_along_whom_the_change_would_replace(
    program: Program, state_file: StateFile
) -> None:
    line = """
options = Options(delete_before_replace=True, replace_on_changes=['size'])
root = Thing('root', options, size={}, tags={{'a': 'b'}})
Thing('bound', Options(replace_on_changes=['labels']), labels=root.tags)
Thing('loose', labels=root.tags)
"""
    plan = against(program, state_file, line.format(1), line.format(2))
    assert operations(plan) == {"root": "replace", "bound": "replace", "loose": "same"}
    assert step(plan, "bound").replace_reasons == ("labels",)


def test_replacement_follows_a_trigger_and_another_resource(program: Program, state_file: StateFile) -> None:
    line = """
trigger = Thing('trigger', Options(replacement_trigger={}))
Thing('with', Options(replace_with=[trigger]))
"""
    plan = against(program, state_file, line.format(1), line.format(2))
    assert operations(plan) == {"trigger": "replace", "with": "replace"}
    assert step(plan, "with").replace_reasons == ("replaceWith",)


SECRETS = """
config = pulumi.Config()
feeder = Thing('feeder', Options(replace_on_changes=['size'], additional_secret_outputs=['made']), size={})
Thing('fed', token=feeder.made)
Thing('configured', token=config.require_secret('token'))
"""


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, {"feeder": "same", "fed": "same", "configured": "same"}),
        (2, {"feeder": "replace", "fed": "update", "configured": "same"}),
    ],
    ids=["nothing changed", "what feeds it is replaced"],
)
def test_a_secret_that_nobody_here_can_read_changes_with_what_feeds_it_and_only_then(
    program: Program, state_file: StateFile, size: int, expected: dict[str, str]
) -> None:
    start = "import pulumi\nfrom things import Part, Thing\nfrom pulumi import ResourceOptions as Options\n"
    config = "config: {demo:token: {secure: v1:abc}}"
    recorded = {"feeder": {"outputs": {"size": 1, "made": "[secret]"}}, "fed": {"inputs": {"token": "[secret]"}}}
    state = state_file(program(start + SECRETS.format(1), config), **recorded)
    plan = program(start + SECRETS.format(size), config, against=state)
    assert operations(plan) == expected


def test_hooks_on_updates_see_the_old_and_the_new_inputs_and_may_refuse(
    program: Program, state_file: StateFile
) -> None:
    line = """
def no_skip(args):
    old, new = args.old_inputs["size"], args.new_inputs["size"]
    if new > old + 1:
        raise ValueError(f"{{old}} to {{new}} skips a version")

hook = pulumi.ResourceHook("no-skip", no_skip, pulumi.ResourceHookOptions(on_dry_run=True))
Thing("thing", Options(hooks=pulumi.ResourceHookBinding(before_update=[hook])), size={})
"""
    assert not against(program, state_file, line.format(1), line.format(2)).failed
    refused = against(program, state_file, line.format(1), line.format(3))
    assert refused.failed
    assert "1 to 3 skips a version" in messages(refused).replace(".0", "")


def test_an_import_takes_the_id_it_was_given(program: Program) -> None:
    plan = program("""
        import pulumi
        from things import Thing
        thing = Thing("thing", pulumi.ResourceOptions(import_="vpc-1"), size=1)
        Thing("after", of=thing.id)
    """)
    assert operations(plan)["thing"] == "import"
    assert resource(plan, "after").inputs["of"] == "vpc-1"


def test_a_resource_that_is_only_read_is_neither_made_nor_deleted(program: Program) -> None:
    source = """
        import pulumi
        from things import Thing
        Thing("thing", pulumi.ResourceOptions(id="vpc-1"))
    """
    plan = program(source)
    assert operations(plan) == {"thing": "read"}
    assert resource(plan, "thing").external
    assert digest.change_summary(plan) == {"create": 1}, "as in the CLI, reads do not count"


def test_a_provider_that_waits_for_an_input_knows_nothing_and_says_so(program: Program, state_file: StateFile) -> None:
    line = """
class Demo(pulumi.ProviderResource):
    def __init__(self, name, host):
        super().__init__("demo", name, {{"host": host}})

host = Thing("host", Options(replace_on_changes=["size"]), size={})
inside = Thing("inside", Options(provider=Demo("demo", host.made)), size=1)
Thing("after", size=inside.size)
"""
    plan = against(program, state_file, line.format(1), line.format(2))
    assert operations(plan)["inside"] == "update"
    assert "has inputs that are not known during preview" in messages(plan)
    assert resource(plan, "after").inputs["size"] is UNKNOWN


def test_against_a_plan_what_a_changed_resource_feeds_may_change_and_is_never_called_the_same(
    program: Program, tmp_path: Path
) -> None:
    line = """
        from things import Thing
        first = Thing("first", size={})
        Thing("second", fed=first.made)
        Thing("third", size=1)
    """
    earlier = tmp_path / "plan.json"
    earlier.write_text(json.dumps(digest.to_json(program(line.format(1)))))
    plan = program(line.format(2), against=earlier)
    assert operations(plan) == {"first": "update", "second": "may-change", "third": "same"}
    assert set(operations(program(line.format(1), against=earlier)).values()) == {"same"}


@pytest.mark.parametrize("monitor", ["child", "parent"])
def test_a_change_is_planned_the_same_wherever_the_monitor_sits(
    program: Program, state_file: StateFile, monitor: str
) -> None:
    state = state_file(program("from things import Thing\nThing('a', size=1)\nThing('b')"))
    plan = program("from things import Thing\nThing('a', size=2)\nThing('c')", against=state, monitor=monitor)
    assert operations(plan) == {"a": "update", "b": "delete", "c": "create"}
