"""What only Azure's own tools can do, as scripts for `sh` where `pulumi up` runs; no preview runs any.

They want `az`, logged in as one of the deployers, and to drain `kubectl` and `kubelogin`, too. What is missing stops
the update and is named. No credential is in a command, an environment or the state: the tools find their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi

from components.settings import AzureProviderSettings

_WANTS: Final = """set -eu
for tool in {tools}; do
  command -v "$tool" >/dev/null || {{ echo "$tool is not installed: {why}" >&2; exit 1; }}
done
pool() {{
  az aks nodepool "$@" --subscription "$SUBSCRIPTION" --resource-group "$RESOURCE_GROUP" --cluster-name "$CLUSTER" \\
    --name "$POOL" --only-show-errors --output none
}}
"""

REMOVE_POOL: Final = (
    _WANTS.format(tools="az", why="the pool that AKS made the cluster with cannot be removed")
    + """pools=$(az aks nodepool list --subscription "$SUBSCRIPTION" --resource-group "$RESOURCE_GROUP" \\
  --cluster-name "$CLUSTER" --query "[].name" --only-show-errors --output tsv)
case "
$pools
" in
  *"
$POOL
"*) pool delete ;;
esac
"""
)
"""Removes a pool, if it is there."""

DRAIN_POOL: Final = (
    _WANTS.format(tools="az kubectl kubelogin", why="the pods of the group's nodes cannot leave before these go")
    + """folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export KUBECONFIG="$folder/config"
az aks get-credentials --subscription "$SUBSCRIPTION" --resource-group "$RESOURCE_GROUP" --name "$CLUSTER" \\
  --file "$KUBECONFIG" --only-show-errors --output none
kubelogin convert-kubeconfig --login azurecli
if [ -n "$PROXY" ]; then
  kubectl config set-cluster "$CLUSTER" --proxy-url "$PROXY" >/dev/null
fi
selector="kubernetes.azure.com/agentpool=$POOL"
nodes=$(kubectl get nodes --selector "$selector" --output name)
if [ -n "$nodes" ]; then
  pool update --disable-cluster-autoscaler
  kubectl drain --selector "$selector" --ignore-daemonsets --delete-emptydir-data --timeout "${MINUTES}m"
fi
"""
)
"""Makes a pool's pods leave, disruption budgets respected, and makes the autoscaler add no node to it meanwhile."""
NOTHING: Final = ":"
"""A script that does nothing."""


def place(
    provider: AzureProviderSettings,
    resource_group_name: pulumi.Output[str],
    cluster_name: pulumi.Output[str],
    pool: pulumi.Input[str],
) -> Mapping[str, pulumi.Input[str]]:
    """The variables that say which pool is meant."""
    return {
        "SUBSCRIPTION": provider.subscription_id,
        "RESOURCE_GROUP": resource_group_name,
        "CLUSTER": cluster_name,
        "POOL": pool,
    }
