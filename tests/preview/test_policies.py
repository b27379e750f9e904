"""Any policy pack judges a plan: its policies, its fixes, its levels, and how it may fail."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from preview.cli import main
from preview.errors import PreviewError
from preview.plan import Plan
from preview.runner import preview

# A pack as its users write them, by the SDK's own server; nothing of ours is in it.
PACK = """
from pulumi_policy import (
    EnforcementLevel, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy, StackValidationPolicy,
)


def small(args, report):
    if args.resource_type == "demo:index:Thing" and args.props["size"] > args.get_config()["most"]:
        report(f"size is {args.props['size']}")


def tagged(args):
    if args.resource_type == "demo:index:Thing" and "tags" not in set(args.props):
        return {**args.props, "tags": {"team": "platform"}}


def few(args, report):
    things = [resource for resource in args.resources if resource.resource_type == "demo:index:Thing"]
    if len(things) > 1:
        report(f"{len(things)} things", things[0].urn)


PolicyPack("demo-pack", [
    ResourceValidationPolicy(
        "small", "Things are small.", small, EnforcementLevel.MANDATORY,
        PolicyConfigSchema({"most": {"type": "number", "default": 3}}),
    ),
    ResourceValidationPolicy("tagged", "Tags.", enforcement_level=EnforcementLevel.REMEDIATE, remediate=tagged),
    StackValidationPolicy("few", "There are few things.", few, EnforcementLevel.ADVISORY),
])
"""
THING = "from things import Thing\nThing('thing', size={size})\n"
Project = Callable[..., Path]


class WritesPack(Protocol):
    """Writes a pack's folder."""

    def __call__(self, source: str = PACK, runtime: str = "python") -> Path: ...


@pytest.fixture
def pack(tmp_path: Path) -> WritesPack:
    def write(source: str = PACK, runtime: str = "python") -> Path:
        folder = tmp_path / "pack"
        folder.mkdir(exist_ok=True)
        (folder / "PulumiPolicy.yaml").write_text(f"runtime: {runtime}\nversion: 1.2.3\n")
        (folder / "__main__.py").write_text(textwrap.dedent(source))
        return folder

    return write


def judged(root: Path, *packs: Path, **more: Any) -> Plan:
    return preview(root, policy_packs=packs, **more)


def said(plan: Plan) -> list[tuple[str, str]]:
    return [(violation.policy, violation.level) for pack in plan.policies for violation in pack.violations]


@pytest.mark.parametrize("monitor", ["child", "parent"])
def test_a_mandatory_policy_that_is_broken_fails_the_preview(project: Project, pack: WritesPack, monitor: str) -> None:
    plan = judged(project(THING.format(size=4)), pack(), monitor=monitor)
    assert said(plan) == [("small", "mandatory")]
    assert plan.failed
    (violation,) = plan.policies[0].violations
    assert violation.urn == "urn:pulumi:dev::demo::demo:index:Thing::thing"
    assert violation.message == "Things are small.\nsize is 4.0"


def test_a_plan_that_keeps_every_policy_passes(project: Project, pack: WritesPack) -> None:
    plan = judged(project(THING.format(size=3)), pack())
    assert said(plan) == []
    assert not plan.failed
    assert (plan.policies[0].name, plan.policies[0].version) == ("demo-pack", "1.2.3")


def test_a_fix_is_shown_before_and_after_and_is_in_the_plan(project: Project, pack: WritesPack) -> None:
    plan = judged(project(THING.format(size=3)), pack())
    (remediation,) = plan.policies[0].remediations
    assert (remediation.policy, dict(remediation.changes)) == ("tagged", {"tags": (None, {"team": "platform"})})
    (thing,) = [resource for resource in plan.resources if resource.name == "thing"]
    assert thing.inputs["tags"] == {"team": "platform"}
    assert thing.outputs["tags"] == {"team": "platform"}


def test_a_fix_leaves_secrets_and_unknowns_as_they_are(project: Project, pack: WritesPack) -> None:
    source = """
        import pulumi
        from things import Thing
        first = Thing("first", size=1, tags={})
        Thing("thing", size=1, token=pulumi.Output.secret("hunter2"), made=first.made)
    """
    plain, fixed = (
        {resource.name: resource.inputs for resource in plan.resources}["thing"]
        for plan in (judged(project(source)), judged(project(source), pack()))
    )
    assert fixed == {**plain, "tags": {"team": "platform"}}


def test_what_a_policy_cannot_read_is_advisory(project: Project, pack: WritesPack) -> None:
    source = "from things import Thing\nfirst = Thing('first', size=1)\nThing('thing', size=first.made)\n"
    plan = judged(project(source), pack())
    assert ("small", "advisory") in said(plan)
    assert not plan.failed


def test_policies_on_the_whole_stack_name_their_resource(project: Project, pack: WritesPack) -> None:
    two = THING.format(size=1) + "Thing('second', size=1)\n"
    plan = judged(project(two), pack())
    (violation,) = plan.policies[0].violations
    assert (violation.policy, violation.level, violation.urn.split("::")[-1]) == ("few", "advisory", "second")


def test_a_program_that_failed_is_not_judged_as_a_whole(project: Project, pack: WritesPack) -> None:
    two = THING.format(size=4) + "Thing('second', size=1)\nraise ValueError('boom')\n"
    assert said(judged(project(two), pack())) == [("small", "mandatory")]


def test_a_config_file_sets_levels_and_properties(project: Project, pack: WritesPack, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    root, folder = project(THING.format(size=4)), pack()
    for written, levels in (
        ({"small": "advisory"}, "advisory"),
        ({"small": {"most": 5}}, ""),
        ({"all": "disabled"}, ""),
        ({"all": "disabled", "small": {"enforcementLevel": "mandatory"}}, "mandatory"),
        ({"all": "advisory"}, "advisory"),
    ):
        config.write_text(json.dumps(written))
        found = said(judged(root, folder, policy_pack_configs=[config]))
        assert found == ([("small", levels)] if levels else [])


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "is no object"),
        ('{"small": "must"}', "'must' is no level; write one of advisory, disabled, mandatory, remediate"),
        ('{"small": 3}', "small: is 3; write a level"),
    ],
)
def test_a_wrong_config_file_is_an_error(
    project: Project, pack: WritesPack, tmp_path: Path, written: str, message: str
) -> None:
    config = tmp_path / "config.json"
    config.write_text(written)
    with pytest.raises(PreviewError, match=message):
        judged(project(""), pack(), policy_pack_configs=[config])


def test_there_is_a_config_file_for_each_pack_or_none(project: Project, pack: WritesPack, tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match="1 for 2 --policy-pack"):
        judged(project(""), pack(), pack(), policy_pack_configs=[tmp_path / "config.json"])


@pytest.mark.parametrize(
    ("source", "runtime", "message"),
    [
        ("raise ValueError('boom')", "python", r"ended before it served\n(?s:.*)boom"),
        ("print('hello')\n" + PACK, "python", "printed 'hello' before its port"),
        (PACK, "nodejs", "this preview runs python packs"),
        (PACK, "{name: python, options: {virtualenv: venv}}", "virtualenv: has no"),
        (PACK.replace("if args.resource_type", "raise KeyError('gone')\n    if args.resource_type"), "python", "gone"),
    ],
)
def test_a_pack_that_does_not_run_is_an_error_with_its_words(
    project: Project, pack: WritesPack, source: str, runtime: str, message: str
) -> None:
    with pytest.raises(PreviewError, match=message):
        judged(project(THING.format(size=1)), pack(source, runtime))


def test_a_folder_without_a_pack_is_an_error(project: Project, tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"PulumiPolicy\.yaml: no such file"):
        judged(project(""), tmp_path)


def test_the_text_has_the_clis_section_and_no_summary_where_a_policy_forbids(
    project: Project, pack: WritesPack, capsys: pytest.CaptureFixture[str]
) -> None:
    root, folder = project(THING.format(size=4)), pack()
    assert main(["-C", str(root), "--policy-pack", str(folder)]) == 1
    section = capsys.readouterr().out.partition("Policies:\n")[2]
    assert section.splitlines() == [
        f"    ❌ demo-pack@v1.2.3 (local: {folder})",
        "        - [remediate]  tagged  (demo:index:Thing: thing)",
        '          tags: (absent) => {"team": "platform"}',
        "        - [mandatory]  small  (demo:index:Thing: thing)",
        "          Things are small.",
        "          size is 4.0",
    ]


def test_the_json_has_what_the_packs_said_and_no_secret(
    project: Project, pack: WritesPack, capsys: pytest.CaptureFixture[str]
) -> None:
    source = "import pulumi\n" + THING.format(size="pulumi.Output.secret(3)")
    assert main(["-C", str(project(source)), "--json", "--policy-pack", str(pack())]) == 0
    (found,) = json.loads(capsys.readouterr().out)["policies"]
    assert (found["name"], found["version"], found["violations"]) == ("demo-pack", "1.2.3", [])
    assert found["remediations"] == [
        {
            "policy": "tagged",
            "urn": "urn:pulumi:dev::demo::demo:index:Thing::thing",
            "changes": {"tags": {"before": None, "after": {"team": "platform"}}},
        }
    ]
