"""The control frameworks that rules serve: one YAML file each, named for its id, with every control that it has.

A file says where its ids were read and what was not read. Titles are our own words: the texts are protected. Each
control says what could show that it is met: infrastructure code, or something outside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).parent


class ShownBy(StrEnum):
    """What could show that a control is met."""

    CODE = "code"
    ORGANISATION = "organisation"
    PEOPLE = "people"
    PHYSICAL = "physical"
    PROVIDER = "provider"
    NODE = "node"
    OPERATION = "operation"
    APPLICATION = "application"


OUTSIDE: Final[Mapping[ShownBy, str]] = {
    ShownBy.ORGANISATION: "a matter of policies, contracts, approvals and records of an organisation",
    ShownBy.PEOPLE: "a matter of people and of the devices that they carry",
    ShownBy.PHYSICAL: "a matter of buildings, radio networks, hardware and media",
    ShownBy.PROVIDER: "decided by the cloud provider or the product, not by what one declares",
    ShownBy.NODE: "seen in files and processes on a running node, where kube-bench looks",
    ShownBy.OPERATION: "seen in what is done while the platform runs: reviews, scans, responses, tests",
    ShownBy.APPLICATION: "a matter of applications and of the data that they hold",
}
"""Why infrastructure code cannot show a control."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """One thing that a framework asks for."""

    id: str
    title: str
    section: str
    shown_by: ShownBy


@dataclass(frozen=True, kw_only=True)
class Framework:
    """A framework with all its controls, by id, in its own order."""

    id: str
    title: str
    version: str
    sources: tuple[str, ...]
    read: dt.date
    not_read: str
    """What could not be read, and what stands here instead."""
    cluster: str
    """The type of the clusters that it is about, where these are of one kind; else empty."""
    controls: Mapping[str, Control]

    @property
    def judgeable(self) -> tuple[Control, ...]:
        """The controls that infrastructure code can show at all."""
        return tuple(control for control in self.controls.values() if control.shown_by is ShownBy.CODE)


FRAMEWORKS: Final = tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
"""The ids of all frameworks."""


def named(name: str) -> tuple[str, ...]:
    """The frameworks that a name stands for: an id, or a family: `cis` is all of CIS's benchmarks.

    Raises:
        KeyError: no framework has that name; the message lists the names that there are.
    """
    ids = tuple(id_ for id_ in FRAMEWORKS if id_ == name or id_.partition("-")[0] == name)
    if not ids:
        message = f"there is no framework {name!r}; there are {', '.join(FRAMEWORKS)}, and cis for all that begin so"
        raise KeyError(message)
    return ids


@cache
def framework(id_: str) -> Framework:
    """A framework by its id, read from its file.

    Raises:
        KeyError: there is none.
        ValueError: its file has an id twice, or says `shown_by` what is not in `ShownBy`.
    """
    if id_ not in FRAMEWORKS:
        raise KeyError(id_)
    import yaml  # only reports and documents need it: the pack itself starts without

    text = (_FOLDER / f"{id_}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster where it is built in
    content: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506  both loaders are safe ones
    sections: dict[str, dict[str, dict[str, str]]] = content.pop("sections")
    return Framework(
        id=id_,
        title=content["title"],
        version=content["version"],
        sources=tuple(content["sources"]),
        read=content["read"],
        not_read=content["not_read"],
        cluster=content.get("cluster", ""),
        controls=_by_id(
            Control(id=control, title=says["title"], section=section, shown_by=ShownBy(says["shown_by"]))
            for section, controls in sections.items()
            for control, says in controls.items()
        ),
    )


def _by_id(controls: Iterable[Control]) -> dict[str, Control]:
    found: dict[str, Control] = {}
    for control in controls:
        if found.setdefault(control.id, control) is not control:
            message = f"control {control.id} stands twice"
            raise ValueError(message)
    return found
