"""A resource's properties as rules read them: plain values, and unknowns that never pass as an answer.

Names are the provider's own (`endpointPublicAccess`). A value that only the update will tell is `UNKNOWN`; reading it
raises `CannotTell` with its path, so that a rule neither passes nor fails on a guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

Path = tuple[str | int, ...]


class Unknown:
    """The value that only the update will tell; there is one, `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"  # a copy is the same object again


UNKNOWN: Final = Unknown()


NOT_YET: Final = "not known yet"
_BLOCK: Final = re.compile(r"^--- (/[A-Za-z0-9._/:-]+) 0[0-7]{3}\n", re.MULTILINE)
"""The first line of a file among what goes to a host; as the node program itself reads it: node/receive.sh."""


class CannotTell(Exception):
    """A rule asked for values that only the update will tell, or that stand outside the stack.

    `paths` are their places, as `vpcConfig.subnetIds[0]`; `why` says what is the matter with them.
    """

    def __init__(self, *paths: str, why: str = NOT_YET) -> None:
        super().__init__(f"{', '.join(paths)}: {why}")
        self.paths = paths
        self.why = why


class Properties:
    """One value of a resource, most often an object, and what is below it.

    `raw` is the value as it is, `UNKNOWN` included; rules read through the methods, which do not let it pass.
    """

    def __init__(self, value: Any, path: Path = ()) -> None:
        self.raw = value
        self.steps = path

    @property
    def path(self) -> str:
        """Where the value stands in its resource: `vpcConfig.publicAccessCidrs[0]`."""
        return path_text(self.steps)

    def at(self, *keys: str | int) -> Properties:
        """What is below these keys; absent things are empty, and what is below an unknown is unknown."""
        value = self.raw
        for key in keys:
            value = UNKNOWN if value is UNKNOWN else _below(value, key)
        return Properties(value, (*self.steps, *keys))

    def has(self, *keys: str) -> bool:
        """Whether something is there, known or not.

        Raises:
            CannotTell: what would hold it is unknown.
        """
        _known(self.at(*keys[:-1]))
        return self.at(*keys).raw is not None

    def get(self, *keys: str | int, default: Any = None) -> Any:
        """The known value below these keys, or the default where there is none.

        Raises:
            CannotTell: it is unknown, or has something unknown in it.
        """
        found = self.at(*keys)
        unknown = tuple(_unknown_paths(found.raw, found.steps))
        if unknown:
            raise CannotTell(*unknown)
        return default if found.raw is None else found.raw

    def is_true(self, *keys: str | int, default: bool = False) -> bool:
        """Whether a flag is on. Some providers write flags as text: "true".

        Raises:
            CannotTell: it is unknown.
        """
        return str(self.get(*keys, default=default)).lower() == "true"

    def items(self, *keys: str | int) -> list[Properties]:
        """The elements of a list; none where it is absent. A single thing where a list is usual is a list of one.

        Raises:
            CannotTell: the list itself is unknown.
        """
        found = self.at(*keys)
        value = _known(found)
        if value is None:
            return []
        if not isinstance(value, list):
            return [found]
        return [found.at(index) for index in range(len(cast("list[Any]", value)))]

    def parsed(self, *keys: str | int) -> Properties:
        """What a text below these keys holds as JSON: configuration that was rendered for an add-on or a host.

        Raises:
            CannotTell: the text is unknown, or is no JSON.
        """
        found = self.at(*keys)
        text = found.get()
        if text is None:
            return Properties(None, found.steps)
        try:
            return Properties(json.loads(text), found.steps)
        except (TypeError, ValueError):
            raise CannotTell(found.path, why="no JSON, and this rule reads nothing else") from None

    def blocks(self, *keys: str | int) -> dict[str, Properties]:
        """The files that a text below these keys brings to a host, by their path; none where it brings none.

        A file's first line is `--- <absolute path> <mode>`; what comes before the first is a program, and no file.

        Raises:
            CannotTell: the text is unknown.
        """
        found = self.at(*keys)
        text = found.get()
        files = _blocks(text) if isinstance(text, str) else {}
        return {path: Properties(content, (*found.steps, path)) for path, content in files.items()}

    def documents(self, *keys: str | int) -> list[Properties]:
        """What a text below these keys holds as YAML documents; none where there is no text.

        Raises:
            CannotTell: the text is unknown, or is no YAML.
        """
        found = self.at(*keys)
        text = found.get(default="")
        try:
            return [Properties(document, found.steps) for document in _documents(text)]
        except ValueError:
            raise CannotTell(found.path, why="no YAML, and this rule reads nothing else") from None

    def entries(self, *keys: str | int) -> dict[str, Properties]:
        """The entries of an object by key; none where it is absent.

        Raises:
            CannotTell: the object itself is unknown.
        """
        found = self.at(*keys)
        value = _known(found)
        return {key: found.at(key) for key in cast("dict[str, Any]", value)} if isinstance(value, dict) else {}


_Subject = TypeVar("_Subject")


def each(subjects: Iterable[_Subject], check: Callable[[_Subject], Iterable[str]]) -> Iterator[str]:
    """What a check finds on each of several things; an unknown in one does not hide what is wrong with another.

    Raises:
        CannotTell: at the end, with everything that was unknown.
    """
    unknown: list[CannotTell] = []
    for subject in subjects:
        try:
            yield from check(subject)
        except CannotTell as asked:
            unknown.append(asked)
    if unknown:
        raise CannotTell(*(path for asked in unknown for path in asked.paths), why=unknown[0].why)


def path_text(path: Path) -> str:
    """A place as text: `vpcConfig.publicAccessCidrs[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@lru_cache(maxsize=16)
def _blocks(text: str) -> Mapping[str, str]:
    """Many rules read the same text one after another, so the last ones are kept."""
    _, *parts = _BLOCK.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@lru_cache(maxsize=64)
def _documents(text: str) -> tuple[Any, ...]:
    """The documents of a file that all hosts get are read once. Nobody changes what rules read."""
    import yaml  # few stacks send YAML: the pack itself starts without

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster where it is built in
    try:
        return tuple(document for document in yaml.load_all(text, Loader=loader) if document is not None)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


def _known(properties: Properties) -> Any:
    if properties.raw is UNKNOWN:
        raise CannotTell(properties.path)
    return properties.raw


def _below(value: Any, key: str | int) -> Any:
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value).get(str(key))
    if isinstance(value, list) and isinstance(key, int) and key < len(cast("list[Any]", value)):
        return cast("list[Any]", value)[key]
    return None


def _unknown_paths(value: Any, path: Path) -> Iterator[str]:
    if value is UNKNOWN:
        yield path_text(path)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from _unknown_paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _unknown_paths(item, (*path, index))
