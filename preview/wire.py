"""Values on the wire: protobuf structs and the engine's JSON to plain values with `UNKNOWN` and `Secret`, and back.

A special object carries the key `SIGNATURE`. Assets, archives and resource references stay plain objects with their
signature, as in `pulumi preview --json`. Source: pulumi 3.272.0 `runtime/rpc.py` and pulumi/sdk v3.259.0
go/common/resource/sig, read 2026-11-23.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from preview.changes import is_mapping, is_sequence
from preview.plan import MASKED, UNKNOWN, Secret

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct, Value

UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  a signature of the protocol, not a password
OUTPUT_VALUE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"


def from_struct(struct: Struct, dependencies: set[str] | None = None) -> dict[str, Any]:
    """Decode a message's properties; the URNs that output values depend on are added to `dependencies`."""
    return {key: from_json(plain(value), dependencies) for key, value in struct.fields.items()}


def from_value(value: Value) -> Any:
    """Decode a single protobuf value."""
    return from_json(plain(value))


def from_json(value: Any, dependencies: set[str] | None = None) -> Any:
    """Decode a JSON value of the engine: a message, a state or the output of `pulumi preview --json`."""
    if isinstance(value, str):
        # Also inside a longer text: a program may have formatted the placeholder of an encrypted secret into it.
        return UNKNOWN if UNKNOWN_TEXT in value else Secret(MASKED) if value == MASKED else value
    if isinstance(value, list):
        return [from_json(item, dependencies) for item in value]
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if SIGNATURE in fields:
            return _from_special(fields, dependencies)
        return {key: from_json(item, dependencies) for key, item in fields.items()}
    return value


def _from_special(fields: dict[str, Any], dependencies: set[str] | None) -> Any:
    match fields[SIGNATURE]:
        case str(signature) if signature == SECRET:
            return Secret(_secret_value(fields, dependencies))
        case str(signature) if signature == OUTPUT_VALUE:
            if dependencies is not None:
                dependencies.update(fields.get("dependencies") or ())
            value = from_json(fields["value"], dependencies) if "value" in fields else UNKNOWN
            return Secret(value) if fields.get("secret") and not isinstance(value, Secret) else value
        case str(signature) if signature == ASSET and "hash" not in fields:
            return {**fields, **_asset_hash(fields)}
        case str(signature) if signature == RESOURCE:
            identity = from_json(fields["id"], dependencies) if "id" in fields else None
            return fields if identity is None else {**fields, "id": UNKNOWN if identity == "" else identity}
        case _:
            return {key: from_json(item, dependencies) for key, item in fields.items()}


def _secret_value(fields: dict[str, Any], dependencies: set[str] | None) -> Any:
    if "value" in fields:
        return from_json(fields["value"], dependencies)
    if "plaintext" in fields:  # `pulumi stack export --show-secrets`
        return from_json(json.loads(fields["plaintext"]), dependencies)
    return MASKED  # encrypted: nothing here has the key


def _asset_hash(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the content's hash, as the engine adds it, so that a changed file shows as a change."""
    if "text" in fields:
        content = str(fields["text"]).encode()
    elif "path" in fields and (path := Path(fields["path"])).is_file():
        content = path.read_bytes()
    else:
        return {}
    return {"hash": hashlib.sha256(content).hexdigest()}


def plain(value: Value) -> Any:
    """Return a protobuf value as JSON, its special objects as they are."""
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "struct_value":
            return {key: plain(item) for key, item in value.struct_value.fields.items()}
        case "list_value":
            return [plain(item) for item in value.list_value.values]
        case "number_value":  # every number is a double on the wire
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case _:
            return None


def to_struct(values: Mapping[str, Any]) -> Struct:
    """Encode values for the program: unknowns and secrets in the engine's own form."""
    from google.protobuf.struct_pb2 import Struct  # protobuf is loaded only where messages are spoken

    struct = Struct()
    struct.update({key: _encode(value) for key, value in values.items()})
    return struct


def to_output_values(values: Mapping[str, Any], dependencies: Mapping[str, Collection[str]]) -> Struct:
    """Encode values for a transform: unknowns, secrets and what depends on other resources become output values.

    A transform that sees a plain secret or unknown would take its encoding for data and corrupt it.
    """
    from google.protobuf.struct_pb2 import Struct  # as above

    struct = Struct()
    struct.update({key: _output(value, dependencies.get(key, ())) for key, value in values.items()})
    return struct


def _encode(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        # What is masked is not known here; the program must not compute with the mask.
        return {SIGNATURE: SECRET, "value": UNKNOWN_TEXT if value.value == MASKED else _encode(value.value)}
    if is_mapping(value):
        return {key: _encode(item) for key, item in value.items()}
    if is_sequence(value):
        return [_encode(item) for item in value]
    return value


def _output(value: Any, dependencies: Collection[str] = ()) -> Any:
    secret = isinstance(value, Secret)
    inner = value.value if isinstance(value, Secret) else value
    if not (secret or inner is UNKNOWN or dependencies):
        if is_mapping(inner):
            return {key: _output(item) for key, item in inner.items()}
        return [_output(item) for item in inner] if is_sequence(inner) else inner
    fields: dict[str, Any] = {SIGNATURE: OUTPUT_VALUE, "dependencies": sorted(dependencies)}
    if secret:
        fields["secret"] = True
    if inner is not UNKNOWN:
        fields["value"] = _output(inner)
    return fields


def contains_unknown(value: Any) -> bool:
    """Whether anything in `value` is unknown, also within secrets."""
    if isinstance(value, Secret):
        return contains_unknown(value.value)
    if is_mapping(value):
        return any(contains_unknown(item) for item in value.values())
    if is_sequence(value):
        return any(contains_unknown(item) for item in value)
    return value is UNKNOWN


def mask(value: Any) -> Any:
    """Return a JSON value that may be shown: secrets are `[secret]`, unknowns the engine's placeholder."""
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        return MASKED
    if is_mapping(value):
        return {key: mask(item) for key, item in value.items()}
    if is_sequence(value):
        return [mask(item) for item in value]
    return value
