"""Resources as the tests of comparisons and checks need them."""

from __future__ import annotations

import asyncio
import importlib
import warnings
from collections.abc import Mapping
from typing import Any

from pulumi.runtime.rpc import serialize_properties

from preview.plan import Operation, Plan, Resource, Step
from preview.wire import from_struct


def urn(resource_type: str, name: str) -> str:
    return f"urn:pulumi:dev::infraplatform::{resource_type}::{name}"


def resource(
    resource_type: str, inputs: Mapping[str, Any] | None = None, *, name: str = "it", **fields: Any
) -> Resource:
    return Resource(urn=urn(resource_type, name), type=resource_type, custom=True, inputs=inputs or {}, **fields)


def plan(*resources: Resource) -> Plan:
    steps = tuple(Step(operation=Operation.CREATE, new=each) for each in resources)
    return Plan(project="infraplatform", stack="dev", steps=steps)


def on_the_wire(args: Any) -> dict[str, Any]:
    """Return what the engine gets for the args of a resource, written as a user writes them."""
    return from_struct(asyncio.run(serialize_properties(vars(args), {}, typ=type(args))))


def sdk(name: str) -> Any:
    """Import a module of an SDK whole, as a program that uses it does; the SDKs load the inside of a module late."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # each SDK module warns of its own old classes
        module = importlib.import_module(name)
        vars(module)
        getattr(module, "__all__", None)
    return module
