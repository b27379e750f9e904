"""Properties as the engine sends them, in protobuf: to plain values, and back with a fix applied.

Source: pulumi/sdk v3.259.0 go/common/resource/sig and resource/plugin/rpc.go, read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from google.protobuf.struct_pb2 import Struct, Value

from policies.properties import UNKNOWN, Path

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  a signature of the protocol, not a password
OUTPUT_VALUE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWNS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""Placeholders for a boolean, number, string, array, asset, archive and object that only the update will tell."""


def plain(struct: Struct, secrets: set[str]) -> dict[str, Any]:
    """Properties as plain values. Secrets are unwrapped for the rules; their texts are added to `secrets`."""
    return {key: _plain(value, secrets, secret=False) for key, value in struct.fields.items()}


def _plain(value: Value, secrets: set[str], *, secret: bool) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return _text(value.string_value, secrets, secret=secret)
        case "struct_value":
            return _object(value.struct_value, secrets, secret=secret)
        case "list_value":
            return [_plain(item, secrets, secret=secret) for item in value.list_value.values]
        case "number_value":  # every number is a double on the wire
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _text(text: str, secrets: set[str], *, secret: bool) -> Any:
    if text in UNKNOWNS:
        return UNKNOWN
    if secret:
        secrets.add(text)
    return text


def _object(struct: Struct, secrets: set[str], *, secret: bool) -> Any:
    fields = struct.fields
    signature = fields[SIGNATURE].string_value if SIGNATURE in fields else ""
    if signature == SECRET:
        return _plain(fields["value"], secrets, secret=True)
    if signature == OUTPUT_VALUE:
        secret = secret or fields["secret"].bool_value if "secret" in fields else secret
        return _plain(fields["value"], secrets, secret=secret) if "value" in fields else UNKNOWN
    return {key: _plain(value, secrets, secret=secret) for key, value in fields.items()}


def with_changes(struct: Struct, changes: Iterable[tuple[Path, Any]]) -> Struct:
    """The properties with some set anew; all others, unknowns and secrets too, stay as they are."""
    changed = Struct()
    changed.CopyFrom(struct)
    for path, value in changes:
        _set(changed, path, value)
    return changed


def _set(struct: Struct, path: Path, value: Any) -> None:
    holder: Any = struct
    for step in path[:-1]:
        holder = _inside(holder, step)
    last = path[-1]
    if isinstance(last, int):
        holder.values[last].CopyFrom(_encoded(value))
    else:
        holder.fields[last].CopyFrom(_encoded(value))


def _inside(holder: Any, step: str | int) -> Any:
    """The object or list at a step, made where there is none; the wrapping of a secret is stepped through."""
    value: Value = holder.values[step] if isinstance(step, int) else holder.fields[step]
    while value.WhichOneof("kind") == "struct_value" and SIGNATURE in value.struct_value.fields:
        value = value.struct_value.fields["value"]
    if value.WhichOneof("kind") == "list_value":
        return value.list_value
    return value.struct_value


def _encoded(value: Any) -> Value:
    holder = Struct()
    holder.update({"value": value if not isinstance(value, Mapping) else dict(cast("Mapping[str, Any]", value))})
    return holder.fields["value"]
