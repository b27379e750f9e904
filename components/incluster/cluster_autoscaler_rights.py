"""What cluster-autoscaler may do in the Kubernetes API: as little as lets it simulate the scheduler and drain nodes.

Source: kubernetes/autoscaler, cluster-autoscaler/charts/cluster-autoscaler/templates/clusterrole.yaml and role.yaml of
chart 9.59.0, and cloudprovider/aws/examples/cluster-autoscaler-autodiscover.yaml, commit 55c37cd of 2026-08-22, read
2026-11-23. Left out is what leases have replaced (endpoints), API groups that are gone (extensions), and what only a
feature needs that no argument of ours turns on (provisioning requests, capacity buffers and quotas, the priority
expander's config map). Claims on devices (`resource.k8s.io`) are read always from 1.35 on: the flag is locked there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi_kubernetes as kubernetes

_READ: Final = ("get", "list", "watch")


def _rule(
    group: str, resources: Sequence[str], verbs: Sequence[str], names: Sequence[str] = ()
) -> kubernetes.rbac.v1.PolicyRuleArgs:
    return kubernetes.rbac.v1.PolicyRuleArgs(
        api_groups=[group], resources=list(resources), verbs=list(verbs), resource_names=list(names) or None
    )


def cluster_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Rights in the whole cluster: read what pods need, taint and cordon nodes, evict pods."""
    workloads = (
        "namespaces",
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "replicationcontrollers",
        "services",
    )
    storage = ("csidrivers", "csinodes", "csistoragecapacities", "storageclasses", "volumeattachments")
    return [
        _rule("", ("events",), ("create", "patch")),
        _rule("", ("nodes",), (*_READ, "update")),
        _rule("", ("pods/eviction",), ("create",)),
        _rule("", ("pods/status",), ("update",)),
        _rule("", workloads, _READ),
        _rule("apps", ("daemonsets", "replicasets", "statefulsets"), _READ),
        _rule("batch", ("cronjobs", "jobs"), _READ),
        _rule("policy", ("poddisruptionbudgets",), _READ),
        _rule("resource.k8s.io", ("deviceclasses", "resourceclaims", "resourceslices"), _READ),
        _rule("storage.k8s.io", storage, _READ),
    ]


def namespace_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Rights in its own namespace: its lease and its status. It reads no other config map of kube-system."""
    return [
        _rule("", ("configmaps",), ("create",)),
        _rule("", ("configmaps",), ("delete", "get", "update"), ("cluster-autoscaler-status",)),
        _rule("coordination.k8s.io", ("leases",), ("create",)),
        _rule("coordination.k8s.io", ("leases",), ("get", "update"), ("cluster-autoscaler",)),
    ]
