"""What the engine does to a registration that the Python SDK leaves to it, seen by the messages alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi.runtime.proto.resource_pb2 import FAIL, RegisterResourceRequest, RegisterResourceResponse

from preview.callbacks import LocalCallbacks
from preview.exchange import Request
from preview.monitor import Monitor
from preview.plan import Resource
from preview.planner import Planner

THING = "demo:index:Thing"


class Run:
    """A monitor, and what was planned by it."""

    def __init__(self, root: Path) -> None:
        self.planner = Planner()
        config = {"demo:region": "here", "demo:token": "hunter2", "other:x": "y"}
        request = Request(
            project="demo", stack="dev", root=str(root), program="", config=config, secret_keys=("demo:token",)
        )
        self.monitor = Monitor(request, self.planner, LocalCallbacks())

    def register(self, name: str, **fields: object) -> RegisterResourceResponse:
        message = RegisterResourceRequest(type=THING, name=name, custom=True)
        for field, value in fields.items():
            if isinstance(value, (list, dict)):
                getattr(message, field).update(value) if isinstance(value, dict) else getattr(message, field).extend(
                    value
                )
            else:
                setattr(message, field, value)
        return self.monitor.RegisterResource(message)

    def planned(self, name: str) -> Resource:
        (found,) = [step.resource for step in self.planner.steps.values() if step.resource.name == name]
        return found


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_a_child_takes_over_what_its_parent_said_unless_it_says_otherwise(run: Run) -> None:
    parent = run.register("parent", protect=True, retainOnDelete=True, deletedWith="urn:cluster").urn
    run.register("child", parent=parent)
    run.register("other", parent=parent, protect=False, retainOnDelete=False)
    child, other = run.planned("child"), run.planned("other")
    assert (child.protect, child.retain_on_delete, child.deleted_with) == (True, True, "urn:cluster")
    assert (other.protect, other.retain_on_delete, other.deleted_with) == (False, False, "urn:cluster")


def test_a_provider_is_taken_from_a_parent_of_the_same_package_only(run: Run) -> None:
    provider = run.register("explicit", type="pulumi:providers:demo")
    reference = f"{provider.urn}::{provider.id}"
    parent = run.register("parent", provider=reference).urn
    run.register("child", parent=parent)
    run.register("foreign", parent=parent, type="else:index:Thing")
    assert run.planned("child").provider == reference
    assert "pulumi:providers:else::default" in (run.planned("foreign").provider or "")


def test_providers_of_a_component_reach_its_children_through_components(run: Run) -> None:
    provider = run.register("explicit", type="pulumi:providers:demo")
    reference = f"{provider.urn}::{provider.id}"
    outer = run.register("outer", custom=False, providers={"demo": reference}).urn
    inner = run.register("inner", custom=False, parent=outer).urn
    run.register("thing", parent=inner)
    assert run.planned("thing").provider == reference
    assert run.planned("inner").provider is None


def test_a_default_provider_is_made_once_for_each_version_with_the_packages_config(run: Run) -> None:
    for name, version in (("a", "1.0.0"), ("b", "1.0.0"), ("c", "2.0.0-rc.1+x"), ("d", "")):
        run.register(name, version=version)
    providers = [step.resource for step in run.planner.steps.values() if step.resource.type.startswith("pulumi:")]
    assert [provider.name for provider in providers] == ["default_1_0_0", "default_2_0_0_rc_1_x", "default"]
    assert providers[0].inputs["region"] == "here"
    assert providers[0].inputs["version"] == "1.0.0"
    assert repr(providers[0].inputs["token"]) == "Secret([secret])"
    assert "x" not in providers[0].inputs
    assert "__internal" not in providers[0].outputs


def test_properties_without_dependencies_of_their_own_depend_on_all_of_the_resources(run: Run) -> None:
    message = RegisterResourceRequest(type=THING, name="thing", custom=True, dependencies=["urn:b", "urn:a"])
    message.object.update({"size": 1})
    run.monitor.RegisterResource(message)
    assert run.planned("thing").property_dependencies == {"size": ("urn:a", "urn:b")}


def test_a_second_registration_fails_and_leaves_the_first(run: Run) -> None:
    run.register("thing", protect=True)
    assert run.register("thing").result == FAIL
    assert run.planned("thing").protect
