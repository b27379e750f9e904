"""A kubeadm cluster as a whole: its release, what survives the loss of a host, and its network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from policies.properties import CannotTell, Properties
from policies.rule import Environment, Resource, Rule, Severity, Stack, StackRule
from policies.rules.kubeadm_hosts import (
    CLUSTER,
    COMMAND,
    SENT,
    SOURCE,
    document,
    documents,
    is_control_plane,
)

SUPPORT_ENDS: Final[Mapping[str, dt.date]] = {
    "1.34": dt.date(2026, 10, 27),
    "1.35": dt.date(2027, 2, 28),
    "1.36": dt.date(2027, 6, 28),
    "1.37": dt.date(2027, 10, 28),
}
"""The last day on which Kubernetes patches a minor; older ones have none left.

Source: cri-o/packaging issues 335, 410 and 411, which quote kubernetes.io/releases, read 2026-11-29; that of 1.35
follows from the fourteen months of the release policy: known, not read.
"""
_OLDEST: Final = min(SUPPORT_ENDS, key=lambda minor: int(minor.partition(".")[2]))
_FEWEST_CONTROL_PLANES: Final = 3
_ENGINES: Final = ("cilium", "calico")
"""Network plugins that enforce network policies."""
_IGNORANT: Final = "flannel"
_ELSEWHERE: Final = ("BACKUP_S3_URL", "BACKUP_NFS")
"""Variables that name a place outside the host."""


def _release_is_supported(command: Resource) -> Iterator[str]:
    cluster = document(command, CLUSTER)
    version = "" if cluster is None else str(cluster.get("kubernetesVersion", default=""))
    minor = ".".join(version.lstrip("v").split(".")[:2])
    if not minor:
        yield "kubernetesVersion is not set: kubeadm takes whatever is newest on that day"
        return
    ends = SUPPORT_ENDS.get(minor)
    if ends is not None and command.circumstances.as_of > ends:
        yield f"Kubernetes {minor} had its last patch by {ends}"
    elif ends is None and _number(minor) < _number(_OLDEST):
        yield f"Kubernetes {minor} had its last patch before {_OLDEST} had"
    elif ends is None:
        raise CannotTell("kubernetesVersion", why=f"{minor}, which this pack's release calendar does not hold yet")


def _number(minor: str) -> int:
    return int(minor.split(".")[1])


def _the_loss_of_one_is_survived(command: Resource, stack: Stack) -> Iterator[str]:
    if command.circumstances.environment is not Environment.PROD:
        return
    mine = _cluster_of(command)
    count = sum(1 for other in stack.of_type(COMMAND) if is_control_plane(other) and _cluster_of(other) == mine)
    if count < _FEWEST_CONTROL_PLANES:
        yield f"the cluster has {count} control planes: the loss of one ends its API, or its etcd"
    elif count % 2 == 0:
        yield f"the cluster has {count} control planes, which survive no more losses than {count - 1} would"


def _cluster_of(command: Resource) -> str:
    cluster = document(command, CLUSTER)
    return "" if cluster is None else str(cluster.get("clusterName", default="kubernetes"))


def _no_host_is_the_api(command: Resource, stack: Stack) -> Iterator[str]:
    if command.circumstances.environment is not Environment.PROD:
        return
    cluster = document(command, CLUSTER)
    endpoint = "" if cluster is None else str(cluster.get("controlPlaneEndpoint", default=""))
    if not endpoint:
        yield "controlPlaneEndpoint is not set: every node knows one control plane, and is lost with it"
        return
    hosts = {_address(other) for other in stack.of_type(COMMAND) if is_control_plane(other)}
    if endpoint.rpartition(":")[0].strip("[]") in hosts:
        yield f"controlPlaneEndpoint is {endpoint}, one host's own address: the API is lost with that host"


def _address(command: Resource) -> str:
    start = document(command, "InitConfiguration")
    return "" if start is None else str(start.get("localAPIEndpoint", "advertiseAddress", default=""))


def _network_policies_are_enforced(command: Resource) -> Iterator[str]:
    files = command.inputs.blocks(SENT)
    charts = [file.get() for path, file in files.items() if path.endswith("/chart")]
    images = [str(image) for workload in documents(command, "DaemonSet") for image in _images(workload)]
    if any(engine in text for text in (*charts, *images) for engine in _ENGINES):
        return
    if not any(_IGNORANT in image for image in images):
        raise CannotTell("the network plugin", why="not among what is sent")
    yield "the network plugin is flannel: network policies are accepted and do nothing"


def _images(workload: Properties) -> list[str]:
    return [
        container.get("image", default="") for container in workload.items("spec", "template", "spec", "containers")
    ]


def _variables(command: Resource) -> dict[str, str]:
    """What the node program is told of its host and cluster: `NAME='value'`, a line each."""
    files = command.inputs.blocks(SENT)
    text = next((file.get() for path, file in files.items() if path.endswith("/node.env")), None)
    if text is None:
        raise CannotTell("node.env", why="not among the files that are sent, and nothing else says how etcd is kept")
    lines = (line.partition("=") for line in text.splitlines())
    return {name: value.strip("'") for name, _, value in lines}


def _etcd_is_here(command: Resource) -> bool:
    cluster = document(command, CLUSTER)
    return cluster is not None and not cluster.has("etcd", "external")


def _snapshots_are_kept(command: Resource) -> Iterator[str]:
    if not _etcd_is_here(command):
        raise CannotTell("etcd.external", why="kept elsewhere, and nothing here says how")
    given = _variables(command)
    if not given.get("BACKUP_DIRECTORY") or not given.get("BACKUP_KEEP", "0").strip("0"):
        yield "BACKUP_DIRECTORY or BACKUP_KEEP is not set: the loss of etcd's majority is the loss of the cluster"


def _snapshots_leave_the_host(command: Resource) -> Iterator[str]:
    if command.circumstances.environment is not Environment.PROD or not _etcd_is_here(command):
        return
    if not any(value for name, value in _variables(command).items() if name in _ELSEWHERE):
        yield "no snapshot of etcd leaves its control plane: a fire, or a wrong `rm`, takes cluster and snapshots alike"


RULES: Final = (
    Rule(
        id="kubeadm-version",
        title="A kubeadm cluster runs a release that is still patched.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=("iso-27001:8.8", "pci-dss:6.3.3", "soc-2:CC7.1", "isms-p:2.10.8"),
        problem="Known vulnerabilities stay open: Kubernetes patches its three newest minors alone.",
        remedy="raise the version, one minor after another",
        source="cri-o/packaging issues 335, 410 and 411, which quote kubernetes.io/releases, read 2026-11-29",
        speaks_of=is_control_plane,
        checks=(_release_is_supported,),
    ),
    StackRule(
        id="kubeadm-high-availability",
        title="A production kubeadm cluster survives the loss of a control plane.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=("iso-27001:8.14", "soc-2:A1.2", "isms-p:2.12.1"),
        problem="One host's loss ends the API, and with it every repair that the cluster makes by itself.",
        remedy="have three control planes, or five, and a controlPlaneEndpoint that is no host's own: a load balancer, "
        "a virtual address, or a name that leads to all",
        source=SOURCE,
        speaks_of=is_control_plane,
        checks=(_the_loss_of_one_is_survived, _no_host_is_the_api),
    ),
    Rule(
        id="kubeadm-etcd-backup",
        title="Snapshots of a kubeadm cluster's etcd are kept, in production outside its hosts too.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=(
            "iso-27001:8.13",
            "pci-dss:10.3.3",
            "soc-2:A1.2",
            "hipaa:164.308(a)(7)(ii)(A)",
            "isms-p:2.9.3",
        ),
        problem="A cluster that lost its etcd cannot be made again from its configuration: what ran in it is gone.",
        remedy="set infraplatform:cluster.etcd_backup, with a target outside the hosts in production",
        source="this project's components/kubeadm/node/backup.sh and node_files.py, read 2026-11-29",
        speaks_of=is_control_plane,
        checks=(_snapshots_are_kept, _snapshots_leave_the_host),
    ),
    Rule(
        id="kubeadm-network-policy",
        title="A kubeadm cluster enforces network policies.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:5.3.1",
            "iso-27001:8.22",
            "pci-dss:1.4.1",
            "soc-2:CC6.6",
            "nsa-cisa:3.0",
            "isms-p:2.6.1",
        ),
        problem="Every pod reaches every pod, whatever the namespaces' policies say.",
        remedy="choose Cilium or Calico as the network plugin",
        source="this project's components/kubeadm/manifests and charts.py, read 2026-11-29",
        speaks_of=is_control_plane,
        checks=(_network_policies_are_enforced,),
    ),
)
