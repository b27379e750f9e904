"""The inputs that a resource type takes, read from the SDK classes that the program has imported.

Nothing is imported here: a type that no imported SDK knows (a custom resource of Kubernetes, a dynamic resource) has no
schema. Hints are resolved one property at a time, when a value needs them, and kept for each class.
Source: the classes that pulumi-language-python generates, as in pulumi-aws 7.51.1, azure-native 3.29.0, gcp 10.2.0,
kubernetes 4.34.2 and command 1.2.1, read 2026-11-23.
"""

from __future__ import annotations

import sys
import types
import typing
from collections import abc
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Final, ForwardRef, Literal, cast

from pulumi import Archive, Asset, Output
from pulumi import _types as pulumi_types
from pulumi.runtime import rpc


class Scalar(StrEnum):
    """A plain value, named as messages name it."""

    TEXT = "text"
    WHOLE_NUMBER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "true or false"


class Special(StrEnum):
    """A value whose inside is not described."""

    ANYTHING = "anything"
    FILE = "an asset or an archive"


@dataclass(frozen=True)
class ListOf:
    """An array whose items have one shape."""

    item: Shape


@dataclass(frozen=True)
class MapOf:
    """An object with free keys whose values have one shape."""

    value: Shape


@dataclass(frozen=True)
class Choice:
    """Named values. `is_open` means that the SDK takes other text too, and leaves the verdict to the provider."""

    values: tuple[str | int | float | bool, ...]
    is_open: bool = False


@dataclass(frozen=True)
class OneOf:
    """A value that has one of several shapes."""

    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Block:
    """An object with fixed keys: an args class of an SDK."""

    args_class: type

    @property
    def properties(self) -> Mapping[str, Property]:
        """The properties by wire name."""
        return _properties(self.args_class)


Shape = Scalar | Special | ListOf | MapOf | Choice | OneOf | Block


@dataclass(frozen=True)
class Property:
    """One key of a block; `python_name` is what the user writes, the wire name what the plan shows."""

    python_name: str
    required: bool
    args_class: type

    @property
    def shape(self) -> Shape:
        """What the property's value looks like."""
        return _shape_of_property(self.args_class, self.python_name)


def inputs_of(resource_type: str) -> Block | None:
    """Return the inputs of a resource type token (`aws:eks/cluster:Cluster`), or None if no imported SDK knows it."""
    package, _, rest = resource_type.partition(":")
    sdk_module = rpc.get_resource_module(package, rest.partition(":")[0], version="")
    info: Mapping[str, Any] = getattr(sdk_module, "mod_info", {})
    home = sys.modules.get(info.get("fqn", ""), sys)
    # Past the module's own attribute access, which would load the inside of a module that the program does not use.
    loaded: Mapping[str, object] = object.__getattribute__(home, "__dict__")
    resource_class = loaded.get(info.get("classes", {}).get(resource_type, ""))
    args_class = _args_class(resource_class) if isinstance(resource_class, type) else None
    return None if args_class is None else Block(args_class)


@cache
def _args_class(resource_class: type) -> type | None:
    """Return the args class that lies beside a resource class; it is the first name that their module exports."""
    module = sys.modules[resource_class.__module__]
    for name in getattr(module, "__all__", ()):
        exported = getattr(module, name, None)
        if isinstance(exported, type) and pulumi_types.is_input_type(exported):
            return exported
    return None


@cache
def _properties(args_class: type) -> Mapping[str, Property]:
    constructor = cast("types.FunctionType", args_class.__init__)
    optional = constructor.__kwdefaults__ or {}
    return {
        wire_name: Property(python_name, python_name not in optional, args_class)
        for python_name, wire_name in pulumi_types.input_type_py_to_pulumi_names(args_class).items()
        if python_name in constructor.__annotations__
    }


@cache
def _shape_of_property(args_class: type, python_name: str) -> Shape:
    hint = args_class.__init__.__annotations__[python_name]
    return _shape(hint, sys.modules[args_class.__module__])


def _shape(hint: object, module: types.ModuleType) -> Shape:
    """Return the shape that a type hint describes; `module` is where its forward references are looked up."""
    kinds = list(dict.fromkeys(_members(hint, module)))
    is_open = str in kinds and any(_is_enum(kind) for kind in kinds)
    if is_open:
        kinds.remove(str)
    shapes = dict.fromkeys(_plain_shape(kind, module, is_open=is_open) for kind in kinds)
    if not shapes or Special.ANYTHING in shapes:
        return Special.ANYTHING
    return next(iter(shapes)) if len(shapes) == 1 else OneOf(tuple(shapes))


def _members(hint: object, module: types.ModuleType) -> Iterable[object]:
    """Yield what a hint allows, without what every input allows: None, an Output and something to await."""
    if isinstance(hint, str | ForwardRef):
        name = hint if isinstance(hint, str) else hint.__forward_arg__
        if not name.startswith("Output["):  # what pulumi.Input[T] adds
            yield from _members(_look_up(name, module), module)
    elif typing.get_origin(hint) in (typing.Union, types.UnionType):
        for member in typing.get_args(hint):
            yield from _members(member, module)
    elif hint is not types.NoneType and typing.get_origin(hint) not in (abc.Awaitable, Output):
        yield hint


def _look_up(dotted_name: str, module: types.ModuleType) -> object:
    found: object = module
    for name in dotted_name.split("."):
        found = getattr(found, name, Any)
    return found


def _plain_shape(hint: object, module: types.ModuleType, *, is_open: bool) -> Shape:
    """Return the shape of a hint that is no union."""
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin is Literal:
        return Choice(arguments)
    if isinstance(origin, type) and issubclass(origin, abc.Mapping):
        return MapOf(_shape(arguments[1], module))
    if isinstance(origin, type) and issubclass(origin, abc.Sequence):
        return ListOf(_shape(arguments[0], module))
    if not isinstance(hint, type):
        return Special.ANYTHING
    if hint in _SCALARS:
        return _SCALARS[hint]
    if _is_enum(hint):
        return Choice(tuple(member.value for member in cast("type[Enum]", hint)), is_open=is_open)
    if _is_block(hint):
        return Block(hint)
    return Special.FILE if issubclass(hint, Asset | Archive) else Special.ANYTHING


_SCALARS: Final[Mapping[object, Scalar]] = {
    bool: Scalar.BOOLEAN,
    float: Scalar.NUMBER,
    int: Scalar.WHOLE_NUMBER,
    str: Scalar.TEXT,
}


def _is_block(hint: object) -> bool:
    return isinstance(hint, type) and pulumi_types.is_input_type(hint)


def _is_enum(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Enum)
