"""Helm charts that control planes install in the cluster themselves, so that no node waits for a plugin of the engine.

A chart is a download like any binary: by its sum, from upstream, a mirror, or where `cluster.downloads` says. What is
installed is read in previews: the public files below `charts/`, which `node/charts.sh` explains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import yaml

HELM: Final = "helm"
"""The download that installs charts."""
_NO_CHART: Final = "-"


class Phase(StrEnum):
    """When a chart is installed: before a node can be Ready, or once it is."""

    NETWORK = "network"
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart in the cluster, by its release.

    Attributes:
        release: its name in the cluster.
        namespace: where it is; made for it.
        download: its name in `components/binaries.py`.
        values: what it is told.
        images: what its pods run, by whole names, for sites whose registry is filled beforehand.
        objects: what is made of its own kinds afterwards, as a release of its own: what leaves here leaves the cluster.
        privileged: whether its pods need more of a host than Pod Security's baseline allows.
        phase: when it is installed.
        objects_phase: when its objects are, where that is another time.
    """

    release: str
    namespace: str
    download: str
    values: Mapping[str, Any]
    images: Sequence[str]
    objects: Sequence[Mapping[str, Any]] = field(default=())
    privileged: bool = False
    phase: Phase = Phase.LATER
    objects_phase: Phase | None = None


def chart_downloads(charts: Sequence[Chart]) -> tuple[str, ...]:
    """The names of what a control plane downloads for them."""
    return (HELM, *(chart.download for chart in charts)) if charts else ()


def chart_files(charts: Sequence[Chart]) -> dict[str, str]:
    """The public files of charts that are installed in this order, by their name."""
    files: dict[str, str] = {}
    for number, chart in enumerate(charts, start=10):
        folder = f"charts/{number}-{chart.release}"
        files |= {
            f"{folder}/chart": f"{chart.phase.value} {chart.release} {chart.namespace} {chart.download}",
            f"{folder}/namespace.yaml": _yaml(_namespace(chart)),
            f"{folder}/images": "\n".join(chart.images),
            f"{folder}/values.yaml": _yaml(chart.values),
        }
        if chart.objects:
            files |= _objects(f"{folder}-objects", chart)
    return files


def _objects(folder: str, chart: Chart) -> dict[str, str]:
    """A chart of our own with objects as they are: Helm removes what a later one no longer has."""
    release, phase = f"{chart.release}-objects", chart.objects_phase or chart.phase
    about = {"apiVersion": "v2", "name": release, "version": "1.0.0"}
    return {
        f"{folder}/chart": f"{phase.value} {release} {chart.namespace} {_NO_CHART}",
        f"{folder}/Chart.yaml": _yaml(about),
        f"{folder}/templates/objects.yaml": "---\n".join(_literal(_yaml(each)) for each in chart.objects),
    }


def _namespace(chart: Chart) -> dict[str, Any]:
    labels = {f"pod-security.kubernetes.io/{mode}": "privileged" for mode in ("enforce", "audit", "warn")}
    metadata: dict[str, Any] = {"name": chart.namespace}
    if chart.privileged:
        metadata["labels"] = labels
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _literal(text: str) -> str:
    """Text that Helm's templates leave as it is."""
    return text.replace("{{", '{{ "{{" }}')


def _yaml(value: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(value), sort_keys=False)
