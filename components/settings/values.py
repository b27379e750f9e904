"""The kinds of values that several parts share: names, ranges, ARNs, zones, each with its form in words."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field

from components.settings.base import wrong

_FORMS: dict[str, str] = {}


def matching(pattern: str, form: str, **field_arguments: Any) -> Any:
    """A field that matches `pattern`; `form` says it in words, for messages and the documentation."""
    _FORMS[pattern] = form
    return Field(pattern=pattern, **field_arguments)


def form_of(pattern: str) -> str | None:
    """What a pattern means, in words."""
    return _FORMS.get(pattern)


def _is_a_range(value: object) -> object:
    """Take a range as text, and say what is wrong with it better than `ipaddress` does."""
    if not isinstance(value, str):
        return value
    address, slash, prefix = value.partition("/")
    try:
        network = IPv4Network((IPv4Address(address), int(prefix) if slash else 32), strict=False)
    except ValueError:
        raise wrong(
            f"{value!r} is not an IPv4 range", "write an address and a prefix length, as 10.20.0.0/16"
        ) from None
    if str(network) != value and slash:
        raise wrong(f"{value} is an address inside a range, not a range", f"write {network}")
    return value


class EachOnce:
    """Marks a list in which no entry is there twice. A rule in `judge` holds it, so that the list stays sound."""


LogicalName = Annotated[
    str,
    matching(
        r"^[a-z]([a-z0-9-]*[a-z0-9])?$",
        "lower-case letters, digits and inner hyphens, a letter first",
        min_length=1,
        max_length=40,
        examples=["general"],
    ),
]
"""A key that becomes part of resources' names.

40 characters are what the tightest limit leaves: EKS takes 63 for a node group, `node-group-<key>-<zone>` and Pulumi's
suffix of 8 use 21 of them. Source: EKS API, CreateNodegroup, read 2026-11-23.
"""

Range = Annotated[IPv4Network, BeforeValidator(_is_a_range)]
"""An IPv4 range in CIDR form, whose host bits are zero."""

Zone = Annotated[
    str, matching(r"^[a-z1-9]$", "a zone's letter, on Azure its number in quotes, not its whole name", examples=["a"])
]
"""An availability zone by its letter; on Azure by its number."""

KmsKeyArn = Annotated[
    str,
    matching(
        r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$",
        "a KMS key's ARN; an alias's will not do, it may point elsewhere tomorrow",
        examples=["arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"],
    ),
]
"""A KMS key by its ARN."""

KmsKeyName = Annotated[
    str,
    matching(
        r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/locations/[a-z0-9-]+/keyRings/[A-Za-z0-9_-]{1,63}/cryptoKeys/[A-Za-z0-9_-]{1,63}$",
        "a KMS key's whole name: projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>",
        examples=["projects/my-project/locations/europe-west3/keyRings/platform/cryptoKeys/disks"],
    ),
]
"""A key of Google Cloud by its whole name."""

ProxyUrl = Annotated[
    str, matching(r"^(https?|socks5)://[^\s/]+$", "a proxy's address", examples=["http://proxy.example:3128"])
]
"""A proxy's address."""

FolderPath = Annotated[
    str, matching(r"^(/[A-Za-z0-9._-]+)+$", "an absolute path", examples=["/var/lib/infraplatform/volumes"])
]
"""A folder on a host."""

TypeToken = Annotated[
    str,
    matching(
        r"^[a-z][a-z0-9-]*:[A-Za-z0-9./-]+:[A-Za-z0-9]+$",
        "a Pulumi type token: package:module:Type",
        examples=["aws:eks/cluster:Cluster"],
    ),
]
"""A resource type of Pulumi."""

PartOverrides = Annotated[
    dict[TypeToken, dict[str, Any]],
    Field(examples=[{"aws:eks/cluster:Cluster": {"zonalShiftConfig": {"enabled": True}}}]),
]
"""The `overrides` of a part."""

# fmt: off
RETENTION_DAYS: Final = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)
# fmt: on
"""What CloudWatch Logs keeps. Source: CloudWatch Logs API, PutRetentionPolicy, read 2026-11."""


def _is_kept_so_long(days: int) -> int:
    if days not in RETENTION_DAYS:
        longer = next((choice for choice in RETENTION_DAYS if choice > days), RETENTION_DAYS[-1])
        raise wrong(f"CloudWatch cannot keep logs for {days} days", f"write {longer}")
    return days


LogRetentionDays = Annotated[
    int, AfterValidator(_is_kept_so_long), Field(json_schema_extra={"enum": list(RETENTION_DAYS)})
]
"""A number of days that CloudWatch Logs offers."""
