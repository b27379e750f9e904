"""Rights inside a cluster: bindings of subjects to Kubernetes' own roles."""

from __future__ import annotations

import pulumi

from components.incluster.access import Access, AccessBindings
from components.incluster.provider import kubernetes_provider
from preview.plan import Operation
from tests.components.doubles import ClusterDouble
from tests.components.plans import changed, operations, planned

VIEWER = Access(kind="Group", name="team@example.com", cluster_role="view")
EDITOR = Access(kind="User", name="someone@example.com", cluster_role="edit", namespaces=("shop", "web"))


def bindings(**access: Access) -> AccessBindings:
    """Bindings in a double of a cluster."""
    cluster = ClusterDouble()
    provider = kubernetes_provider("kubernetes", cluster)
    return AccessBindings("access", cluster, access, pulumi.ResourceOptions(providers=[provider]))


def both() -> AccessBindings:
    return bindings(team=VIEWER, someone=EDITOR)


def test_rights_without_namespaces_hold_in_the_whole_cluster() -> None:
    found = planned(both)["ClusterRoleBinding", "access-team"].inputs
    assert found["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    assert found["subjects"] == [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "team@example.com"}]


def test_rights_with_namespaces_hold_in_these_alone() -> None:
    found = {name: made.inputs for (kind, name), made in planned(both).items() if kind == "RoleBinding"}
    assert {name: made["metadata"]["namespace"] for name, made in found.items()} == {
        "access-someone.shop": "shop",
        "access-someone.web": "web",
    }
    assert {made["roleRef"]["name"] for made in found.values()} == {"edit"}
    assert ("ClusterRoleBinding", "access-someone") not in planned(both)


def test_bindings_wait_for_the_deployers_and_go_with_the_cluster() -> None:
    resources = planned(both)
    for (kind, _), made in resources.items():
        if kind.endswith("RoleBinding"):
            assert any("ready" in urn or "deployer" in urn for urn in made.dependencies), made.dependencies
            assert made.deleted_with


def test_another_role_is_bound_before_the_old_binding_goes() -> None:
    done = operations(changed(lambda: bindings(team=VIEWER), lambda: bindings(team=EDITOR)))
    assert Operation.DELETE in done.values()
    more = Access(kind="Group", name="team@example.com", cluster_role="edit")
    preview = changed(lambda: bindings(team=VIEWER), lambda: bindings(team=more))
    assert operations(preview) == {("ClusterRoleBinding", "access-team"): Operation.REPLACE}
