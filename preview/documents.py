"""YAML as Pulumi reads it: YAML 1.2 scalars, and a key written twice is an error.

PyYAML follows YAML 1.1, where `on` is true, `10:20` is 620 and `2026-01-01` is a date; a stack file would then mean one
thing here and another in `pulumi up`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, cast

import yaml

from preview.errors import PreviewError

_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it


class _Loader(_Base):
    """The safe loader with YAML 1.2 scalars and without repeated keys."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  PyYAML's own attribute

    def construct_mapping(  # the signature is PyYAML's
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002  # as above
    ) -> dict[Hashable, Any]:
        """Build a mapping, as PyYAML does, of keys that are written once."""
        seen = set[str]()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                continue
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is written twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))
_Loader.yaml_implicit_resolvers[""] = _Loader.yaml_implicit_resolvers["\0"]  # the empty scalar is null


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; an empty file is an empty mapping.

    Raises:
        PreviewError: the file cannot be read, is not YAML, or holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PreviewError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise PreviewError(f"{path}: cannot be read: {error}") from error
    try:
        document: Any = yaml.load(text, Loader=_Loader)  # noqa: S506  _Loader is a SafeLoader
    except yaml.YAMLError as error:
        raise PreviewError(f"{path}{_where(error)}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise PreviewError(f"{path}: holds a {type(document).__name__}; write `key: value` lines")
    return cast("dict[str, Any]", document)


def _where(error: yaml.YAMLError) -> str:
    """Return the position and the problem in one line; PyYAML spreads them over several."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return f": is not YAML: {error}"
    mark = error.problem_mark or error.context_mark
    position = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
    return f"{position}: is not YAML: {', '.join(part for part in (error.context, error.problem) if part)}"
