"""What the suites check of values: each raises AssertionError that says what is wrong, and returns the plain value."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import pulumi

from components.contract import Taint
from tests.contract.harness import is_secret, value_of


def text(value: object) -> str:
    """A string that says something."""
    assert isinstance(value, str), f"{value!r} is no text"
    assert value.strip(), "the text is empty"
    return value


def open_text(output: object) -> str:
    """An Output of text that is no secret."""
    assert not is_secret(output), "what is no secret must be readable in previews"
    return text(value_of(output))


def secret_text(output: object) -> str:
    """An Output of text that is a secret."""
    assert is_secret(output), "the value is not marked as a secret"
    return text(value_of(output))


def json_object(value: str) -> dict[str, Any]:
    """The object that a JSON text holds."""
    try:
        found = json.loads(value)
    except ValueError as error:
        raise AssertionError(f"{value[:20]!r}... is no JSON") from error
    assert isinstance(found, dict), f"{found!r} is no object"
    return cast("dict[str, Any]", found)


def pem_in_base64(value: str) -> None:
    """A certificate as kubeconfigs hold it."""
    try:
        found = base64.b64decode(value, validate=True)
    except ValueError as error:
        raise AssertionError(f"{value[:20]!r}... is no base64") from error
    assert found.startswith(b"-----BEGIN CERTIFICATE-----"), f"{found[:20]!r}... is no certificate in PEM"


def url(output: object) -> str:
    """An Output of an https URL."""
    address = open_text(output)
    assert address.startswith("https://"), f"{address!r} has no scheme https"
    assert address.removeprefix("https://"), f"{address!r} names no host"
    return address


def host_and_path(output: object) -> str:
    """An Output of a host, perhaps with a path, without a scheme."""
    address = open_text(output)
    assert "://" not in address, f"{address!r} has a scheme"
    assert not address.endswith("/"), f"{address!r} ends in a slash"
    assert "." in address.split("/")[0], f"{address!r} names no host"
    return address


def mapping(value: object) -> Mapping[str, Any]:
    """A mapping with texts as keys."""
    assert isinstance(value, Mapping), f"{value!r} is no mapping"
    checked = cast("Mapping[object, Any]", value)
    return {text(key): item for key, item in checked.items()}


def open_texts(value: object, keys: Collection[str] | None = None) -> dict[str, str]:
    """A mapping of Outputs of text; with exactly `keys`, in their order, where they are given."""
    found = mapping(value)
    if keys is not None:
        assert list(found) == list(keys), f"keys are {list(found)}, not {list(keys)}"
    return {key: open_text(item) for key, item in found.items()}


def plain_texts(value: object) -> dict[str, str]:
    """A mapping of texts that are known while the program runs."""
    found = mapping(value)
    for item in found.values():
        assert isinstance(item, str), f"{item!r} is no text"
    return dict(found)


def sequence(value: object) -> Sequence[Any]:
    """A list or tuple."""
    assert isinstance(value, (list, tuple)), f"{value!r} is no sequence"
    return cast("Sequence[Any]", value)


def resources(value: object, *, at_least: int = 1) -> Sequence[pulumi.Resource]:
    """Resources that others may depend on."""
    found = sequence(value)
    for item in found:
        assert isinstance(item, pulumi.Resource), f"{item!r} is no resource"
    assert len(found) >= at_least, f"{len(found)} resources, at least {at_least} must be waited for"
    return found


def count(value: object, *, at_least: int) -> int:
    """A whole number."""
    assert isinstance(value, int), f"{value!r} is no whole number"
    assert not isinstance(value, bool), f"{value!r} is no number"
    assert value >= at_least, f"{value} is below {at_least}"
    return value


def taints(value: object) -> Sequence[Taint]:
    """Taints in the contract's words."""
    found = sequence(value)
    for item in found:
        assert isinstance(item, Taint), f"{item!r} is no Taint"
    return found
