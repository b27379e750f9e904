"""In-cluster objects behind a provider whose cluster identity and kubeconfig are outputs of the cluster."""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

config = pulumi.Config()
cluster = aws.eks.Cluster(
    "cluster",
    role_arn=config.get("role_arn") or "arn:aws:iam::123456789012:role/cluster",
    version=config.get("version") or "1.35",
    vpc_config={"subnet_ids": (config.get("subnet_ids") or "subnet-1,subnet-2").split(",")},
    access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
    tags={"team": config.get("team") or "platform"},
)


def kubeconfig(endpoint: str, name: str) -> dict[str, object]:
    """A kubeconfig without credentials."""
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "aws", "args": ["eks", name]}}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "cluster",
        "clusters": [{"name": "cluster", "cluster": {"server": endpoint}}],
        "contexts": [{"name": "cluster", "context": {"cluster": "cluster", "user": "cluster"}}],
        "users": [{"name": "cluster", "user": user}],
    }


provider = kubernetes.Provider(
    "incluster",
    cluster_identifier=cluster.name,
    kubeconfig=pulumi.Output.json_dumps(
        pulumi.Output.all(cluster.endpoint, cluster.name).apply(lambda a: kubeconfig(*a))
    ),
    enable_server_side_apply=True,
)


class InCluster(pulumi.ComponentResource):
    """What dies with its cluster."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("identity:incluster:InCluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, deleted_with=cluster)
        namespace = kubernetes.core.v1.Namespace(
            f"{name}-system",
            metadata={"name": "system", "labels": {"team": config.get("team") or "platform"}},
            opts=child,
        )
        kubernetes.core.v1.ConfigMap(
            f"{name}-cluster",
            metadata={"namespace": namespace.metadata.name},  # autonamed, and its namespace is an output
            data={"endpoint": cluster.endpoint, "version": cluster.version},
            opts=child,
        )
        kubernetes.storage.v1.StorageClass(
            f"{name}-gp3",
            metadata={"name": "gp3"},
            provisioner="ebs.csi.aws.com",
            parameters={"type": config.get("disk_type") or "gp3"},
            opts=pulumi.ResourceOptions(parent=self, deleted_with=cluster, delete_before_replace=True),
        )
        self.register_outputs({"namespace": namespace.metadata.name})


InCluster("incluster", pulumi.ResourceOptions(providers=[provider]))
pulumi.export("cluster_name", cluster.name)
pulumi.export("kubeconfig", pulumi.Output.secret(provider.id))
