"""What the monitor does to a registration, as the engine would."""

from __future__ import annotations

from preview.plan import UNKNOWN, Secret, Severity
from tests.preview.conftest import Program, messages, operations, resource

MONITORS = ("child", "parent")


def test_children_inherit_protection_retention_and_what_they_are_deleted_with(program: Program) -> None:
    plan = program("""
        import pulumi
        from things import Thing
        from pulumi import ResourceOptions as Options

        cluster = Thing("cluster")
        parent = Thing("parent", opts=Options(protect=True, retain_on_delete=True, deleted_with=cluster))
        Thing("child", opts=Options(parent=parent))
        Thing("unprotected", opts=Options(parent=parent, protect=False))
    """)
    child = resource(plan, "child")
    assert (child.protect, child.retain_on_delete, child.deleted_with) == (True, True, resource(plan, "cluster").urn)
    assert not resource(plan, "unprotected").protect
    assert child.urn == "urn:pulumi:dev::demo::demo:index:Thing$demo:index:Thing::child"


def test_a_provider_reaches_grandchildren_through_components_and_children_through_resources(program: Program) -> None:
    plan = program("""
        import pulumi
        from things import Part, Thing
        from pulumi import ResourceOptions as Options

        class DemoProvider(pulumi.ProviderResource):
            def __init__(self, name, opts=None):
                super().__init__("demo", name, {"region": "here"}, opts)

        first, second = DemoProvider("first"), DemoProvider("second")
        outer = Part("outer", Options(providers=[first]))
        inner = Part("inner", Options(parent=outer))
        grandchild = Thing("grandchild", Options(parent=inner))
        Thing("great", Options(parent=grandchild))
        Thing("own", Options(parent=inner, provider=second))
        Thing("default")
    """)
    providers = {item.name: item.provider or "" for item in plan.resources}
    assert "::first::" in providers["grandchild"]
    assert "::first::" in providers["great"]
    assert "::second::" in providers["own"]
    assert "pulumi:providers:demo::default::" in providers["default"]
    assert "default" not in {item.name for item in plan.resources if item.type.startswith("pulumi:providers")}


def test_the_default_provider_has_the_version_of_the_sdk_and_the_packages_config(program: Program) -> None:
    plan = program(
        """
        import pulumi
        from things import Thing
        Thing("versioned", opts=pulumi.ResourceOptions(version="1.2.3-rc.1"))
        """,
        "config: {demo:region: here}",
    )
    assert "::default_1_2_3_rc_1::" in (resource(plan, "versioned").provider or "")


def test_a_resource_registered_twice_is_an_error_that_names_both_lines(program: Program) -> None:
    plan = program("""
        from things import Thing
        Thing("one")
        Thing("one")
        Thing("two")
    """)
    (error,) = [item for item in plan.diagnostics if item.severity is Severity.ERROR]
    lines = {str(error.source)} | set(error.message.split())
    assert {"__main__.py:3", "__main__.py:4"} <= lines
    assert operations(plan)["two"] == "create", "the other resources are planned all the same"


def test_a_dynamic_resource_is_planned_without_running_or_showing_its_provider(program: Program) -> None:
    plan = program("""
        import pulumi
        from pulumi.dynamic import CreateResult, Resource, ResourceProvider

        class Never(ResourceProvider):
            def create(self, props):
                raise AssertionError("a preview creates nothing")

        class Dynamic(Resource):
            def __init__(self, name):
                super().__init__(Never(), name, {"size": 1})

        Dynamic("dynamic")
    """)
    assert plan.complete, messages(plan)
    inputs = resource(plan, "dynamic").inputs
    assert inputs["size"] == 1
    assert isinstance(inputs["__provider"], Secret)


def test_a_remote_component_is_planned_as_one_and_said_to_be_opaque(program: Program) -> None:
    plan = program("""
        import pulumi

        class Remote(pulumi.ComponentResource):
            def __init__(self, name):
                super().__init__("eks:index:Cluster", name, {"size": 1, "kubeconfig": None}, None, remote=True)

        remote = Remote("remote")
        pulumi.export("kubeconfig", remote.kubeconfig)
    """)
    assert plan.complete, messages(plan)
    assert operations(plan) == {"remote": "create"}
    assert plan.outputs["kubeconfig"] is UNKNOWN
    assert "not planned offline" in messages(plan)


def test_secrets_stay_secrets_in_inputs_outputs_and_what_depends_on_them(program: Program) -> None:
    plan = program(
        """
        import pulumi
        from things import Thing
        token = pulumi.Config().require_secret("token")
        given = pulumi.Output.secret("hunter2")
        secret_size = pulumi.ResourceOptions(additional_secret_outputs=["size"])
        thing = Thing("thing", secret_size, token=token, size=3, plain=given)
        Thing("after", size=thing.size, text=pulumi.Output.concat("x-", token))
        """,
        "config: {demo:token: {secure: v1:abc}}",
    )
    assert resource(plan, "thing").inputs["token"] == Secret(UNKNOWN)
    assert resource(plan, "thing").inputs["plain"] == Secret("hunter2")
    assert resource(plan, "after").inputs["size"] == Secret(3)
    assert resource(plan, "after").inputs["text"] == Secret(UNKNOWN)
    assert plan.config["demo:token"] == "[secret]"


PARITY = """
    import pulumi
    from things import Part, Thing
    from pulumi import ResourceOptions as Options

    part = Part("part", Options(protect=True), {"cidr": "10.0.0.0/16"})
    slowly = pulumi.CustomTimeouts(create="1h30m")
    first = Thing("first", Options(parent=part, custom_timeouts=slowly), size=1, tags={"a": ["b", 1.5]})
    options = Options(parent=first, depends_on=[part], ignore_changes=["size"])
    second = Thing("second", options, fed=first.made, secret=pulumi.Output.secret(1))
    part.register_outputs({"made": first.made})
    pulumi.log.warn("mind the gap", second)
    pulumi.log.debug("nobody sees this")
    pulumi.export("first", first.made)
    pulumi.export("size", first.size)
"""


def test_the_plan_is_the_same_wherever_the_monitor_sits(program: Program) -> None:
    child, parent = (program(PARITY, monitor=monitor) for monitor in MONITORS)
    assert child.steps == parent.steps
    assert (child.outputs, child.diagnostics) == (parent.outputs, parent.diagnostics)
    assert [item.message for item in child.diagnostics] == ["mind the gap"]
    assert resource(child, "first").custom_timeouts == {"create": "5400s"}
