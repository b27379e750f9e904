"""How a place in the configuration is written: as `pulumi config set --path` takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

NAMESPACE: Final = "infraplatform"
_PLAIN: Final = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*$")


def key_of(path: Sequence[str | int]) -> str:
    """The key of a place in the configuration.

    `infraplatform:cluster.zones[1]`, `infraplatform:node_groups.general.labels["example.com/team"]`
    """
    key = ""
    for step in path:
        if isinstance(step, int):
            key += f"[{step}]"
        elif _PLAIN.match(step):
            key += f".{step}" if key else step
        else:
            key += f'["{step}"]'
    return f"{NAMESPACE}:{key}"
