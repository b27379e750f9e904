"""Which goes first in a replacement."""

from __future__ import annotations

from typing import Any

from preview.plan import Operation, Resource, Step
from preview.report.model import Order
from preview.report.order import deletes_first
from tests.preview.report.cases import NODE_GROUP, REPOSITORY, ROLE, changes, plan, resource, urn

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"


def _replaced(old: Resource, new: Resource, *reasons: str) -> Step:
    return Step(operation=Operation.REPLACE, old=old, new=new, replace_reasons=reasons)


def _role(inputs: dict[str, Any], **fields: Any) -> Resource:
    return resource(ROLE, "it", inputs, **fields)


def test_the_new_one_is_created_first() -> None:
    assert not deletes_first(_replaced(_role({"path": "/a/"}), _role({"path": "/b/"})))


def test_a_name_that_the_program_gives_forces_the_old_one_out_first() -> None:
    assert deletes_first(_replaced(_role({"path": "/a/", "name": "n"}), _role({"path": "/b/", "name": "n"})))


def test_the_option_decides_whatever_the_name_is() -> None:
    given = {"name": "n", "path": "/b/"}
    assert not deletes_first(_replaced(_role(given), _role(given, delete_before_replace=False)))
    assert deletes_first(_replaced(_role({}), _role({}, delete_before_replace=True)))


def test_a_kubernetes_object_goes_first_only_where_it_keeps_its_name_and_namespace() -> None:
    def named(**metadata: str) -> Resource:
        return resource(CONFIG_MAP, "it", {"metadata": metadata})

    assert deletes_first(_replaced(named(name="a"), named(name="a"), "data"))
    assert not deletes_first(_replaced(named(name="a"), named(name="b"), "metadata"))
    assert not deletes_first(_replaced(named(name="a", namespace="x"), named(name="a", namespace="y"), "metadata"))
    assert not deletes_first(_replaced(named(), named(), "data"))


def test_what_another_provider_serves_now_is_made_beside_the_old_one() -> None:
    old, new = (resource(CONFIG_MAP, "it", {"metadata": {"name": "a"}}) for _ in range(2))
    assert not deletes_first(_replaced(old, new, "provider"))


def test_what_depends_on_something_that_goes_first_goes_first_too() -> None:
    def stack(path: str) -> tuple[Resource, Resource]:
        role = resource(ROLE, "role", {"path": path, "name": "given"})
        nodes = resource(NODE_GROUP, "nodes", {"nodeRoleArn": path}, fed_by={"nodeRoleArn": urn(ROLE, "role")})
        return role, nodes

    found = changes(plan(*stack("/a/")), plan(*stack("/b/")))
    assert found["nodes"].order is Order.DELETE_FIRST


def test_only_a_replacement_has_an_order() -> None:
    found = changes(plan(), plan(resource(REPOSITORY, "it")))
    assert found["it"].order is None
