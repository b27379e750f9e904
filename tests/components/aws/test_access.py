"""Access entries: the deployers' first, nothing derived from whoever runs Pulumi."""

from __future__ import annotations

import pytest

from components.aws.access import principal_key
from components.aws.cluster import EksCluster
from preview.plan import Operation
from tests.components.aws.clusters import DEPLOYER, changed, eks_cluster, operations, planned
from tests.components.aws.networks import of_type
from tests.support import plan

AUDITOR = "arn:aws:iam::123456789012:role/auditor"
DEPLOYER_NAME = f"cluster-deployer-{principal_key(DEPLOYER)}"


def test_deployers_are_cluster_administrators() -> None:
    association = planned(eks_cluster)["AccessPolicyAssociation", DEPLOYER_NAME].inputs
    assert association["principalArn"] == DEPLOYER
    assert association["policyArn"] == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    assert association["accessScope"] == {"type": "cluster"}


def test_in_cluster_objects_wait_for_the_deployers_access_alone() -> None:
    made: list[EksCluster] = []
    preview = plan(lambda: made.append(eks_cluster(access={"audit": {"principal": AUDITOR}})))
    urns: list[str] = []
    plan(lambda: [resource.urn.apply(urns.append) for resource in eks_cluster().ready])
    assert len(made[0].ready) == 1
    assert urns[0].endswith(f"AccessPolicyAssociation::{DEPLOYER_NAME}")
    assert preview.diagnostics == ()


def test_others_come_after_the_deployers() -> None:
    resources = planned(lambda: eks_cluster(access={"audit": {"principal": AUDITOR}}))
    deployer = resources["AccessPolicyAssociation", DEPLOYER_NAME].urn
    assert deployer in resources["AccessEntry", "cluster-access-audit"].dependencies


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        ("cluster-admin", "AmazonEKSClusterAdminPolicy"),
        ("admin", "AmazonEKSAdminPolicy"),
        ("edit", "AmazonEKSEditPolicy"),
        ("view", "AmazonEKSViewPolicy"),
    ],
)
def test_each_policy_is_the_eks_policy_of_its_meaning(policy: str, name: str) -> None:
    resources = planned(lambda: eks_cluster(access={"audit": {"principal": AUDITOR, "policy": policy}}))
    assert resources["AccessPolicyAssociation", "cluster-access-audit"].inputs["policyArn"].endswith(f"/{name}")


def test_access_may_hold_in_some_namespaces_only() -> None:
    entry = {"principal": AUDITOR, "policy": "edit", "namespaces": ("web", "api")}
    scope = planned(lambda: eks_cluster(access={"audit": entry}))["AccessPolicyAssociation", "cluster-access-audit"]
    assert scope.inputs["accessScope"] == {"type": "namespace", "namespaces": ["web", "api"]}


def test_another_deployer_only_creates_wherever_it_stands_in_the_list() -> None:
    second = "arn:aws:iam::123456789012:role/ci"
    done = operations(changed(eks_cluster, lambda: eks_cluster(deployers=(second, DEPLOYER))))
    assert set(done.values()) == {Operation.CREATE}


def test_principals_of_one_name_have_keys_of_their_own() -> None:
    arns = [
        "arn:aws:iam::123456789012:role/admin",
        "arn:aws:iam::123456789012:user/admin",
        "arn:aws:iam::210987654321:role/admin",
        "arn:aws:iam::123456789012:role/team/admin",
    ]
    assert len({principal_key(arn) for arn in arns}) == len(arns)
    assert all(principal_key(arn).startswith("admin-") for arn in arns)


def test_every_entry_is_for_a_principal_of_the_settings() -> None:
    entries = of_type(planned(lambda: eks_cluster(access={"audit": {"principal": AUDITOR}})), "AccessEntry")
    assert {entry.inputs["principalArn"] for entry in entries.values()} == {DEPLOYER, AUDITOR}
