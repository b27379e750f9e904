"""The resources of one plan, as an estimator asks about them: values that may be unknown, regions, what feeds what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from preview.changes import is_mapping, is_sequence, reveal
from preview.cost.model import Range
from preview.plan import UNKNOWN, Resource, Secret
from preview.urn import display_type, is_provider, provider_urn

_REGION_KEYS: Final = ("region", "location", "zone")


class Scene:
    """The resources of one stack, by URN, type and dependency."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = {resource.urn: resource for resource in resources}
        self._of_type = dict[str, list[Resource]]()
        for resource in self.resources.values():
            self._of_type.setdefault(short_type(resource), []).append(resource)

    def of_type(self, short: str) -> list[Resource]:
        """Return the resources of a type, written as the CLI shows it."""
        return self._of_type.get(short, [])

    def feeding(self, resource: Resource, key: str) -> Iterator[Resource]:
        """Yield what the input `key` is made from."""
        for urn in resource.property_dependencies.get(key, ()):
            if urn in self.resources:
                yield self.resources[urn]

    def fed(self, short: str, key: str, source: Resource) -> list[Resource]:
        """Return the resources of a type whose input `key` is made from `source`."""
        return [item for item in self.of_type(short) if source.urn in item.property_dependencies.get(key, ())]

    def region(self, resource: Resource) -> str | None:
        """Return where a resource is: as it says itself, as what it is part of says, or as its provider says."""
        own = _region(resource)
        if own:
            return own
        for urn in resource.dependencies:
            above = self.resources.get(urn)
            if above is not None and not is_provider(above.type) and (found := _region(above)):
                return found
        provider = self.resources.get(provider_urn(resource.provider or ""))
        return _region(provider) if provider else None


def short_type(resource: Resource) -> str:
    """Return a type as the CLI shows it, without the API version that azure-native may put in."""
    return _short(resource.type)


@lru_cache(maxsize=4096)
def _short(resource_type: str) -> str:
    shown = display_type(resource_type)
    package, _, rest = shown.partition(":")
    module, _, name = rest.partition(":")
    return f"{package}:{module.partition('/v')[0]}:{name}" if "/v" in module else shown


def value(container: Any, *path: str | int) -> Any:
    """Return what lies at `path`, without secrets' wrappers; None where it is missing or unknown."""
    for key in path:
        if type(container) is dict:  # what almost all are, and all of a plan is asked for often
            container = container.get(key)
            continue
        container = reveal(container)
        if isinstance(key, int):
            container = container[key] if is_sequence(container) and key < len(container) else None
        else:
            container = container.get(key) if is_mapping(container) else None
    if isinstance(container, Secret):
        container = reveal(container)
    return None if container is UNKNOWN else container


def text(container: Any, *path: str | int) -> str | None:
    """Return the text at `path`, or None."""
    found = value(container, *path)
    return found if isinstance(found, str) and found else None


def number(container: Any, *path: str | int) -> Decimal | None:
    """Return the number at `path`, also where it is written as text, or None."""
    found = value(container, *path)
    if isinstance(found, str) and found.isdecimal():
        return Decimal(found)
    return Decimal(str(found)) if isinstance(found, (int, float, Decimal)) and not isinstance(found, bool) else None


def items(container: Any, *path: str | int) -> list[Any]:
    """Return the list at `path`; empty where there is none."""
    found = value(container, *path)
    return list(found) if is_sequence(found) else []


def flag(container: Any, *path: str | int) -> bool:
    """Whether there is a true value at `path`; some providers write it as text."""
    return value(container, *path) in (True, "true")


def fixed(count: Decimal | int | str) -> Range:
    """Return a quantity that nothing scales."""
    return Range(Decimal(count), Decimal(count))


def _region(resource: Resource) -> str | None:
    inputs: Mapping[str, Any] = resource.inputs
    for key in _REGION_KEYS:
        found = text(inputs, key)
        if found:
            return _normal(found)
    return None


def _normal(place: str) -> str:
    """Return a region's name: of `West Europe` westeurope, of the zone `europe-west4-a` europe-west4."""
    if " " in place:
        return place.replace(" ", "").lower()
    head, dash, tail = place.rpartition("-")
    return head if dash and len(tail) == 1 and tail.isalpha() and "-" in head else place
