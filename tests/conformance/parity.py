"""Compares two digests of `pulumi preview --json --show-sames`: the engine's and the offline preview's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

# Where and when the program ran, and marks that the engine sets in an old state while it works on it.
_NOT_PLANNED: Final = frozenset({"created", "delete", "modified", "pendingReplacement", "sourcePosition", "stackTrace"})
_COMPLETED: Final = frozenset({"id", "outputs"})  # in the engine's digest by `digest.complete`, even where empty
_UNORDERED: Final = frozenset({"dependencies", "aliases", "additionalSecretOutputs", "diffReasons", "replaceReasons"})
_UNORDERED_BELOW: Final = "propertyDependencies"
_UNKNOWN_ID: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # a provider's, while it is not created; others have none
_VALUES: Final = ("inputs.", "outputs.")  # below these, what is empty is not what is absent
_ABSENT: Final = "nothing"
_EXTENSIONS = frozenset({"possibleAliases"})  # what an offline state says beyond the engine's
_KNOWN_TO_THE_ENGINE = ["provider"]  # why a resource goes with its provider; why it goes with another it does not say


def differences(engine: Mapping[str, Any], offline: Mapping[str, Any]) -> list[str]:
    """Return one line for each value that the offline preview has otherwise than the engine; none where they agree."""
    found: list[str] = []
    for urn, (ours, theirs) in _paired(_steps(offline), _steps(engine)).items():
        if theirs and ours and theirs["op"] == ours["op"] == "read" and "oldState" not in ours:
            # The engine asks the cloud, the offline preview its fixtures; who depends on it shows what either said.
            theirs["newState"].pop("outputs", None)
            ours["newState"].pop("outputs", None)
        found += [f"{_short(urn)}: {line}" for line in _compare("", theirs, _without_extensions(ours))]
    for key in ("config", "changeSummary"):
        theirs, ours = engine.get(key, {}), offline.get(key, {})
        found += [f"{key}: {line}" for line in _compare("", theirs, ours)]
    return found


def keys(digest: Mapping[str, Any]) -> dict[str, set[str]]:
    """The keys of a digest, of each step and of each state; those of `differences` that may differ are left out."""
    found = {"digest": set(digest)}
    for name, step in _steps(digest).items():
        states = {
            f"{name} {key}": set(step[key]) - _COMPLETED - _EXTENSIONS
            for key in ("oldState", "newState")
            if key in step
        }
        found |= {name: set(step), **states}
    return found


def _steps(digest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The steps by URN; a URN that is deleted and read again, say, has its operation in its key."""
    steps: dict[str, dict[str, Any]] = {}
    for step in digest.get("steps", []):
        key = step["urn"] if step["urn"] not in steps else f"{step['urn']} ({step['op']})"
        steps[key] = _plain(step)
    return steps


def _without_extensions(step: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an offline step without what the offline preview says beyond the engine.

    It names the changed properties of components, the URNs that a resource may have had, and why a dependent goes with
    what is deleted first, too. What goes first has `deleteBeforeReplace` in its state; the engine shows it by the order
    of its steps (`deletedFirst`).
    """
    if step is None:
        return None
    state: dict[str, Any] = dict(step.get("newState") or {})
    for key in _EXTENSIONS:
        state.pop(key, None)
    result = {**step, "newState": state}
    if state.pop("deleteBeforeReplace", None) and step["op"] == "replace":
        result["deletedFirst"] = True
        if not step.get("detailedDiff") and step.get("replaceReasons") != _KNOWN_TO_THE_ENGINE:
            result["replaceReasons"] = None
    return result if state.get("custom", True) else {**result, "detailedDiff": None, "diffReasons": None}


def _plain(value: Any, key: str = "", parent: str = "") -> Any:
    """Return a value without what may differ, and with lists sorted where the order says nothing."""
    if isinstance(value, Mapping):
        kept = {name: item for name, item in value.items() if name not in _NOT_PLANNED}
        return {name: _plain(item, name, key) for name, item in kept.items() if (name, item) != ("id", _UNKNOWN_ID)}
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return sorted(items) if key in _UNORDERED or parent == _UNORDERED_BELOW else items
    return value


def _paired(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {urn: (ours.get(urn), theirs.get(urn)) for urn in sorted(ours.keys() | theirs.keys())}


def _compare(path: str, engine: Any, offline: Any) -> Iterator[str]:
    if not engine and not offline and not any(part in path for part in _VALUES):
        return  # a digest leaves out what is empty
    if isinstance(engine, Mapping) and isinstance(offline, Mapping):
        for key, (ours, theirs) in _paired(offline, engine).items():
            yield from _compare(f"{path}.{key}".lstrip("."), theirs, ours)
    elif (type(engine) is not type(offline) and not _are_numbers(engine, offline)) or engine != offline:
        yield f"{path or 'step'}: the engine says {_brief(engine)}, the offline preview {_brief(offline)}"


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)


def _brief(value: Any) -> str:
    """A value as one line; of a whole step only what it would do."""
    if value is None:
        return _ABSENT
    if isinstance(value, Mapping) and "op" in value:
        return f"op {value['op']!r}"
    return repr(value)


def _short(urn: str) -> str:
    """A URN without its stack and project."""
    return urn.split("::", 2)[-1]
