"""Who may do what inside a cluster, by Kubernetes' own roles, where the cloud's rights end at the cluster's door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pulumi
import pulumi_kubernetes as kubernetes

from components.incluster.provider import ClusterAccess

_RBAC: Final = "rbac.authorization.k8s.io"
_rbac = kubernetes.rbac.v1


@dataclass(frozen=True, kw_only=True)
class Access:
    """One subject's rights: a role of the cluster, in all of it where no namespaces are named."""

    kind: Literal["User", "Group"]
    name: str
    cluster_role: str
    namespaces: Sequence[str] = ()


class AccessBindings(pulumi.ComponentResource):
    """Binds subjects to roles that every cluster has (cluster-admin, admin, edit, view), by a key of the user's.

    Names are Pulumi's, as a binding's role is fixed: another role is bound before the old binding goes. Namespaces must
    exist: none is made, since it would go, with all in it, when its binding goes. Non-goals: roles of one's own.
    """

    def __init__(
        self,
        name: str,
        cluster: ClusterAccess,
        access: Mapping[str, Access],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the bindings; all wait for the deployers' access and go with the cluster."""
        super().__init__("infraplatform:incluster:AccessBindings", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, depends_on=list(cluster.ready), deleted_with=cluster.control_plane)
        for key, wanted in access.items():
            subjects = [_rbac.SubjectArgs(api_group=_RBAC, kind=wanted.kind, name=wanted.name)]
            role = _rbac.RoleRefArgs(api_group=_RBAC, kind="ClusterRole", name=wanted.cluster_role)
            if not wanted.namespaces:
                _rbac.ClusterRoleBinding(f"{name}-{key}", role_ref=role, subjects=subjects, opts=child)
            for namespace in wanted.namespaces:
                _rbac.RoleBinding(
                    f"{name}-{key}.{namespace}",  # a dot: no key and no namespace has one
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=namespace),
                    role_ref=role,
                    subjects=subjects,
                    opts=child,
                )
        self.register_outputs({})
