"""Transforms and hooks of the program run when the engine would run them."""

from __future__ import annotations

import pytest

from preview.plan import UNKNOWN, Secret
from tests.preview.conftest import Program, messages, operations, resource

MONITORS = ("child", "parent")


@pytest.mark.parametrize("monitor", MONITORS)
def test_transforms_run_from_the_resource_to_the_stack_and_see_secrets_as_outputs(
    program: Program, monitor: str
) -> None:
    plan = program(
        """
        import pulumi
        from things import Part, Thing
        from pulumi import ResourceOptions as Options

        def mark(word):
            def transform(args):
                if args.type_ != "demo:index:Thing":
                    return None
                marks = args.props.get("marks", "") + word
                return pulumi.ResourceTransformResult({**args.props, "marks": marks}, args.opts)
            return transform

        def add_tag(args):
            if "tags" not in args.props:
                return None
            tags = pulumi.Output.from_input(args.props["tags"]).apply(lambda tags: {**tags, "by": "transform"})
            return pulumi.ResourceTransformResult({**args.props, "tags": tags}, args.opts)

        pulumi.runtime.register_resource_transform(mark("stack"))
        part = Part("part", Options(transforms=[mark("parent-")]))
        other = Thing("other", Options(parent=part))
        options = Options(parent=part, transforms=[add_tag, mark("own-")])
        Thing("thing", options, tags=pulumi.Output.secret({"a": "b"}), fed=other.made)
        """,
        monitor=monitor,
    )
    assert plan.complete, messages(plan)
    thing = resource(plan, "thing")
    assert thing.inputs["marks"] == "own-parent-stack"
    assert thing.inputs["tags"] == Secret({"a": "b", "by": "transform"})
    assert thing.inputs["fed"] is UNKNOWN
    assert resource(plan, "other").urn in thing.dependencies


@pytest.mark.parametrize("monitor", MONITORS)
def test_a_transform_that_raises_fails_the_preview_with_its_own_line(program: Program, monitor: str) -> None:
    plan = program(
        """
        import pulumi
        from things import Thing

        def broken(args):
            raise ValueError("no such tag")

        Thing("thing", opts=pulumi.ResourceOptions(transforms=[broken]))
        """,
        monitor=monitor,
    )
    assert not plan.complete
    assert "no such tag" in messages(plan)
    assert "__main__.py" in messages(plan)


def test_only_hooks_that_ask_for_it_run_in_a_preview(program: Program) -> None:
    plan = program("""
        import pulumi
        from pulumi import ResourceHook, ResourceHookBinding, ResourceHookOptions, ResourceOptions
        from things import Thing

        def refuse(args):
            raise ValueError(f"{args.name} has {args.new_inputs['size']}")

        real = ResourceHook("real", refuse)
        dry = ResourceHook("dry", refuse, ResourceHookOptions(on_dry_run=True))
        Thing("quiet", ResourceOptions(hooks=ResourceHookBinding(before_create=[real])), size=1)
        Thing("refused", ResourceOptions(hooks=ResourceHookBinding(before_create=[dry])), size=2)
    """)
    assert plan.failed
    assert "refused has 2" in messages(plan)
    assert "quiet has 1" not in messages(plan)
    assert resource(plan, "quiet").hooks == {"BeforeCreate": ("real",)}


def test_500_resources_behind_a_stack_transform_do_not_deadlock_over_grpc(program: Program) -> None:
    plan = program(
        """
        import pulumi
        from things import Thing
        pulumi.runtime.register_resource_transform(lambda args: None)
        for number in range(500):
            Thing(f"thing-{number}", size=number)
        """,
        monitor="parent",
        timeout_seconds=120.0,
    )
    assert plan.complete, messages(plan)
    assert len(operations(plan)) == 500
