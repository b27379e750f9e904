"""Resource options as the engine hands them to transforms, and as a plan shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pulumi.runtime.proto.resource_pb2 import TransformResourceOptions

from preview.durations import duration_seconds, seconds_text
from preview.plan import Resource
from preview.wire import from_value

if TYPE_CHECKING:
    from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest

HOOK_KINDS: Final[Mapping[str, str]] = {
    "BeforeCreate": "before_create",
    "AfterCreate": "after_create",
    "BeforeUpdate": "before_update",
    "AfterUpdate": "after_update",
    "BeforeDelete": "before_delete",
    "AfterDelete": "after_delete",
    "OnError": "on_error",
}


def from_request(request: RegisterResourceRequest) -> TransformResourceOptions:
    """Return a registration's options in the form that transforms take and give."""
    options = TransformResourceOptions(
        depends_on=request.dependencies,
        ignore_changes=request.ignoreChanges,
        replace_on_changes=request.replaceOnChanges,
        version=request.version,
        aliases=request.aliases,
        provider=request.provider,
        providers=request.providers,
        hide_diff=request.hideDiffs,
        plugin_download_url=request.pluginDownloadURL,
        deleted_with=request.deletedWith,
        replace_with=request.replace_with,
        additional_secret_outputs=request.additionalSecretOutputs,
    )
    setattr(options, "import", request.importId)
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    if request.HasField("hooks"):
        options.hooks.CopyFrom(request.hooks)
    if request.HasField("replacement_trigger"):
        options.replacement_trigger.CopyFrom(request.replacement_trigger)
    return options


def applied(options: TransformResourceOptions, resource: Resource) -> Resource:
    """Return the resource with the options that a plan shows."""
    before = options.delete_before_replace if options.HasField("delete_before_replace") else None
    return replace(
        resource,
        protect=options.protect,
        retain_on_delete=options.retain_on_delete,
        deleted_with=options.deleted_with or None,
        replace_with=tuple(options.replace_with),
        replacement_trigger=from_value(options.replacement_trigger),
        delete_before_replace=before,
        ignore_changes=tuple(options.ignore_changes),
        replace_on_changes=tuple(options.replace_on_changes),
        additional_secret_outputs=tuple(options.additional_secret_outputs),
        custom_timeouts=_timeouts(options),
        hooks=_hooks(options),
    )


def _timeouts(options: TransformResourceOptions) -> dict[str, str]:
    """Return the custom timeouts that are set, in seconds: `{"create": "1800s"}`."""
    given = options.custom_timeouts
    found = {"create": given.create, "update": given.update, "delete": given.delete, "read": given.read}
    return {key: seconds_text(duration_seconds(value)) for key, value in found.items() if value}


def _hooks(options: TransformResourceOptions) -> dict[str, tuple[str, ...]]:
    """Return the names of the hooks by their kind."""
    if not options.HasField("hooks"):
        return {}
    found = {kind: tuple(getattr(options.hooks, field)) for kind, field in HOOK_KINDS.items()}
    return {kind: names for kind, names in found.items() if names}
