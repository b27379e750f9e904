"""A picture has each thing where it belongs: in its network, its zone, its cluster, or on a shelf."""

from __future__ import annotations

from preview.plan import UNKNOWN, Operation, Plan
from preview.report.model import Change, StackReport, StackStatus
from preview.report.topology import Card, Picture, of_plan, of_stack
from tests.preview.report.samples import changed_report, plan, platform, resource

_GCP_ZONES = ["europe-west4-a", "europe-west4-b"]


def _names(cards: tuple[Card, ...]) -> list[str]:
    return [card.name for card in cards]


def _shelves(picture: Picture) -> dict[str, list[str]]:
    return {label: _names(cards) for label, cards in picture.shelves}


def test_groups_are_in_their_cluster_and_in_the_zones_of_their_subnets() -> None:
    (network,) = of_plan(plan("prod", platform())).networks
    (cluster,) = network.clusters
    assert network.card is not None
    assert (network.card.name, network.card.note, network.zones) == ("vpc", "10.0.0.0/16", ("us-east-1a", "us-east-1b"))
    assert (cluster.card.name, cluster.card.note) == ("cluster", "Kubernetes 1.35")
    assert [(card.name, card.note, card.zones) for card in cluster.groups] == [
        ("group-a", "1 to 4 \u00d7 m7g.large", ("us-east-1a",)),
        ("group-b", "1 to 4 \u00d7 m7g.large", ("us-east-1b",)),
    ]
    assert [(card.name, card.kind, card.zones) for card in network.ways_out] == [
        ("nat", "nat gateway", ("us-east-1a",))
    ]
    assert _names(network.subnets) == ["subnet-a", "subnet-b"]


def test_what_is_in_no_network_is_on_its_shelf() -> None:
    assert _shelves(of_plan(plan("prod", platform()))) == {
        "Registry": ["images"],
        "Storage": ["files", "jobs"],
        "Keys": ["key"],
    }


def test_what_goes_is_drawn_where_it_was_and_what_stays_is_not_marked() -> None:
    picture = of_stack(changed_report().stacks[1])
    marks = {card.name: card.operation for card in picture.cards()}
    assert marks["images"] is Operation.DELETE
    assert marks["key"] is Operation.CREATE
    assert marks["group-a"] is Operation.REPLACE
    assert marks["vpc"] is Operation.SAME


def test_a_group_of_several_zones_names_them_all() -> None:
    cluster = resource("prod", "gcp:container/cluster:Cluster", "main", {"minMasterVersion": "1.35"})
    pool = resource(
        "prod",
        "gcp:container/nodePool:NodePool",
        "pool",
        {
            "nodeLocations": _GCP_ZONES,
            "autoscaling": {"totalMinNodeCount": 3, "totalMaxNodeCount": 3},
            "nodeConfig": {"machineType": "e2-standard-4"},
        },
        {"cluster": [cluster]},
    )
    (network,) = of_plan(plan("prod", [cluster, pool])).networks
    assert network.card is None  # a network that is not this stack's own
    assert [(card.note, card.zones) for card in network.clusters[0].groups] == [
        ("3 \u00d7 e2-standard-4", tuple(_GCP_ZONES))
    ]


def test_groups_of_two_clusters_do_not_mix() -> None:
    clusters = [resource("prod", "azure-native:containerservice:ManagedCluster", name) for name in ("blue", "green")]
    pools = [
        resource(
            "prod",
            "azure-native:containerservice:AgentPool",
            f"pool-of-{cluster.name}",
            {"resourceName": UNKNOWN, "vmSize": "Standard_D2s_v5", "count": 3},
            {"resourceName": [cluster]},
        )
        for cluster in clusters
    ]
    (network,) = of_plan(plan("prod", [*clusters, *pools])).networks
    assert {box.card.name: _names(box.groups) for box in network.clusters} == {
        "blue": ["pool-of-blue"],
        "green": ["pool-of-green"],
    }


def test_a_way_to_a_file_system_is_no_thing_of_its_own() -> None:
    files = resource("prod", "aws:efs/fileSystem:FileSystem", "files")
    target = resource("prod", "aws:efs/mountTarget:MountTarget", "files-a", {}, {"fileSystemId": [files]})
    assert _shelves(of_plan(plan("prod", [files, target]))) == {"Storage": ["files"]}


def test_a_ring_of_dependencies_ends() -> None:
    one = resource("prod", "aws:eks/nodeGroup:NodeGroup", "one")
    two = resource("prod", "aws:eks/nodeGroup:NodeGroup", "two", {}, {"x": [one]})
    ring = resource("prod", "aws:eks/nodeGroup:NodeGroup", "one", {}, {"x": [two]})
    assert of_plan(plan("prod", [two, ring])).is_empty


def test_a_stack_that_was_not_planned_has_no_picture() -> None:
    assert of_stack(StackReport(stack="dev", status=StackStatus.UNCHANGED)).is_empty
    gone = Change(urn="urn", type="aws:ec2/vpc:Vpc", name="vpc", custom=True, operation=Operation.DELETE)
    empty = StackReport(stack="dev", status=StackStatus.COMPARED, changes=(gone,), head=Plan(project="p", stack="dev"))
    assert of_stack(empty).is_empty
