"""An existing network on Google Cloud is taken by its names, and nothing in it is made."""

from __future__ import annotations

from components.gcp.network_existing import ExistingGcpNetwork, ExistingGcpNetworkArgs
from components.settings import GcpExistingNetwork
from tests.components.gcp.clusters import gke_cluster
from tests.components.gcp.networks import provider
from tests.components.plans import planned

NETWORK = "projects/host-project/global/networks/shared"
SUBNET = "projects/host-project/regions/europe-west3/subnetworks/nodes"


def existing_network() -> ExistingGcpNetwork:
    """A shared VPC of another project."""
    existing = {
        "network_id": NETWORK,
        "subnet_id": SUBNET,
        "cidr": "10.60.0.0/20",
        "pod_range": "cluster-pods",
        "pod_cidr": "10.61.0.0/16",
        "service_range": "cluster-services",
        "service_cidr": "10.62.0.0/20",
    }
    args = ExistingGcpNetworkArgs(existing=GcpExistingNetwork.model_validate(existing), provider=provider())
    return ExistingGcpNetwork("network", args)


def test_no_resource_is_made() -> None:
    assert [name for (_, name), resource in planned(existing_network).items() if resource.custom] == []


def test_a_cluster_stands_in_it_by_its_whole_names() -> None:
    cluster = planned(lambda: gke_cluster(existing_network()))["Cluster", "cluster"].inputs
    assert (cluster["network"], cluster["subnetwork"]) == (NETWORK, SUBNET)
    assert cluster["ipAllocationPolicy"] == {
        "clusterSecondaryRangeName": "cluster-pods",
        "servicesSecondaryRangeName": "cluster-services",
        "stackType": "IPV4",
    }
