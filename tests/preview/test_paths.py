from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preview.paths import Path, contains, format_path, parse_path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("vpcConfig", "subnetIds", 0), "vpcConfig.subnetIds[0]"),
        (("tags", "Name"), "tags.Name"),
        (("tags", "a.b"), 'tags["a.b"]'),
        (("tags", 'say "hi"'), 'tags["say \\"hi\\""]'),
        (("kubernetes.io/role", 1, "key"), '["kubernetes.io/role"][1].key'),
    ],
)
def test_a_path_is_written_as_the_cli_prints_it(path: Path, text: str) -> None:
    assert format_path(path) == text
    assert parse_path(text) == path


@given(st.lists(st.integers(0, 99) | st.text('abc.-_"[]/', min_size=1), min_size=1).map(tuple))
def test_every_path_survives_writing_and_reading(path: Path) -> None:
    assert parse_path(format_path(path)) == path


@pytest.mark.parametrize("text", ["a[", 'a["b', "a..b"])
def test_a_broken_path_is_refused_with_what_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        parse_path(text)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("vpcConfig", "vpcConfig.subnetIds[0]", True),
        ("vpcConfig.subnetIds", "vpcConfig", False),
        ("rules[*].name", "rules[3].name", True),
        ("*", "anything[0]", True),
        ("rules[0]", "rules[1]", False),
    ],
)
def test_a_pattern_contains_what_lies_at_or_below_it(pattern: str, path: str, expected: bool) -> None:  # noqa: FBT001  a table of answers
    assert contains(parse_path(pattern), parse_path(path)) is expected
