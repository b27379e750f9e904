"""Questions about the world are answered from fixtures, or not at all."""

from __future__ import annotations

from pathlib import Path

from preview.plan import UNKNOWN, Secret
from tests.preview.conftest import Program, messages, operations, resource


def test_an_invoke_without_a_fixture_is_unknown_and_said_so(program: Program) -> None:
    plan = program("""
        import pulumi
        from things import Thing
        zones = pulumi.runtime.invoke_output("demo:index:getZones", {"state": "available"})
        Thing("thing", zones=zones.apply(lambda found: found["names"]))
    """)
    assert resource(plan, "thing").inputs["zones"] is UNKNOWN
    assert "demo:index:getZones: has no fixture" in messages(plan)


def test_fixtures_answer_invokes_and_stack_references(program: Program, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "preview.fixtures.yaml").write_text("""
invokes:
  demo:index:getZones:
    - args: {state: none}
      result: {names: []}
    - result: {names: [a, b]}
stack_references:
  organization/network/dev:
    outputs: {vpc_id: vpc-1, token: unknown}
    secret_outputs: [token]
""")
    plan = program("""
        import pulumi
        from things import Thing
        network = pulumi.StackReference("organization/network/dev")
        zones = pulumi.runtime.invoke("demo:index:getZones", {"state": "available"}).value
        vpc, token = network.require_output("vpc_id"), network.require_output("token")
        Thing("thing", zones=zones["names"], vpc=vpc, token=token)
        other = pulumi.StackReference("organization/other/dev")
        Thing("unknown", vpc=other.require_output("vpc_id"))
    """)
    assert plan.complete, messages(plan)
    inputs = resource(plan, "thing").inputs
    assert (inputs["zones"], inputs["vpc"], inputs["token"]) == (["a", "b"], "vpc-1", Secret(UNKNOWN))
    assert resource(plan, "unknown").inputs["vpc"] is UNKNOWN
    assert operations(plan)["organization/network/dev"] == "read"


def test_an_invoke_that_depends_on_a_resource_to_be_created_is_unknown_whatever_the_fixtures_say(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "preview.fixtures.yaml").write_text(
        "invokes: {demo:index:getZones: [{result: {names: [a]}}]}"
    )
    plan = program("""
        import pulumi
        from things import Thing
        first = Thing("first")
        after = pulumi.InvokeOutputOptions(depends_on=[first])
        zones = pulumi.runtime.invoke_output("demo:index:getZones", {}, after)
        Thing("second", zones=zones.apply(lambda found: found["names"]))
    """)
    assert resource(plan, "second").inputs["zones"] is UNKNOWN


def test_a_method_of_a_component_gives_an_unknown_result(program: Program) -> None:
    plan = program("""
        import pulumi
        from things import Part, Thing
        result = pulumi.runtime.call("demo:index:Part/kubeconfig", {"__self__": Part("part")})
        Thing("thing", config=result)
    """)
    assert resource(plan, "thing").inputs["config"] is UNKNOWN
