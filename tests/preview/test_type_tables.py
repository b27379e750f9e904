"""The tables: what they say exists in the SDKs and is not contradicted there, and mistakes in them are named."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from pulumi import _types

from preview.paths import Path, parse_path
from preview.schema import Block, ListOf, MapOf, OneOf, Property, Shape, inputs_of
from preview.type_tables import TABLES, Kind, read_table
from tests.conformance import fabricate
from tests.preview.resources import sdk

SDK = {
    "aws": "pulumi_aws",
    "azure-native": "pulumi_azure_native",
    "command": "pulumi_command",
    "gcp": "pulumi_gcp",
    "kubernetes": "pulumi_kubernetes",
}
REPLACED_BY = ("replaces", "replaces_unless_added", "replaces_between_values", "replaces_when_removed")
LISTS = ("computed", "reshapes", "updates", *REPLACED_BY)


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(TABLES.glob("*.yaml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8")).items()


TYPES = {token: entry for token, entry in entries() if token.partition(":")[0] in SDK and "*" not in token}

BRIDGED = {"aws", "gcp"}  # by Terraform providers: modules of one level, and documentation that says what replaces


def schema_of(token: str) -> Block:
    """Import the SDK module of a type, as a program that uses it does, and return its schema."""
    package, module, name = token.split(":")
    path = {"helm.sh/v3": "helm.v3"}.get(module) or re.sub(r"\.k8s\.io", "", module).replace("/", ".")
    if package in BRIDGED:
        path = module.partition("/")[0]
    if package == "kubernetes":
        path = path.replace("rbac.authorization", "rbac")
    getattr(sdk(f"{SDK[package]}.{path}"), name)
    schema = inputs_of(token)
    assert schema is not None, f"{token}: the SDK has no such type"
    return schema


def properties_at(shape: Shape, path: Path) -> Iterator[Property]:
    """Yield the property that a path without indices names."""
    if isinstance(shape, OneOf):
        for option in shape.shapes:
            yield from properties_at(option, path)
    elif isinstance(shape, ListOf):
        yield from properties_at(shape.item, path)
    elif isinstance(shape, MapOf):
        yield from properties_at(shape.value, path[1:])
    elif isinstance(shape, Block) and path and path[0] in shape.properties:
        found = shape.properties[str(path[0])]
        yield from properties_at(found.shape, path[1:]) if path[1:] else (found,)


@pytest.mark.parametrize("token", TYPES)
def test_every_path_of_a_table_is_an_input_of_the_sdk(token: str) -> None:
    schema = schema_of(token)
    lists = [key for key in LISTS if key != "computed" or token.partition(":")[0] in BRIDGED]
    paths = [text for key in lists for text in TYPES[token].get(key, ())]
    assert [text for text in paths if not list(properties_at(schema, parse_path(text)))] == []


@pytest.mark.parametrize(
    "token", [token for token, entry in TYPES.items() if "computed" in entry and token.startswith("azure-native:")]
)
def test_every_computed_key_is_one_of_the_sdks_outputs_inside_an_input(token: str) -> None:
    schema, resource_class = schema_of(token), fabricate._resource_class(token)
    assert resource_class is not None
    for text in TYPES[token]["computed"]:
        path = tuple(part for part in parse_path(text) if part != "*")  # the same keys in each entry of a map
        assert list(properties_at(schema, path[:1])), f"{text}: its object is no input"
        assert path[-1] in output_keys(fabricate._hints(resource_class), path[:-1]), f"{text} is no output"


def output_keys(hints: Mapping[str, Any], path: Path) -> set[str]:
    """The keys of the SDK's output class at a path without indices."""
    for key in path:
        hints = {
            name: inner for cls in output_classes(hints[str(key)]) for name, inner in fabricate._hints(cls).items()
        }
    return set(hints)


def output_classes(hint: Any) -> list[type]:
    """The output classes in a type hint, whatever is around them."""
    if isinstance(hint, type) and _types.is_output_type(hint):
        return [hint]
    return [cls for argument in typing.get_args(hint) for cls in output_classes(argument)]


@pytest.mark.parametrize("token", [token for token, entry in TYPES.items() if "recomputes" in entry])
def test_every_recomputed_output_and_what_causes_it_is_in_the_sdk(token: str) -> None:
    inputs, resource_class = schema_of(token), fabricate._resource_class(token)
    assert resource_class is not None
    outputs = fabricate._hints(resource_class)
    causes = [
        text
        for cause in TYPES[token]["recomputes"].values()
        for text in [*cause.get("by", ()), *cause.get("by_all_but", ()), *filter(None, [cause.get("only_with")])]
    ]
    assert [text for text in causes if not list(properties_at(inputs, parse_path(text)))] == []
    assert [name for name in TYPES[token]["recomputes"] if name not in outputs] == []


REPLACING = re.compile(r"forc\w+ (?:a )?(?:new|replacement|resource)|re-?creat", re.IGNORECASE)
CONDITIONAL = {
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "privateDnsEnabled"),  # the table says when
    ("gcp:container/cluster:Cluster", "addonsConfig"),  # GKE replaces nodes, not the cluster
    ("gcp:container/cluster:Cluster", "nodeConfig.imageType"),
}


@pytest.mark.parametrize("token", [token for token in TYPES if token.partition(":")[0] in BRIDGED])
def test_nothing_is_called_updatable_that_the_sdk_says_replaces(token: str) -> None:
    schema = schema_of(token)
    updatable = [
        text for text in TYPES[token].get("updates", ()) if text not in TYPES[token].get("replaces_when_removed", ())
    ]
    contradicted = [
        text
        for text in updatable
        for found in properties_at(schema, parse_path(text))
        if REPLACING.search(documentation(found)) and (token, text) not in CONDITIONAL
    ]
    assert contradicted == []


def documentation(of: Property) -> str:
    """What the SDK says of a property and of everything inside it."""
    own = vars(of.args_class)[of.python_name].fget.__doc__ or ""
    return own + "".join(documentation(inner) for inner in inner_properties(of.shape))


def inner_properties(shape: Shape) -> Iterator[Property]:
    match shape:
        case ListOf(inner) | MapOf(inner):
            yield from inner_properties(inner)
        case OneOf(shapes):
            for option in shapes:
                yield from inner_properties(option)
        case Block() if "PolicyDocument" not in shape.args_class.__name__:
            yield from shape.properties.values()
        case _:
            return


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", Kind.UPDATES),
        ("a.x.y", Kind.UPDATES),
        ("a.b", Kind.REPLACES),
        ("a.b.c", Kind.REPLACES),
        ("a.b.d.e", Kind.UPDATES),
        ("m.any.size", Kind.REPLACES),
        ("m.any.other", Kind.UNCLASSIFIED),
    ],
)
def test_the_longest_entry_of_a_table_decides(path: str, expected: Kind) -> None:
    table = read_table("t", {"source": "s", "updates": ["a", "a.b.d"], "replaces": ["a.b", "m.*.size"]})
    assert table.kind_of(parse_path(path)) is expected


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"updates": ["a"]}, "'source' is missing"),
        ({"source": "s", "update": ["a"]}, "unknown key 'update'"),
        ({"source": "s", "updates": ["a"], "replaces": ["a"]}, "'a' is under 'updates' and under 'replaces'"),
        ({"source": "s", "everything_else": "maybe"}, "maybe"),
        ({"source": "s", "computed": ["arn"]}, "remove 'arn'"),
        ({"source": "s", "recomputes": {"a": {"on": ["b"]}}}, "recomputes.a: unknown key 'on'"),
        ({"source": "s", "recomputes": {"a": {"by": ["b"], "by_all_but": ["c"]}}}, "either 'by' or 'by_all_but'"),
        ({"source": "s", "recomputes": {"a": {}}}, "either 'by' or 'by_all_but'"),
    ],
)
def test_a_broken_table_is_refused_by_name(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_table("aws.yaml: aws:x:Y", entry)


def test_every_source_says_when_it_was_read() -> None:
    assert [token for token, entry in entries() if not re.search(r"read \d{4}-\d{2}-\d{2}$", entry["source"])] == []
