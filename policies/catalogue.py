"""All rules of the pack, by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from policies.rule import AnyRule
from policies.rules import (
    aws_cluster,
    aws_cluster_access,
    aws_network,
    aws_nodes,
    aws_storage,
    azure_access,
    azure_add_ons,
    azure_cluster,
    azure_nodes,
    azure_registry,
    gcp_access,
    gcp_cluster,
    gcp_images,
    gcp_node_guards,
    gcp_nodes,
    kubeadm_access,
    kubeadm_admission,
    kubeadm_audit,
    kubeadm_cluster,
    kubeadm_components,
    kubeadm_data,
    kubeadm_firewall,
    kubeadm_kubelet,
    kubeadm_runtime,
    kubeadm_tls,
    kubernetes_edges,
    kubernetes_images,
    kubernetes_namespaces,
    kubernetes_pods,
)

_BY_FILE: Final[tuple[Iterable[AnyRule], ...]] = (
    aws_cluster_access.RULES,
    aws_cluster.RULES,
    aws_nodes.RULES,
    aws_network.RULES,
    aws_storage.RULES,
    azure_access.RULES,
    azure_cluster.RULES,
    azure_add_ons.RULES,
    azure_nodes.RULES,
    azure_registry.RULES,
    gcp_access.RULES,
    gcp_nodes.RULES,
    gcp_node_guards.RULES,
    gcp_cluster.RULES,
    gcp_images.RULES,
    kubeadm_access.RULES,
    kubeadm_admission.RULES,
    kubeadm_components.RULES,
    kubeadm_data.RULES,
    kubeadm_audit.RULES,
    kubeadm_kubelet.RULES,
    kubeadm_tls.RULES,
    kubeadm_runtime.RULES,
    kubeadm_cluster.RULES,
    kubeadm_firewall.RULES,
    kubernetes_pods.RULES,
    kubernetes_images.RULES,
    kubernetes_namespaces.RULES,
    kubernetes_edges.RULES,
)
CATALOGUE: Final[Mapping[str, AnyRule]] = {rule.id: rule for rules in _BY_FILE for rule in rules}
"""Every rule by its id, in the order of the files."""


def _names(control: str) -> Iterable[str]:
    """What a control's framework is called: `cis-eks`, and `cis` for all of CIS."""
    framework = control.partition(":")[0]
    return (framework, "cis") if framework.startswith("cis-") else (framework,)


FRAMEWORKS: Final = tuple(sorted({name for rule in CATALOGUE.values() for of in rule.controls for name in _names(of)}))
"""Every framework that rules serve; `cis` stands for all CIS benchmarks."""


def serves(rule: AnyRule, framework: str) -> bool:
    """Whether a rule serves a control of a framework."""
    return any(framework in _names(control) for control in rule.controls)
