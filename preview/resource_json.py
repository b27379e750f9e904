"""A resource as states, and the steps of `pulumi preview --json`, hold it.

What is written has no secret in it. Beyond the CLI's own keys there are `deleteBeforeReplace` and `possibleAliases`,
which only a program or its provider knows. Source: pulumi/sdk v3.259.0 go/common/apitype/core.go (`ResourceV3`), read
2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from preview.durations import duration_seconds, seconds_text
from preview.plan import Resource, SourcePosition
from preview.wire import from_json as from_wire
from preview.wire import mask

_SOURCE_PREFIX: Final = "project:///"


def resource_from_json(entry: Mapping[str, Any]) -> Resource:
    """Return a resource of a state or of a step."""
    dependencies: Mapping[str, list[str] | None] = entry.get("propertyDependencies") or {}
    times: Mapping[str, float] = entry.get("customTimeouts") or {}
    return Resource(
        urn=entry["urn"],
        type=entry["type"],
        custom=entry["custom"],
        parent=entry.get("parent"),
        id=entry.get("id") or None,
        inputs={key: from_wire(value) for key, value in (entry.get("inputs") or {}).items()},
        outputs={key: from_wire(value) for key, value in (entry.get("outputs") or {}).items()},
        provider=entry.get("provider"),
        dependencies=tuple(entry.get("dependencies") or ()),
        property_dependencies={key: tuple(urns or ()) for key, urns in dependencies.items()},
        aliases=tuple(entry.get("aliases") or ()),
        possible_aliases=tuple(entry.get("possibleAliases") or ()),
        protect=entry.get("protect", False),
        retain_on_delete=entry.get("retainOnDelete", False),
        deleted_with=entry.get("deletedWith"),
        replace_with=tuple(entry.get("replaceWith") or ()),
        replacement_trigger=from_wire(entry.get("replacementTrigger")),
        delete_before_replace=entry.get("deleteBeforeReplace"),
        ignore_changes=tuple(entry.get("ignoreChanges") or ()),
        replace_on_changes=tuple(entry.get("replaceOnChanges") or ()),
        additional_secret_outputs=tuple(entry.get("additionalSecretOutputs") or ()),
        custom_timeouts={key: seconds_text(seconds) for key, seconds in times.items() if seconds},
        hooks={kind: tuple(names) for kind, names in (entry.get("resourceHooks") or {}).items()},
        external=entry.get("external", False),
        source=_source_from_json(entry.get("sourcePosition")),
    )


def resource_to_json(resource: Resource) -> dict[str, Any]:
    """Return a resource as a state and a step hold it; what is empty is left out."""
    source = resource.source
    entry: dict[str, Any] = {
        "urn": resource.urn,
        "custom": resource.custom,
        "id": resource.id,
        "type": resource.type,
        "inputs": mask(resource.inputs),
        "outputs": mask(resource.outputs),
        "parent": resource.parent,
        "protect": resource.protect,
        "external": resource.external,
        "dependencies": list(resource.dependencies),
        "provider": resource.provider,
        "propertyDependencies": {key: list(urns) for key, urns in resource.property_dependencies.items()},
        "additionalSecretOutputs": list(resource.additional_secret_outputs),
        "aliases": list(resource.aliases),
        "possibleAliases": list(resource.possible_aliases),
        "customTimeouts": {key: duration_seconds(text) for key, text in resource.custom_timeouts.items()},
        "retainOnDelete": resource.retain_on_delete,
        "deletedWith": resource.deleted_with,
        "replaceWith": list(resource.replace_with),
        "replacementTrigger": mask(resource.replacement_trigger),
        "deleteBeforeReplace": resource.delete_before_replace,
        "ignoreChanges": list(resource.ignore_changes),
        "replaceOnChanges": list(resource.replace_on_changes),
        "resourceHooks": {kind: list(names) for kind, names in resource.hooks.items()},
        "sourcePosition": f"{_SOURCE_PREFIX}{source.file.lstrip('/')}#{source.line}" if source else None,
    }
    return {
        key: value
        for key, value in entry.items()
        if value or key == "custom" or (key == "deleteBeforeReplace" and value is False)
    }


def _source_from_json(text: str | None) -> SourcePosition | None:
    if not text:
        return None
    file, _, position = text.removeprefix(_SOURCE_PREFIX).rpartition("#")
    return SourcePosition(file, int(position.partition(",")[0]))
