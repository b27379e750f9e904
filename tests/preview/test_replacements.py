from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from preview.diff import compare
from preview.paths import Path, parse_path
from preview.plan import PropertyChange, Secret
from preview.replacements import TABLES, Kind, autonamed, classify, may_replace, read_table, replaces, unclassified
from preview.schema import Block, ListOf, MapOf, OneOf, Property, Shape, inputs_of
from tests.preview.resources import resource, sdk

CLUSTER = "aws:eks/cluster:Cluster"
SDK = {"aws": "pulumi_aws", "command": "pulumi_command", "kubernetes": "pulumi_kubernetes"}
LISTS = ("updates", "replaces", "replaces_unless_added", "replaces_when_removed")


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(TABLES.glob("*.yaml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8")).items()


TYPES = {token: entry for token, entry in entries() if token.partition(":")[0] in SDK and "*" not in token}


def schema_of(token: str) -> Block:
    """Import the SDK module of a type, as a program that uses it does, and return its schema."""
    package, module, name = token.split(":")
    path = {"helm.sh/v3": "helm.v3"}.get(module) or re.sub(r"\.k8s\.io", "", module).replace("/", ".")
    if package == "aws":
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
    paths = [text for key in LISTS for text in TYPES[token].get(key, ())]
    assert [text for text in paths if not list(properties_at(schema, parse_path(text)))] == []


REPLACING = re.compile(r"forc\w+ (?:a )?(?:new|replacement|resource)|re-?creat", re.IGNORECASE)
CONDITIONAL = {("aws:ec2/vpcEndpoint:VpcEndpoint", "privateDnsEnabled")}  # the table says when


@pytest.mark.parametrize("token", [token for token in TYPES if token.startswith("aws:")])
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
    ("token", "path", "expected"),
    [
        (CLUSTER, "version", Kind.UPDATES),
        (CLUSTER, "roleArn", Kind.REPLACES),
        (CLUSTER, "vpcConfig.subnetIds[0]", Kind.UPDATES),
        (CLUSTER, "vpcConfig.controlPlaneEgressMode", Kind.UNCLASSIFIED),
        (CLUSTER, 'tags["kubernetes.io/role"]', Kind.UPDATES),
        (CLUSTER, "region", Kind.REPLACES),
        ("aws:eks/nodeGroup:NodeGroup", "launchTemplate.version", Kind.UPDATES),
        ("aws:eks/nodeGroup:NodeGroup", "launchTemplate.id", Kind.REPLACES),
        ("aws:backup/plan:Plan", "rules[2].lifecycle.deleteAfter", Kind.UPDATES),
        ("aws:lambda/function:Function", "handler", Kind.UNCLASSIFIED),
        ("kubernetes:core/v1:Namespace", "metadata.labels.team", Kind.UPDATES),
        ("kubernetes:core/v1:Namespace", "metadata.name", Kind.REPLACES),
        ("kubernetes:storage.k8s.io/v1:StorageClass", "parameters.type", Kind.REPLACES),
        ("kubernetes:karpenter.sh/v1:NodePool", "spec.limits", Kind.UPDATES),
        ("kubernetes:helm.sh/v3:Release", "values.replicas", Kind.UPDATES),
        ("kubernetes:helm.sh/v3:Release", "namespace", Kind.REPLACES),
        ("command:remote:Command", "triggers[0]", Kind.REPLACES),
        ("command:remote:Command", "create", Kind.UPDATES),
        ("pulumi:providers:aws", "region", Kind.UPDATES),
        ("example:index:Thing", "size", Kind.UNCLASSIFIED),
    ],
)
def test_a_path_is_classified_by_the_most_specific_entry_that_speaks_of_it(
    token: str, path: str, expected: Kind
) -> None:
    found = classify(token, path)
    assert found.kind is expected
    assert (found.source is None) == (expected is Kind.UNCLASSIFIED)


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
    ("change", "expected"), [(PropertyChange.ADD, False), (PropertyChange.UPDATE, True), (PropertyChange.DELETE, True)]
)
def test_a_first_value_is_taken_in_place_where_the_table_says_so(change: PropertyChange, expected: bool) -> None:  # noqa: FBT001  a table of answers
    assert replaces(CLUSTER, ("computeConfig", "nodeRoleArn"), change) is expected


def test_only_the_end_of_the_whole_value_replaces_where_the_table_says_so() -> None:
    assert replaces(CLUSTER, ("encryptionConfig",), PropertyChange.DELETE)
    assert not replaces(CLUSTER, ("encryptionConfig", "resources", 1), PropertyChange.DELETE)
    assert not replaces(CLUSTER, ("encryptionConfig",), PropertyChange.ADD)


def test_inputs_without_an_entry_are_named() -> None:
    inputs = {"version": "1.35", "newThing": [{"size": 1}, {"size": 2}], "tags": {"a": "b"}, "__defaults": ["name"]}
    assert unclassified(resource(CLUSTER, inputs)) == ["newThing.size"]
    assert unclassified(resource(CLUSTER, {"newThing": Secret({"size": 1})})) == ["newThing.size"]


def test_an_update_that_no_table_speaks_of_may_replace() -> None:
    step = compare(
        resource(CLUSTER, {"version": "1.34", "newThing": 1}), resource(CLUSTER, {"version": "1.35", "newThing": 2})
    )
    assert may_replace(step) == ["newThing"]


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (CLUSTER, "name"),
        ("aws:eks/nodeGroup:NodeGroup", "nodeGroupName"),
        ("kubernetes:core/v1:ConfigMap", "metadata.name"),
        ("kubernetes:helm.sh/v3:Release", "name"),
        (VPC := "aws:ec2/vpc:Vpc", None),
    ],
)
def test_the_autonamed_input_is_told(token: str, expected: str | None) -> None:
    assert autonamed(token) == expected


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"updates": ["a"]}, "'source' is missing"),
        ({"source": "s", "update": ["a"]}, "unknown key 'update'"),
        ({"source": "s", "updates": ["a"], "replaces": ["a"]}, "'a' is under 'updates' and under 'replaces'"),
        ({"source": "s", "everything_else": "maybe"}, "maybe"),
    ],
)
def test_a_broken_table_is_refused_by_name(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_table("aws.yaml: aws:x:Y", entry)


def test_every_source_says_when_it_was_read() -> None:
    assert [token for token, entry in entries() if not re.search(r"read \d{4}-\d{2}-\d{2}$", entry["source"])] == []
