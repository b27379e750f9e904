"""Applies the in-cluster objects of a plan to a real API server with `dryRun=All`: it validates, nothing is kept.

What the objects stand on is created for real first: their namespaces and the plan's own custom resource definitions.
What cannot be checked is named with its reason, never passed over.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from preview.plan import UNKNOWN, Resource, Secret
from tests.conformance.kubernetes import Answer, ApiServer

FIELD_MANAGER: Final = "infraplatform"
_APPLY: Final = "application/apply-patch+yaml"
_ESTABLISH_SECONDS: Final = 15
_DEFINITION: Final = "CustomResourceDefinition"

# What is unknown until the update gets a value that the field's syntax allows, by the end of its path without indices.
_STAND_INS: Final[Mapping[str, Any]] = {
    "cidr": "192.0.2.0/24",
    "clusterIP": "192.0.2.1",
    "maxReplicas": 2,
    "minReplicas": 1,
    "port": 443,
    "replicas": 1,
    "securityGroupSelectorTerms.id": "sg-0123456789abcdef0",
    "subnetSelectorTerms.id": "subnet-0123456789abcdef0",
    "targetPort": 443,
}
_STAND_IN: Final = "stand-in"


@dataclass
class Report:
    """What the server said of a plan's objects, by URN.

    Attributes:
        accepted: the objects that it would store.
        refused: the objects that it would not, with its reason.
        unchecked: what could not be asked, with the reason.
        stand_ins: the property paths whose unknown values were replaced, by object.
    """

    accepted: list[str] = field(default_factory=list[str])
    refused: dict[str, str] = field(default_factory=dict[str, str])
    unchecked: dict[str, str] = field(default_factory=dict[str, str])
    stand_ins: dict[str, list[str]] = field(default_factory=dict[str, list[str]])


def dry_run(server: ApiServer, resources: Iterable[Resource]) -> Report:
    """Ask the server about every `kubernetes:*` resource among `resources`."""
    report = Report()
    objects = dict(_objects(resources, report))
    _create_foundations(server, objects.values())
    plurals = _Plurals(server)
    for urn, manifest in objects.items():
        path = plurals.path(manifest)
        if path is None:
            kind = f"{manifest['apiVersion']} {manifest['kind']}"
            report.unchecked[urn] = f"{kind}: the server does not know this kind, and no definition of it is at hand"
            continue
        answer = server.request("PATCH", f"{path}?{_query(dry_run=True)}", manifest, _APPLY)
        if answer.status < 300:
            report.accepted.append(urn)
        else:
            report.refused[urn] = answer.message
    return report


def _objects(resources: Iterable[Resource], report: Report) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in resources:
        if not resource.type.startswith("kubernetes:"):
            continue
        if "apiVersion" not in resource.inputs or "kind" not in resource.inputs:
            report.unchecked[resource.urn] = f"{resource.type}: not an object of the API; its own engine renders it"
            continue
        replaced: list[str] = []
        manifest = _plain(resource.inputs, "", replaced)
        manifest.setdefault("metadata", {}).setdefault("name", _STAND_IN)  # the provider would autoname it
        if replaced:
            report.stand_ins[resource.urn] = replaced
        yield resource.urn, manifest


def _plain(value: Any, path: str, replaced: list[str]) -> Any:
    """Return a value as the server takes it: secrets shown to it, unknowns replaced and their paths noted."""
    if isinstance(value, Secret):
        return _plain(value.value, path, replaced)
    if value is UNKNOWN:
        replaced.append(path)
        keys = re.sub(r"\[\d+\]", "", path).split(".")
        return _STAND_INS.get(".".join(keys[-2:]), _STAND_INS.get(keys[-1], _STAND_IN))
    if isinstance(value, Mapping):
        return {key: _plain(item, f"{path}.{key}".lstrip("."), replaced) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{path}[{index}]", replaced) for index, item in enumerate(value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the engine's numbers are doubles, a port is not
    return value


def _create_foundations(server: ApiServer, objects: Iterable[Mapping[str, Any]]) -> None:
    """Create, for real, the namespaces that the objects are in and the definitions among them."""
    manifests = list(objects)
    for name in {manifest["metadata"]["namespace"] for manifest in manifests if "namespace" in manifest["metadata"]}:
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        server.request("PATCH", f"/api/v1/namespaces/{quote(name)}?{_query()}", body, _APPLY)
    define(server, [manifest for manifest in manifests if manifest["kind"] == _DEFINITION])


def define(server: ApiServer, definitions: Iterable[Mapping[str, Any]]) -> None:
    """Create custom resource definitions for real and wait until they serve; a bad one is left to the dry run."""
    for definition in definitions:
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{quote(definition['metadata']['name'])}"
        if server.request("PATCH", f"{path}?{_query()}", definition, _APPLY).status < 300:
            _wait_until_established(server, path)


def _wait_until_established(server: ApiServer, path: str) -> None:
    deadline = time.monotonic() + _ESTABLISH_SECONDS
    while time.monotonic() < deadline:
        conditions = server.request("GET", path).body.get("status", {}).get("conditions") or []
        if any(item["type"] == "Established" and item["status"] == "True" for item in conditions):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{path}: not established after {_ESTABLISH_SECONDS} s")


class _Plurals:
    """The paths of kinds, read from the server's own discovery, each group once."""

    def __init__(self, server: ApiServer) -> None:
        self._server = server
        self._groups: dict[str, Answer] = {}

    def path(self, manifest: Mapping[str, Any]) -> str | None:
        """The path of an object; None where the server does not know its kind."""
        version = manifest["apiVersion"]
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if root not in self._groups:
            self._groups[root] = self._server.request("GET", root)
        for kind in self._groups[root].body.get("resources", []):
            if kind["kind"] == manifest["kind"] and "/" not in kind["name"]:
                metadata = manifest["metadata"]
                space = f"/namespaces/{quote(metadata.get('namespace', 'default'))}" if kind["namespaced"] else ""
                return f"{root}{space}/{kind['name']}/{quote(metadata['name'])}"
        return None


def _query(*, dry_run: bool = False) -> str:
    query = f"fieldManager={FIELD_MANAGER}&fieldValidation=Strict&force=true"
    return f"{query}&dryRun=All" if dry_run else query
