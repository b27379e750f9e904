"""The repository's own stacks keep the rules, and each safe default that is given up breaks exactly its rules."""

from __future__ import annotations

from typing import Final

import pytest

from policies.catalogue import CATALOGUE
from policies.judge import Outcome
from policies.rules.kubernetes_pods import WORKLOADS, containers_of, pod_of
from policies.settings import Level
from tests.policies.mutations import MUTATIONS, NOT_IN_A_STACK, Mutation
from tests.policies.mutations_azure import AZURE_MUTATIONS
from tests.policies.mutations_gcp import GCP_MUTATIONS
from tests.policies.mutations_kubeadm import KUBEADM_MUTATIONS, NOT_IN_THE_EXAMPLE
from tests.policies.stacks import fired, judged, mutated, recorded
from tests.stacks.stack_files import STACK_FILES

ALL_MUTATIONS: Final = (*MUTATIONS, *AZURE_MUTATIONS, *GCP_MUTATIONS, *KUBEADM_MUTATIONS)
_VOLUMES: Final = frozenset(
    {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
)


@pytest.mark.parametrize("stack", STACK_FILES)
def test_a_stack_keeps_every_mandatory_rule(stack: str) -> None:
    forbidden = [item.finding for item in judged(stack) if item.level is Level.MANDATORY]
    assert [f"{finding.rule.id} {finding.urn}: {finding.message}" for finding in forbidden] == []


@pytest.mark.parametrize("stack", STACK_FILES)
def test_no_rule_fails_on_a_stack(stack: str) -> None:
    assert [item.finding.message for item in judged(stack) if item.finding.outcome is Outcome.FAILED] == []


@pytest.mark.parametrize("mutation", ALL_MUTATIONS, ids=str)
def test_an_unsafe_default_fires_exactly_its_rules(mutation: Mutation) -> None:
    resources, name = mutated(mutation.stack, mutation.chosen, mutation.changes)
    before, after = fired(judged(mutation.stack)), fired(judged(mutation.stack, resources))
    places = mutation.elsewhere or (name,)
    assert after - before == {(rule, place) for rule in mutation.fires for place in places}
    assert {rule for rule, _ in before - after} == set(mutation.repairs)


def test_every_rule_is_in_the_mutation_table() -> None:
    in_table = {rule for mutation in ALL_MUTATIONS for rule in mutation.fires + mutation.repairs}
    missing = {**NOT_IN_A_STACK, **NOT_IN_THE_EXAMPLE}
    assert in_table | set(missing) == set(CATALOGUE)
    assert in_table.isdisjoint(missing)


@pytest.mark.parametrize("stack", STACK_FILES)
def test_workloads_of_a_stack_keep_pod_security_restricted(stack: str) -> None:
    """Beside the pack's rules the profile forbids other volumes, added capabilities and root as a number."""
    rules = {"kubernetes-privileged", "kubernetes-security-context"}
    assert {rule for rule, _ in fired(judged(stack))}.isdisjoint(rules)
    for workload in recorded(stack).resources:
        if workload.type in WORKLOADS:
            pod = pod_of(workload)
            assert {kind for volume in pod.items("volumes") for kind in volume.entries()} - {"name"} <= _VOLUMES
            for container in containers_of(pod):
                context = container.at("securityContext")
                assert set(context.get("capabilities", "add", default=[])) <= {"NET_BIND_SERVICE"}
                assert context.get("runAsUser", default=1)
                assert pod.get("securityContext", "runAsUser", default=1)
