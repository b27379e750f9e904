"""Where the images of pods come from, and where the pods stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.properties import Properties, each
from policies.rule import Resource, Rule, Severity
from policies.rules.kubernetes_pods import WORKLOADS, containers_of, pod_of

_SOURCE: Final = "Kubernetes documentation, Images: known, not read; pulumi-kubernetes ContainerArgs, read 2026-11-29"


def _images_stay_the_same(workload: Resource) -> Iterator[str]:
    yield from each(containers_of(pod_of(workload)), _has_a_fixed_image)


def _has_a_fixed_image(container: Properties) -> Iterator[str]:
    image = str(container.get("image", default=""))
    name, at, _ = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    if not at and tag in ("", "latest"):
        yield f"{container.path}.image is {image or 'not set'}: it has neither a digest nor a fixed tag"


def _images_are_from_known_registries(workload: Resource) -> Iterator[str]:
    known = workload.circumstances.registries
    if known:
        yield from each(containers_of(pod_of(workload)), lambda container: _is_from(container, known))


def _is_from(container: Properties, registries: tuple[str, ...]) -> Iterator[str]:
    image = str(container.get("image", default=""))
    if not image.startswith(registries):
        yield f"{container.path}.image is {image}; the registries allowed are {', '.join(registries)}"


def _has_a_namespace_of_its_own(workload: Resource) -> Iterator[str]:
    if workload.inputs.get("metadata", "namespace", default="default") == "default":
        yield "it stands in the namespace default"


RULES: Final = (
    Rule(
        id="kubernetes-image",
        title="Images are fixed by digest or tag and come from the registries that the stack allows.",
        severity=Severity.MEDIUM,
        types=tuple(WORKLOADS),
        controls=(
            "cis-eks:5.1.4",
            "cis-aks:5.1.4",
            "iso-27001:8.19",
            "soc-2:CC6.8",
        ),
        problem="What runs can change without a change, or comes from somebody else.",
        remedy="write image@sha256:... or a version's tag; name your registries in infraplatform:policies.registries",
        source=_SOURCE,
        checkov=("CKV_K8S_14", "CKV_K8S_43"),
        checks=(_images_stay_the_same, _images_are_from_known_registries),
    ),
    Rule(
        id="kubernetes-default-namespace",
        title="Workloads do not stand in the namespace default.",
        severity=Severity.MEDIUM,
        types=tuple(WORKLOADS),
        controls=(
            "cis-kubernetes:5.6.4",
            "cis-eks:4.5.2",
            "cis-aks:4.6.3",
            "cis-gke:4.6.4",
        ),
        problem="What has no namespace of its own has no rights, quotas and network policies of its own either.",
        remedy="set metadata.namespace to a namespace made for it",
        source=_SOURCE,
        checkov=("CKV_K8S_21",),
        checks=(_has_a_namespace_of_its_own,),
    ),
)
