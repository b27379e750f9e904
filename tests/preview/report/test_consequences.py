"""What follows from a replacement is found, plan beside plan, as the engine finds it beside a state."""

from __future__ import annotations

from preview.plan import UNKNOWN, Resource
from tests.preview.report.cases import CLUSTER, NODE_GROUP, ROLE, operations, plan, resource, urn


def _stack(path: str, tags: dict[str, str] | None = None) -> list[Resource]:
    return [
        resource(ROLE, "role", {"path": path, "tags": tags or {}}),
        resource(CLUSTER, "cluster", {"roleArn": UNKNOWN}, fed_by={"roleArn": urn(ROLE, "role")}),
        resource(NODE_GROUP, "nodes", {"clusterName": UNKNOWN}, fed_by={"clusterName": urn(CLUSTER, "cluster")}),
    ]


def test_what_a_replacement_feeds_is_replaced_where_its_input_replaces() -> None:
    found = operations(plan(*_stack("/a/")), plan(*_stack("/b/")))
    assert found == {"role": "replace", "cluster": "replace", "nodes": "replace"}


def test_what_an_update_feeds_is_not_replaced() -> None:
    found = operations(plan(*_stack("/a/")), plan(*_stack("/a/", {"team": "blue"})))
    assert found["role"] == "update"
    assert found["cluster"] == "may-change"


def test_a_replacement_is_found_behind_a_change_of_something_else() -> None:
    base, head = _stack("/a/"), _stack("/b/")
    base[1] = resource(
        CLUSTER, "cluster", {"roleArn": UNKNOWN, "version": "1.34"}, fed_by={"roleArn": urn(ROLE, "role")}
    )
    head[1] = resource(
        CLUSTER, "cluster", {"roleArn": UNKNOWN, "version": "1.35"}, fed_by={"roleArn": urn(ROLE, "role")}
    )
    assert operations(plan(*base), plan(*head))["cluster"] == "replace"


def test_what_a_replacement_feeds_in_place_may_change() -> None:
    fed_by = {"tags": urn(ROLE, "role")}
    base = plan(resource(ROLE, "role", {"path": "/a/"}), resource(CLUSTER, "c", {"tags": UNKNOWN}, fed_by=fed_by))
    head = plan(resource(ROLE, "role", {"path": "/b/"}), resource(CLUSTER, "c", {"tags": UNKNOWN}, fed_by=fed_by))
    assert operations(base, head)["c"] == "may-change"


def test_everything_that_a_replaced_provider_serves_is_replaced() -> None:
    provider, object_type = "pulumi:providers:kubernetes", "kubernetes:core/v1:ConfigMap"

    def stack(role_path: str) -> list[Resource]:
        role, cluster = _stack(role_path)[:2]
        own = resource(
            provider, "k8s", {"clusterIdentifier": UNKNOWN}, fed_by={"clusterIdentifier": urn(CLUSTER, "cluster")}
        )
        inside = resource(object_type, "inside", {"metadata": {"name": "a"}}, provider=f"{own.urn}::unknown")
        return [role, cluster, own, inside]

    found = operations(plan(*stack("/a/")), plan(*stack("/b/")))
    assert (found["k8s"], found["inside"]) == ("replace", "replace")
