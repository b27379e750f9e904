"""What the API server of a kubeadm cluster admits: its plugins, Pod Security, and whose images pods use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.properties import CannotTell
from policies.rule import Check, Resource, Rule, Severity
from policies.rules.kubeadm_hosts import (
    API_SERVER,
    COMMAND,
    SENT,
    SOURCE,
    component_flags,
    document,
    documents,
    file_at,
    is_control_plane,
    names,
)

_BY_DEFAULT: Final = "NodeRestriction"
"""What kubeadm enables where nothing else is said; what is named instead of it stands alone."""
_HELD: Final = ("baseline", "restricted")
_IMPORTED: Final = "/etc/infraplatform/images"
_MIRRORS: Final = "/certs.d/"
_MIRRORS_OF_CRI_O: Final = "/registries.conf"
_REGISTRY: Final = re.compile(r'^prefix = "([^"/]+)"$', re.MULTILINE)
_KUBERNETES_IMAGES: Final = "registry.k8s.io"
_WORKLOADS: Final = ("DaemonSet", "Deployment", "StatefulSet")
_PLUGINS: Final = (
    "k8s.io/kubernetes v1.36.3, pkg/kubeapiserver/options/plugins.go and plugin/pkg/admission, read 2026-11-29"
)


def _enabled(command: Resource) -> set[str]:
    return names(component_flags(command, API_SERVER).get("enable-admission-plugins", _BY_DEFAULT))


def _plugin_is_on(plugin: str, otherwise: str) -> Check:
    """A check that a plugin is on which is not by itself."""

    def check(command: Resource) -> Iterator[str]:
        if plugin not in _enabled(command):
            yield f"enable-admission-plugins does not name {plugin}: {otherwise}"

    return check


def _plugin_stays_on(plugin: str, otherwise: str) -> Check:
    """A check that a plugin is not taken away which is on by itself."""

    def check(command: Resource) -> Iterator[str]:
        if plugin in names(component_flags(command, API_SERVER).get("disable-admission-plugins", "")):
            yield f"disable-admission-plugins names {plugin}: {otherwise}"

    return check


def _not_everything_is_admitted(command: Resource) -> Iterator[str]:
    if "AlwaysAdmit" in _enabled(command):
        yield "enable-admission-plugins names AlwaysAdmit"


def _pods_are_held_to_a_standard(command: Resource) -> Iterator[str]:
    path = component_flags(command, API_SERVER).get("admission-control-config-file")
    if path is None:
        yield "no admission-control-config-file: a namespace without labels admits privileged pods"
        return
    for configuration in file_at(command, path):
        for plugin in configuration.items("plugins"):
            if plugin.get("name") == "PodSecurity":
                level = _default_level(command, plugin.get("path"), plugin.get("configuration", default={}))
                if level not in _HELD:
                    yield f"PodSecurity enforces {level} by default: a namespace without labels admits privileged pods"
                return
    yield f"{path} does not configure PodSecurity: a namespace without labels admits privileged pods"


def _default_level(command: Resource, path: str | None, configuration: dict[str, dict[str, str]]) -> str:
    if path is not None:
        configuration = next((found.get() for found in file_at(command, path)), {})
    return configuration.get("defaults", {}).get("enforce", "privileged")


def _images_are_pulled_anew(command: Resource) -> Iterator[str]:
    if "AlwaysPullImages" not in _enabled(command):
        yield "enable-admission-plugins does not name AlwaysPullImages: a pod uses what others pulled"


def _a_mirror_serves_every_image(command: Resource) -> bool:
    """Only there a pod may be made to pull anew: elsewhere it would wait for registries that are not one's own."""
    if not is_control_plane(command):
        return False
    try:
        files = command.inputs.blocks(SENT)
        imported = any(path == _IMPORTED and file.get().strip() for path, file in files.items())
        charts = any(path.endswith("/chart") for path in files)  # whose images their own templates name
        mirrored = {path.split(_MIRRORS)[1].split("/")[0] for path in files if _MIRRORS in path}
        for path, file in files.items():
            mirrored |= set(_REGISTRY.findall(file.get())) if path.endswith(_MIRRORS_OF_CRI_O) else set()
        return not imported and not charts and _registries(command) <= mirrored
    except CannotTell:
        return True


def _registries(command: Resource) -> set[str]:
    cluster = document(command, "ClusterConfiguration")
    kubernetes = _KUBERNETES_IMAGES if cluster is None else cluster.get("imageRepository", default=_KUBERNETES_IMAGES)
    images = {
        container.get("image", default="")
        for workload in documents(command, *_WORKLOADS)
        for container in workload.items("spec", "template", "spec", "containers")
    }
    return {str(image).partition("/")[0] for image in (kubernetes, *images)}


_NODE_RESTRICTION: Final = _plugin_is_on(_BY_DEFAULT, "a node that was taken over changes the others")
_SERVICE_ACCOUNT: Final = _plugin_stays_on("ServiceAccount", "pods run under accounts that nobody checks")
_NAMESPACES: Final = _plugin_stays_on("NamespaceLifecycle", "objects appear in namespaces that are being deleted")
_EXTERNAL_IPS: Final = _plugin_is_on("DenyServiceExternalIPs", "whoever makes a Service takes traffic to any address")
_EVENT_RATE: Final = _plugin_is_on("EventRateLimit", "one workload's events fill etcd")

RULES: Final = (
    Rule(
        id="kubeadm-admission",
        title="The API server of a kubeadm cluster has the admission plugins that its security rests on.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:1.2.10",
            "cis-kubernetes:1.2.12",
            "cis-kubernetes:1.2.13",
            "cis-kubernetes:1.2.14",
            "iso-27001:8.3",
            "pci-dss:7.3.1",
            "soc-2:CC6.1",
            "isms-p:2.6.3",
        ),
        problem="A node that was taken over takes the others, or pods run under no account.",
        remedy="name NodeRestriction in enable-admission-plugins, never AlwaysAdmit, and disable none that is on",
        source=f"{SOURCE}; {_PLUGINS}",
        speaks_of=is_control_plane,
        checks=(_not_everything_is_admitted, _SERVICE_ACCOUNT, _NAMESPACES, _NODE_RESTRICTION),
        shows={
            "cis-kubernetes:1.2.10": (_not_everything_is_admitted,),
            "cis-kubernetes:1.2.12": (_SERVICE_ACCOUNT,),
            "cis-kubernetes:1.2.13": (_NAMESPACES,),
            "cis-kubernetes:1.2.14": (_NODE_RESTRICTION,),
        },
    ),
    Rule(
        id="kubeadm-pod-security",
        title="A kubeadm cluster holds pods to a standard in every namespace, with labels or without.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=("cis-kubernetes:5.2.1", "iso-27001:8.19", "pci-dss:2.2.6", "soc-2:CC6.8"),
        problem="Who may make a pod in some namespace owns the nodes.",
        remedy="give the API server an admission-control-config-file whose plugin PodSecurity has defaults.enforce "
        "baseline or restricted",
        source="k8s.io/pod-security-admission v0.36.3, admission/api/v1/types.go, read 2026-11-29",
        speaks_of=is_control_plane,
        checks=(_pods_are_held_to_a_standard,),
    ),
    Rule(
        id="kubeadm-external-ips",
        title="Services of a kubeadm cluster may not claim addresses outside it.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.3", "iso-27001:8.22", "soc-2:CC6.6"),
        problem="Whoever may make a Service reads what other pods send to any address (CVE-2020-8554).",
        remedy="name DenyServiceExternalIPs beside NodeRestriction in enable-admission-plugins; load balancers do not "
        "need external addresses",
        source=_PLUGINS,
        speaks_of=is_control_plane,
        checks=(_EXTERNAL_IPS,),
    ),
    Rule(
        id="kubeadm-event-rate",
        title="The API server of a kubeadm cluster limits the rate of events.",
        severity=Severity.LOW,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.9", "iso-27001:8.6", "soc-2:A1.1"),
        problem="One workload that fails again and again fills etcd and slows all others.",
        remedy="name EventRateLimit in enable-admission-plugins and give it limits in the "
        "admission-control-config-file; its configuration is still alpha",
        source="k8s.io/kubernetes v1.36.3, plugin/pkg/admission/eventratelimit, read 2026-11-29",
        speaks_of=is_control_plane,
        checks=(_EVENT_RATE,),
    ),
    Rule(
        id="kubeadm-image-credentials",
        title="Where mirrors of one's own serve every image, pods pull with their own credentials each time.",
        severity=Severity.LOW,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.11", "iso-27001:8.3"),
        problem="On a node that has pulled an image every pod may use it, without the right to pull it.",
        remedy="name AlwaysPullImages in enable-admission-plugins; where images are imported from archives or come "
        "from public registries this rule does not speak: pods would wait for what may be out of reach",
        source=_PLUGINS,
        speaks_of=_a_mirror_serves_every_image,
        checks=(_images_are_pulled_anew,),
    ),
)
