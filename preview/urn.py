"""URNs: the names by which the engine knows resources, and references to providers.

`urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`; the root stack's type is left out of the parent types.
Source: pulumi/sdk v3.259.0 go/common/resource/urn, read 2026-11-23.
"""

from __future__ import annotations

from functools import lru_cache

from preview.plan import PROVIDER_PREFIX, STACK_TYPE


def make(stack: str, project: str, parent: str | None, type_: str, name: str) -> str:
    """Return the URN of the resource `name` under the URN `parent`."""
    prefix = qualified_type(parent) if parent else ""
    chain = f"{prefix}${type_}" if prefix and prefix != STACK_TYPE else type_
    return f"urn:pulumi:{stack}::{project}::{chain}::{name}"


@lru_cache(maxsize=4096)
def _parts(urn: str) -> tuple[str, str, str, str]:
    """Split a URN into its prefix with the stack, project, qualified type and name.

    Raises:
        ValueError: this is not a URN.
    """
    parts = urn.split("::", 3)
    if len(parts) != 4 or not urn.startswith("urn:pulumi:"):
        raise ValueError(f"{urn!r} is not a URN; write urn:pulumi:<stack>::<project>::<type>::<name>")
    return parts[0], parts[1], parts[2], parts[3]


def qualified_type(urn: str) -> str:
    """Return the type with the types of its parents: `my:index:Network$aws:ec2/vpc:Vpc`."""
    return _parts(urn)[2]


def type_of(urn: str) -> str:
    """Return the resource's own type."""
    return qualified_type(urn).rpartition("$")[2]


def name_of(urn: str) -> str:
    """Return the logical name."""
    return _parts(urn)[3]


def project_of(urn: str) -> str:
    """Return the project."""
    return _parts(urn)[1]


def stack_of(urn: str) -> str:
    """Return the stack."""
    return _parts(urn)[0].removeprefix("urn:pulumi:")


def package_of(type_: str) -> str:
    """Return the package of a type token or of a provider's type: `aws` for both `aws:ec2/vpc:Vpc` and its provider."""
    if type_.startswith(PROVIDER_PREFIX):
        return type_.removeprefix(PROVIDER_PREFIX)
    return type_.partition(":")[0]


def is_provider(type_: str) -> bool:
    """Whether this is the type of a provider."""
    return type_.startswith(PROVIDER_PREFIX)


def is_default_provider(urn: str) -> bool:
    """Whether the engine made this provider by itself; it shows none of them in a preview."""
    return is_provider(type_of(urn)) and name_of(urn).startswith("default")


def provider_urn(reference: str) -> str:
    """Return the URN in a provider reference `<urn>::<id>`."""
    return reference.rpartition("::")[0]


def display_type(type_: str) -> str:
    """Return a type as the CLI shows it: `aws:ec2:Vpc` for `aws:ec2/vpc:Vpc`."""
    package, _, rest = type_.partition(":")
    module, colon, name = rest.rpartition(":")
    if not colon:
        return type_
    folder, slash, leaf = module.partition("/")
    if slash and leaf.lower() == name.lower():
        module = folder
    return f"{package}:{module}:{name}"
