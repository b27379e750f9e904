"""What holds state or runs workloads is named, with what it notices and in which order."""

from __future__ import annotations

from preview.plan import Plan, Resource
from preview.report.blast_radius import blast_radius
from preview.report.compare import changes_of
from preview.report.model import BlastEntry, Impact, Part
from tests.preview.report.cases import CLUSTER, NODE_GROUP, ROLE, VPC, plan, resource, steps, urn


def _radius(base: Plan, head: Plan) -> list[BlastEntry]:
    found = steps(base, head)
    return list(blast_radius(found, changes_of(found)))


def test_nothing_is_in_the_radius_of_a_tag() -> None:
    base, head = (plan(resource(CLUSTER, "c", {"tags": {"team": team}})) for team in ("blue", "red"))
    assert _radius(base, head) == []


def test_a_deleted_cluster_is_a_loss() -> None:
    (entry,) = _radius(plan(resource(CLUSTER, "c")), plan())
    assert (entry.part, entry.impact, entry.stateful) == (Part.CLUSTER, Impact.LOSS, True)
    assert entry.what.startswith("is deleted. What goes with it: every workload")


def test_pods_move_where_a_node_group_is_replaced_and_the_new_one_comes_first() -> None:
    base, head = (plan(resource(NODE_GROUP, "n", {"instanceTypes": [kind]})) for kind in ("m7g.large", "m8g.large"))
    (entry,) = _radius(base, head)
    assert (entry.impact, entry.stateful) == (Impact.MOVES, False)
    assert "the new one is created before the old one is deleted" in entry.what


def test_pods_stand_still_where_the_old_node_group_goes_first() -> None:
    def named(kind: str) -> Resource:
        return resource(NODE_GROUP, "n", {"instanceTypes": [kind], "nodeGroupName": "fixed"})

    (entry,) = _radius(plan(named("m7g.large")), plan(named("m8g.large")))
    assert entry.impact is Impact.OUTAGE


def test_an_update_in_place_that_renews_nodes_moves_pods() -> None:
    base, head = (plan(resource(NODE_GROUP, "n", {"version": version})) for version in ("1.34", "1.35"))
    (entry,) = _radius(base, head)
    assert entry.impact is Impact.MOVES
    assert entry.what.startswith("is changed in place (version): EKS adds new nodes")


def test_a_change_inside_an_object_that_renews_nodes_counts() -> None:
    pool = "gcp:container/nodePool:NodePool"
    base, head = (plan(resource(pool, "n", {"nodeConfig": {"machineType": kind}})) for kind in ("a", "b"))
    assert [entry.impact for entry in _radius(base, head)] == [Impact.MOVES]


def test_a_creation_is_in_nobodys_way() -> None:
    assert _radius(plan(), plan(resource(CLUSTER, "c"), resource(VPC, "v"))) == []


def test_what_is_deleted_goes_after_all_that_is_made_and_dependents_go_first() -> None:
    vpc = resource(VPC, "v")
    cluster = resource(CLUSTER, "c", {"vpcConfig": "x"}, fed_by={"vpcConfig": vpc.urn})
    nodes = resource(NODE_GROUP, "n", {"clusterName": "c"}, fed_by={"clusterName": cluster.urn})
    other = resource(NODE_GROUP, "other", {"version": "1.34"})
    newer = resource(NODE_GROUP, "other", {"version": "1.35"})
    found = _radius(plan(vpc, cluster, nodes, other), plan(newer))
    assert [(entry.rank, entry.change.name) for entry in found] == [(1, "other"), (2, "n"), (3, "c"), (4, "v")]


def test_what_does_not_depend_on_each_other_has_one_rank() -> None:
    found = _radius(plan(resource(VPC, "a"), resource(VPC, "b")), plan())
    assert [entry.rank for entry in found] == [1, 1]


def test_a_long_chain_of_dependencies_has_its_order() -> None:
    chain = [resource(ROLE, "0")]
    for number in range(1, 3000):
        before = urn(ROLE, str(number - 1))
        chain.append(resource(ROLE, str(number), {"path": "/"}, fed_by={"path": before}))
    end = resource(VPC, "end", {"cidrBlock": "x"}, fed_by={"cidrBlock": chain[-1].urn})
    assert [entry.change.name for entry in _radius(plan(*chain, end), plan(*chain))] == ["end"]
