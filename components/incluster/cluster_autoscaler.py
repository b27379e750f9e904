"""cluster-autoscaler on AWS: grows and shrinks the stack's own node groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.incluster.cluster_autoscaler_rights import cluster_rules, namespace_rules
from components.terms import ServiceAccount, WorkloadIdentity

SERVICE_ACCOUNT: Final = ServiceAccount(namespace="kube-system", name="cluster-autoscaler")
IMAGE: Final = "autoscaling/cluster-autoscaler"
_LABELS: Final = {"app.kubernetes.io/name": SERVICE_ACCOUNT.name}
_NOBODY: Final = 65534
_PORT: Final = 8085  # health and metrics

_core = kubernetes.core.v1
_rbac = kubernetes.rbac.v1


@dataclass(frozen=True, kw_only=True)
class ClusterAutoscalerArgs:
    """What cluster-autoscaler runs with.

    Attributes:
        cluster_name: the physical name; auto-scaling groups carry it in a tag.
        region: the AWS region.
        version: the image's tag; its minor is the cluster's.
        identity: of `SERVICE_ACCOUNT`, with the right to set the groups' sizes.
        registry: where the image comes from: a host, or a pull-through cache's prefix.
    """

    cluster_name: pulumi.Input[str]
    region: str
    version: str
    identity: WorkloadIdentity
    registry: pulumi.Input[str] = "registry.k8s.io"


class ClusterAutoscaler(pulumi.ComponentResource):
    """Two replicas, one of them leading, in kube-system, within the `restricted` Pod Security Standard.

    Non-goals: node groups of other tools; what Karpenter or EKS Auto Mode own.
    """

    def __init__(self, name: str, args: ClusterAutoscalerArgs, child: pulumi.ResourceOptions) -> None:
        """Make the objects; `child` has the options that all of the layer's objects share, the parent among them."""
        super().__init__(
            "infraplatform:incluster:ClusterAutoscaler", name, {"version": args.version}, _only_parent(child)
        )
        object_opts = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(parent=self))
        account = _core.ServiceAccount(
            name,
            metadata=_metadata(annotations=args.identity.service_account_annotations),
            automount_service_account_token=False,  # the pods ask for it themselves
            opts=object_opts,
        )
        bindings = _rights(name, object_opts)
        kubernetes.policy.v1.PodDisruptionBudget(
            name,
            metadata=_metadata(),
            spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1, selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=_LABELS)
            ),
            opts=object_opts,
        )
        pods_wait_for = [account, *bindings, *args.identity.ready]
        kubernetes.apps.v1.Deployment(
            name,
            metadata=_metadata(),
            spec=_deployment(args),
            opts=pulumi.ResourceOptions.merge(object_opts, pulumi.ResourceOptions(depends_on=pods_wait_for)),
        )
        self.register_outputs({})


def arguments(args: ClusterAutoscalerArgs) -> list[pulumi.Input[str]]:
    """The program's arguments.

    Machine types come from the EC2 API, which the default asks; the list in the image is older than the image.
    Source: kubernetes/autoscaler, config/flags/flags.go and cloudprovider/aws/aws_cloud_provider.go at the tags
    cluster-autoscaler-1.34.5, 1.35.2 and 1.36.1, read 2026-11-23.
    """
    groups = "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/"
    return [
        "--cloud-provider=aws",
        pulumi.Output.concat(groups, args.cluster_name),
        "--balance-similar-node-groups=true",  # a group per zone: keep the zones even
        "--expander=least-waste",
        "--skip-nodes-with-system-pods=false",  # their disruption budgets protect them well enough
        "--skip-nodes-with-local-storage=false",  # an emptyDir promises nothing beyond its pod
        "--stderrthreshold=info",
        "--v=2",
    ]


def _only_parent(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=opts.parent)


def _metadata(annotations: Mapping[str, pulumi.Output[str]] | None = None) -> kubernetes.meta.v1.ObjectMetaArgs:
    return kubernetes.meta.v1.ObjectMetaArgs(
        name=SERVICE_ACCOUNT.name, namespace=SERVICE_ACCOUNT.namespace, labels=_LABELS, annotations=annotations or None
    )


def _rights(name: str, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """The roles and their bindings to the service account; return the bindings."""
    cluster_wide = kubernetes.meta.v1.ObjectMetaArgs(name=SERVICE_ACCOUNT.name, labels=_LABELS)
    cluster_role = _rbac.ClusterRole(name, metadata=cluster_wide, rules=cluster_rules(), opts=opts)
    role = _rbac.Role(name, metadata=_metadata(), rules=namespace_rules(), opts=opts)
    subjects = [
        _rbac.SubjectArgs(kind="ServiceAccount", name=SERVICE_ACCOUNT.name, namespace=SERVICE_ACCOUNT.namespace)
    ]

    def bound(kind: str) -> _rbac.RoleRefArgs:
        return _rbac.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind=kind, name=SERVICE_ACCOUNT.name)

    def after(made: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[made]))

    return [
        _rbac.ClusterRoleBinding(
            name, metadata=cluster_wide, role_ref=bound("ClusterRole"), subjects=subjects, opts=after(cluster_role)
        ),
        _rbac.RoleBinding(name, metadata=_metadata(), role_ref=bound("Role"), subjects=subjects, opts=after(role)),
    ]


def _deployment(args: ClusterAutoscalerArgs) -> kubernetes.apps.v1.DeploymentSpecArgs:
    selector = kubernetes.meta.v1.LabelSelectorArgs(match_labels=_LABELS)
    labels = {**_LABELS, **args.identity.pod_labels}
    return kubernetes.apps.v1.DeploymentSpecArgs(
        replicas=2,
        selector=selector,
        template=_core.PodTemplateSpecArgs(
            metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=labels),
            spec=_core.PodSpecArgs(
                service_account_name=SERVICE_ACCOUNT.name,
                automount_service_account_token=True,
                priority_class_name="system-cluster-critical",
                node_selector={"kubernetes.io/os": "linux"},
                tolerations=[_core.TolerationArgs(key="CriticalAddonsOnly", operator="Exists")],
                topology_spread_constraints=[
                    _core.TopologySpreadConstraintArgs(
                        max_skew=1,
                        topology_key="kubernetes.io/hostname",
                        when_unsatisfiable="ScheduleAnyway",  # on a single node both run there
                        label_selector=selector,
                    )
                ],
                security_context=_core.PodSecurityContextArgs(
                    run_as_non_root=True,
                    run_as_user=_NOBODY,
                    run_as_group=_NOBODY,
                    fs_group=_NOBODY,
                    seccomp_profile=_core.SeccompProfileArgs(type="RuntimeDefault"),
                ),
                containers=[_container(args)],
            ),
        ),
    )


def _container(args: ClusterAutoscalerArgs) -> _core.ContainerArgs:
    return _core.ContainerArgs(
        name=SERVICE_ACCOUNT.name,
        image=pulumi.Output.concat(args.registry, "/", IMAGE, ":", args.version),
        command=["./cluster-autoscaler"],
        args=arguments(args),
        env=[_core.EnvVarArgs(name="AWS_REGION", value=args.region)],
        ports=[_core.ContainerPortArgs(name="metrics", container_port=_PORT)],
        liveness_probe=_core.ProbeArgs(
            http_get=_core.HTTPGetActionArgs(path="/health-check", port="metrics"), initial_delay_seconds=30
        ),
        resources=_core.ResourceRequirementsArgs(
            requests={"cpu": "100m", "memory": "300Mi"}, limits={"memory": "600Mi"}
        ),
        security_context=_core.SecurityContextArgs(
            allow_privilege_escalation=False,
            read_only_root_filesystem=True,
            capabilities=_core.CapabilitiesArgs(drop=["ALL"]),
        ),
    )
