"""A real API server would store the in-cluster objects of every example, and says so of bad ones."""

from __future__ import annotations

from typing import Any, Final

import pytest

from components.versions import ADD_ON_VERSIONS, KARPENTER_VERSION
from preview.plan import UNKNOWN, Resource, Secret
from preview.runner import preview
from tests.conformance import definitions
from tests.conformance.build import MODULES
from tests.conformance.cases import Case, examples
from tests.conformance.dry_run import dry_run
from tests.conformance.kubernetes import ApiServer

pytestmark = pytest.mark.conformance

# What no API server can be asked about, by type: everything else in an example must be checked.
NOT_CHECKABLE: Final = {
    "kubernetes:helm.sh/v3:Release": "the provider renders the chart while it installs it",
}


@pytest.mark.parametrize("case", list(examples()), ids=lambda case: case.name)
def test_the_objects_of_an_example_would_be_stored(case: Case, server: ApiServer) -> None:
    plan = preview(case.project_dir, case.stack, config_file=case.config_file)
    assert plan.complete, plan.diagnostics
    report = dry_run(server, plan.resources)
    assert report.refused == {}
    unchecked = {
        urn: reason
        for urn, reason in report.unchecked.items()
        if urn.split("::")[2].split("$")[-1] not in NOT_CHECKABLE
    }
    assert unchecked == {}


def kubernetes_object(name: str, kind: str, **inputs: Any) -> Resource:
    """An object as a plan holds it."""
    token = f"kubernetes:{inputs['apiVersion']}:{kind}"
    urn = f"urn:pulumi:dev::project::{token}::{name}"
    return Resource(urn=urn, type=token, custom=True, inputs={"kind": kind, **inputs})


def test_an_object_that_the_server_would_store_is_accepted(server: ApiServer) -> None:
    service = kubernetes_object(
        "web",
        "Service",
        apiVersion="v1",
        metadata={"name": "web", "namespace": "shop"},
        spec={"ports": [{"port": 80.0, "targetPort": 8080.0}], "selector": {"app": "web"}},
    )
    assert dry_run(server, [service]).accepted == [service.urn]


def test_a_key_that_the_kind_does_not_have_is_refused_by_name(server: ApiServer) -> None:
    settings = kubernetes_object(
        "settings", "ConfigMap", apiVersion="v1", metadata={"name": "settings"}, dat={"a": "b"}
    )
    assert "dat" in dry_run(server, [settings]).refused[settings.urn]


def test_a_value_that_validation_refuses_is_reported_in_the_servers_words(server: ApiServer) -> None:
    service = kubernetes_object(
        "web", "Service", apiVersion="v1", metadata={"name": "Web_1"}, spec={"ports": [{"port": 80}]}
    )
    assert "Web_1" in dry_run(server, [service]).refused[service.urn]


def test_unknown_values_get_stand_ins_that_the_report_names(server: ApiServer) -> None:
    settings = kubernetes_object(
        "settings",
        "ConfigMap",
        apiVersion="v1",
        metadata={"name": "settings", "namespace": UNKNOWN},
        data={"url": UNKNOWN, "token": Secret("s3cret")},
    )
    report = dry_run(server, [settings])
    assert report.accepted == [settings.urn]
    assert report.stand_ins == {settings.urn: ["metadata.namespace", "data.url"]}


def test_nothing_of_a_dry_run_is_kept(server: ApiServer) -> None:
    settings = kubernetes_object("kept", "ConfigMap", apiVersion="v1", metadata={"name": "kept"}, data={"a": "b"})
    assert dry_run(server, [settings]).accepted
    assert server.request("GET", "/api/v1/namespaces/default/configmaps/kept").status == 404


def test_a_kind_without_a_definition_is_named_and_not_passed_over(server: ApiServer) -> None:
    gadget = kubernetes_object("one", "Gadget", apiVersion="example.org/v1", metadata={"name": "one"})
    report = dry_run(server, [gadget])
    assert report.accepted == []
    assert "example.org/v1 Gadget" in report.unchecked[gadget.urn]


def test_the_definitions_are_those_of_the_versions_that_clusters_get() -> None:
    pins = (MODULES / definitions.NAME / "go.mod").read_text(encoding="utf-8")
    assert f"github.com/aws/karpenter-provider-aws v{KARPENTER_VERSION}\n" in pins
    controllers = {versions["snapshot-controller"].partition("-")[0] for versions in ADD_ON_VERSIONS.values()}
    assert {f"client/v8 {version}" in pins for version in controllers} == {True}


def test_a_custom_resource_is_checked_by_the_definition_in_its_plan(server: ApiServer) -> None:
    schema = {"type": "object", "properties": {"driver": {"type": "string"}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    definition = kubernetes_object(
        "definition",
        "CustomResourceDefinition",
        apiVersion="apiextensions.k8s.io/v1",
        metadata={"name": "widgets.example.com"},
        spec={
            "group": "example.com",
            "scope": "Cluster",
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget"},
            "versions": [version],
        },
    )
    good = kubernetes_object("good", "Widget", apiVersion="example.com/v1", metadata={"name": "good"}, driver="x")
    bad = kubernetes_object("bad", "Widget", apiVersion="example.com/v1", metadata={"name": "bad"}, driver=1)
    report = dry_run(server, [definition, good, bad])
    assert report.accepted == [definition.urn, good.urn]
    assert "driver" in report.refused[bad.urn]


def test_a_helm_release_is_named_as_not_checked(server: ApiServer) -> None:
    release = Resource(
        urn="urn:pulumi:dev::project::kubernetes:helm.sh/v3:Release::karpenter",
        type="kubernetes:helm.sh/v3:Release",
        custom=True,
        inputs={"chart": "karpenter"},
    )
    assert release.urn in dry_run(server, [release]).unchecked
