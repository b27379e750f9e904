"""The way to the internet: a router, and the NAT on it."""

from __future__ import annotations

import pulumi
import pulumi_gcp as gcp

from components.settings import GcpProviderSettings


def internet_egress(
    name: str,
    vpc: gcp.compute.Network,
    subnet: gcp.compute.Subnetwork,
    provider: GcpProviderSettings,
    parent: pulumi.Resource,
) -> list[pulumi.Resource]:
    """Make Cloud NAT for the subnet's nodes and pods; returns what must stand before a node reaches the internet.

    It is the region's, with addresses that Google adds as they are needed. Ports are given to nodes as they use them,
    64 at least; a node of many pods outruns a fixed number.
    """
    child = pulumi.ResourceOptions(parent=parent)
    router = gcp.compute.Router(
        f"{name}-router", project=provider.project, region=provider.region, network=vpc.id, opts=child
    )
    nat = gcp.compute.RouterNat(
        f"{name}-nat",
        project=provider.project,
        region=provider.region,
        router=router.name,
        nat_ip_allocate_option="AUTO_ONLY",
        source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
        subnetworks=[
            gcp.compute.RouterNatSubnetworkArgs(name=subnet.id, source_ip_ranges_to_nats=["ALL_IP_RANGES"]),
        ],
        enable_dynamic_port_allocation=True,
        enable_endpoint_independent_mapping=False,
        min_ports_per_vm=64,
        max_ports_per_vm=32768,
        log_config=gcp.compute.RouterNatLogConfigArgs(enable=True, filter="ERRORS_ONLY"),
        opts=child,
    )
    return [nat]
