"""All rules of the pack, by id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policies.rule import AnyRule
from policies.rules import aws_cluster

CATALOGUE: Final[Mapping[str, AnyRule]] = {rule.id: rule for rules in (aws_cluster.RULES,) for rule in rules}
"""Every rule by its id, in the order of the files."""
