"""Each kind of wrong value is explained in words of the user's own file."""

from __future__ import annotations

import pytest

from tests.components.settings.cases import Case, cases
from tests.components.settings.configurations import mistakes


@pytest.mark.parametrize("case", cases("wrong_values.yaml"), ids=str)
def test_a_wrong_value_is_explained(case: Case) -> None:
    assert mistakes(case.changes) == case.read


def test_a_long_value_is_shown_by_its_beginning_and_its_length() -> None:
    (found,) = mistakes({("node_groups", "general", "labels"): {"x": "y" * 500}})
    assert found.startswith("node_groups.general.labels.x: 'yyyyy")
    assert "... (502 characters)" in found
    assert len(found) < 200


def test_a_name_that_is_too_long_is_refused_and_never_cut() -> None:
    name = "a" * 41
    (found,) = mistakes({("cluster", "name"): name})
    assert name in found
    assert "write at most 40 characters" in found
