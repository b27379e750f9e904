"""Physical names of pools: what they hold, when they differ, and that they never change by themselves."""

from __future__ import annotations

import re

import pytest

from components.azure.node_machines import machines
from components.azure.pool_names import pool_name
from components.settings import NodeGroupSettings


def test_a_name_is_the_key_and_four_letters_or_digits() -> None:
    assert re.fullmatch(r"general[a-z0-9]{4}", pool_name("general", {"vmSize": "Standard_D4s_v5"}))
    assert len(pool_name("a" * 8, {})) == 12


def test_a_key_is_never_shortened() -> None:
    with pytest.raises(ValueError, match="'aaaaaaaaa' has 9 characters, and a pool's name has room for 8"):
        pool_name("a" * 9, {})


def test_the_order_in_which_things_are_said_is_no_difference() -> None:
    assert pool_name("a", {"x": 1, "y": [1, 2]}) == pool_name("a", {"y": [1, 2], "x": 1})
    assert pool_name("a", {"x": 1}) != pool_name("a", {"x": 2})


def test_the_name_is_frozen() -> None:
    # A release that makes another replaces every node of every stack.
    settings = NodeGroupSettings(machine_types=("Standard_D4s_v5",), min_nodes=2, max_nodes=6)
    assert pool_name("general", machines(settings, ("1", "2"), 110).fixed) == "generaljm9p"


def test_what_a_later_release_may_fix_too_renames_no_pool_that_has_none_of_it() -> None:
    assert pool_name("a", {"x": 1, "later": None}) == pool_name("a", {"x": 1})
