"""Makes up what a cloud would answer: every output property that an SDK class declares and its inputs do not give.

Values are made from the URN and the property's type and name alone, so two runs give the same. They have the right
shape (an ARN, a URL, an IPv6 range, a certificate) where programs look at the shape, and are made up everywhere else.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import threading
import types
import typing
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from ipaddress import IPv6Network
from typing import Any, Final

from pulumi import Output, _types
from pulumi.runtime import rpc

from tests.conformance import fabricate_azure, fabricate_command, fabricate_google

_SDKS: Final = {
    "aws": "pulumi_aws",
    "azure-native": "pulumi_azure_native",
    "command": "pulumi_command",
    "gcp": "pulumi_gcp",
}
_DOCUMENTATION: Final = IPv6Network("2001:db8::/32")  # RFC 3849
_MAX_DEPTH: Final = 5  # some output types contain themselves
_IMPORTS: Final = threading.Lock()  # the SDKs' lazy modules are seen half made by a second thread


def outputs(urn: str, type_token: str) -> dict[str, Any]:
    """What a creation computes beside its inputs; empty for types whose outputs are their inputs (Kubernetes).

    Args:
        urn: the resource; its values are made from it.
        type_token: the resource's type, such as `aws:ec2/vpc:Vpc`.
    """
    cls = _resource_class(type_token)
    if cls is None:
        return {}
    # A property that is optional at the top level is there only if the program set it.
    always = fabricate_azure.ALWAYS.get(type_token, ())
    required = {
        name: hint for name, hint in _hints(cls).items() if type(None) not in typing.get_args(hint) or name in always
    }
    service = type_token.split(":")[1].partition("/")[0]
    made = {name: _value(urn, (service, name), hint) for name, hint in required.items() if name not in ("id", "urn")}
    return {**made, **fabricate_azure.besides(identifier(urn).rpartition("/")[2], type_token)}


def insides(urn: str, type_token: str, planned: Mapping[str, Any]) -> dict[str, Any]:
    """What a creation computes, also inside the optional objects that the program gives.

    Azure does so in most objects, `identity` for one. In the other clouds what is optional and computed is left out.
    """
    made, cls = outputs(urn, type_token), _resource_class(type_token)
    if cls is None or _package(urn) != "azure-native":
        return made
    service = type_token.split(":")[1]
    given = {name: hint for name, hint in _hints(cls).items() if name not in made and _has_parts(planned.get(name))}
    return {**made, **{name: _value(urn, (service, name), hint) for name, hint in given.items()}}


def identifier(urn: str) -> str:
    """A provider's id for a resource: its logical name and a hash of its URN; Azure's are whole paths."""
    name = f"{urn.rsplit('::', 1)[-1]}-{_digest(urn)}"
    return fabricate_azure.identifier(name, _type(urn)) if _package(urn) == "azure-native" else name


def overlay(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return `old` with the values of `new` over it, object by object; lists and secrets count as one value."""
    result = dict(old)
    for key, value in new.items():
        before = result.get(key)
        if isinstance(before, dict) and isinstance(value, dict) and not _is_special(before) and not _is_special(value):
            result[key] = overlay(before, value)
        else:
            result[key] = value
    return result


def _is_special(value: Mapping[str, Any]) -> bool:
    """Whether an object on the wire stands for something else: a secret, an asset, a resource."""
    return rpc._special_sig_key in value


def _resource_class(type_token: str) -> type | None:
    with _IMPORTS, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # an SDK warns of its own old names when it is imported
        return _import_class(type_token)


@cache
def _import_class(type_token: str) -> type | None:
    package, module, _ = type_token.split(":")
    if package not in _SDKS or module == "providers":
        return None
    importlib.import_module(_SDKS[package])  # registers the modules that the next line reads
    for registered in rpc._RESOURCE_MODULES.get(f"{package}:{module}", []):
        info: dict[str, Any] = getattr(registered, "mod_info")  # noqa: B009  # an attribute of the SDKs' private class
        if name := info["classes"].get(type_token):
            return getattr(importlib.import_module(info["fqn"]), name)
    return None


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    """Wire name -> type, without the `Output` around it but with its `Optional`."""
    hints = _types._raw_return_hints(cls)
    return {
        name: typing.get_args(hint)[0] if typing.get_origin(hint) is Output else hint for name, hint in hints.items()
    }


def _value(urn: str, path: tuple[str, ...], hint: Any) -> Any:
    """A value of the type `hint` for the property at `path` (service first); None where a type nests too deep."""
    members = [member for member in typing.get_args(hint) if member is not type(None)]
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _value(urn, path, members[0])
    if origin in (Sequence, list, typing.get_origin(Sequence[Any])):
        return [item for item in [_value(urn, path, members[0])] if item is not None]
    if origin in (Mapping, dict):
        return dict[str, Any]()
    if isinstance(hint, type) and _types.is_output_type(hint):
        if len(path) >= _MAX_DEPTH:
            return None
        fields = {name: _value(urn, (*path, name), inner) for name, inner in _hints(hint).items()}
        return {name: value for name, value in fields.items() if value is not None}
    if hint is bool:
        return False
    if hint in (int, float):
        return 1
    return _text(urn, path)


def _text(urn: str, path: tuple[str, ...]) -> str:
    name, property_name = identifier(urn).rpartition("/")[2], path[-1].lower()
    if property_name == "name":
        return name
    if (own := _own_text(urn, name, path)) is not None:
        return own
    if property_name.endswith("arn"):
        return f"arn:aws:{path[0]}:us-east-1:123456789012:{'/'.join(path[1:])}/{name}"
    if property_name.endswith(("url", "uri", "issuer", "endpoint")):
        return f"https://{name}.{property_name}.example.com"
    if property_name == "ipv6cidrblock":
        return _ipv6_range(urn)
    text = f"{name}-{'-'.join(path[1:])}"
    if property_name == "data":
        is_certificate = len(path) > 2 and path[-2].lower() == "certificateauthority"
        return _base64(_certificate(text) if is_certificate else text)
    return text


def _own_text(urn: str, name: str, path: tuple[str, ...]) -> str | None:
    """The text that a provider other than AWS has there; None where any will do."""
    match _package(urn):
        case "azure-native":
            return fabricate_azure.text(name, path)
        case "gcp" if fabricate_google.is_certificate(path):
            return _base64(_certificate(f"{name}-{'-'.join(path[1:])}"))
        case "gcp":
            return fabricate_google.text(name, path)
        case "command" if path[-1] == "stdout":
            return fabricate_command.output(urn.rsplit("::", 1)[-1])
        case _:
            return None


def _has_parts(value: Any) -> bool:
    return isinstance(value, (Mapping, list))


def _type(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _package(urn: str) -> str:
    return _type(urn).partition(":")[0]


def _ipv6_range(urn: str) -> str:
    """One of the 2**24 ranges /56, the size that AWS gives a VPC, of the block for documentation."""
    network_number = int(_digest(urn), 16) % 2**24
    return str(IPv6Network((int(_DOCUMENTATION.network_address) + (network_number << 128 - 56), 56)))


def _certificate(text: str) -> str:
    """Text in the form of a PEM certificate, with `text` where its content would be."""
    return f"-----BEGIN CERTIFICATE-----\n{_base64(text)}\n-----END CERTIFICATE-----\n"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:7]
