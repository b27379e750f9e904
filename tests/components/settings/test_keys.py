"""A key is written as `pulumi config set --path` takes it."""

from __future__ import annotations

import pytest

from components.settings.keys import key_of


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (("environment",), "infraplatform:environment"),
        (("node_groups", "general", "max_nodes"), "infraplatform:node_groups.general.max_nodes"),
        (("cluster", "zones", 1), "infraplatform:cluster.zones[1]"),
        (("tags", "a.b/c"), 'infraplatform:tags["a.b/c"]'),
        (("node_groups", "Foo Bar", "zones"), 'infraplatform:node_groups["Foo Bar"].zones'),
    ],
)
def test_a_place_is_written_as_its_path(path: tuple[str | int, ...], key: str) -> None:
    assert key_of(path) == key
