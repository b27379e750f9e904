"""`infraplatform:cluster`: the Kubernetes control plane, who may reach it, and what grows its nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from ipaddress import IPv4Network, collapse_addresses
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, field_validator

from components.settings.base import Fault, Settings, by_environment, rule, wrong
from components.settings.values import (
    EachOnce,
    KmsKeyArn,
    LogicalName,
    LogRetentionDays,
    PartOverrides,
    ProxyUrl,
    Range,
    Zone,
    matching,
)
from components.versions import ADD_ON_VERSIONS, EKS_MINORS

IAM_PRINCIPAL_PATTERN: Final = r"^arn:aws[a-z-]*:iam::\d{12}:(user|role)/.+$"
SERVICE_RANGES: Final = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""Where services may have their range. Source: EKS API, KubernetesNetworkConfigRequest, read 2026-11."""


def _is_no_session(arn: object) -> object:
    if isinstance(arn, str) and ":assumed-role/" in arn:
        raise wrong(f"{arn!r} is a session of a role", "write the role's own ARN: arn:aws:iam::<account>:role/<name>")
    return arn


IamPrincipal = Annotated[
    str,
    matching(
        IAM_PRINCIPAL_PATTERN, "the ARN of an IAM user or role", examples=["arn:aws:iam::123456789012:role/deployer"]
    ),
    BeforeValidator(_is_no_session),
]
Namespace = Annotated[str, matching(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "a namespace's name")]
AddOnVersion = Annotated[
    str,
    matching(r"^v\d+\.\d+\.\d+-eksbuild\.\d+$", "an EKS add-on's version", examples=["v1.22.4-eksbuild.3"]),
]


class Support(StrEnum):
    """What happens when a version's standard support ends: an upgrade by AWS, or extended support at extra cost."""

    STANDARD = "standard"
    EXTENDED = "extended"


class Autoscaler(StrEnum):
    """What makes and removes nodes."""

    CLUSTER_AUTOSCALER = "cluster-autoscaler"
    KARPENTER = "karpenter"
    AUTO_MODE = "auto-mode"
    NONE = "none"


class Reach(StrEnum):
    """How the deployer reaches the API server."""

    PUBLIC_ENDPOINT = "public-endpoint"
    INSIDE_NETWORK = "inside-network"
    PROXY = "proxy"


class IpFamily(StrEnum):
    """The family of pod and service addresses; fixed at the cluster's creation."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"


class AccessPolicy(StrEnum):
    """What a principal may do in the cluster: EKS access policies of the same meaning."""

    CLUSTER_ADMIN = "cluster-admin"
    ADMIN = "admin"
    EDIT = "edit"
    VIEW = "view"


class AccessEntrySettings(Settings):
    """One principal's access to the Kubernetes API."""

    principal: IamPrincipal
    """ARN of the IAM user or role."""
    policy: AccessPolicy = AccessPolicy.VIEW
    """What it may do."""
    namespaces: Annotated[tuple[Namespace, ...], EachOnce, Field(examples=[["payments"]])] = ()
    """Namespaces it holds in; all where left out."""

    @rule
    def cluster_admins_have_no_namespaces(self) -> Iterator[Fault]:
        """A cluster administrator's rights hold in the whole cluster."""
        if self.policy is AccessPolicy.CLUSTER_ADMIN and self.namespaces:
            yield Fault(
                ("namespaces",), "cluster-admin holds in the whole cluster", "remove them, or write policy: admin"
            )


class EksClusterSettings(Settings):
    """A managed control plane on AWS."""

    kind: Literal["eks"] = "eks"
    """EKS."""
    name: LogicalName = "cluster"
    """Start of the cluster's physical name; changing it makes another cluster."""
    version: Annotated[str, Field(examples=["1.35"], json_schema_extra={"enum": list(EKS_MINORS)})]
    """Kubernetes minor version, in quotes; upgrades go one minor at a time."""
    support: Support = Support.STANDARD
    """What happens when the version's standard support ends: AWS upgrades, or extended support at extra cost."""
    zones: Annotated[tuple[Zone, ...], EachOnce, Field(min_length=2, examples=[["a", "b"]])]
    """Zones of the control plane's interfaces, two or more of the provider's; fixed at creation."""
    api_access: Annotated[tuple[Range, ...], EachOnce, Field(max_length=40, examples=[["203.0.113.0/24"]])] = ()
    """Networks that reach the API's public endpoint; left out: the endpoint is private."""
    api_open_to_world: bool = False
    """Whether api_access may hold 0.0.0.0/0."""
    reach: Reach | None = None
    """How the deployer reaches a private endpoint; left out: by the public endpoint, where there is one."""
    proxy_url: ProxyUrl | None = None
    """The proxy by which the deployer reaches the API; only with reach: proxy."""
    deployers: Annotated[
        tuple[IamPrincipal, ...],
        EachOnce,
        Field(min_length=1, examples=[["arn:aws:iam::123456789012:role/deployer"]]),
    ]
    """Principals that run `pulumi up`: cluster administrators, before anything is made in the cluster."""
    access: Annotated[
        dict[LogicalName, AccessEntrySettings],
        Field(examples=[{"developers": {"principal": "arn:aws:iam::123456789012:role/developers", "policy": "view"}}]),
    ] = {}
    """Further principals' access, by a name of your choice."""
    ip_family: IpFamily = IpFamily.IPV4
    """Family of pod and service addresses; ipv6 needs network.dual_stack. Fixed at creation."""
    service_cidr: Annotated[Range, Field(examples=["172.20.0.0/16"])] = IPv4Network("172.20.0.0/16")
    """Private IPv4 range of services, /24 to /12, outside the network's ranges; fixed at creation."""
    secrets_key_arn: KmsKeyArn | None = None
    """An existing KMS key for Kubernetes secrets; left out: a key of its own, rotated yearly. Fixed at creation."""
    log_retention_days: LogRetentionDays = by_environment(dev=7, staging=30, prod=365)
    """Days that control plane logs are kept."""
    autoscaler: Autoscaler = Autoscaler.CLUSTER_AUTOSCALER
    """What makes and removes nodes: cluster-autoscaler, karpenter, auto-mode (EKS Auto Mode), or none."""
    add_on_versions: Annotated[dict[str, AddOnVersion], Field(examples=[{"vpc-cni": "v1.22.4-eksbuild.3"}])] = {}
    """EKS add-on versions that differ from the pinned ones, by add-on name."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @field_validator("version")
    @classmethod
    def _version_is_supported(cls, version: str) -> str:
        if version not in EKS_MINORS:
            raise wrong(f"EKS version {version!r} is not supported here", f"write one of {', '.join(EKS_MINORS)}")
        return version

    @field_validator("service_cidr")
    @classmethod
    def _service_cidr_fits(cls, cidr: IPv4Network) -> IPv4Network:
        if not 12 <= cidr.prefixlen <= 24 or not any(cidr.subnet_of(private) for private in SERVICE_RANGES):
            raise wrong(f"{cidr} cannot hold services", "write a private range of /24 to /12, as 172.20.0.0/16")
        return cidr

    @rule
    def add_ons_are_known(self) -> Iterator[Fault]:
        """Only what is installed has a version."""
        known = sorted({name for by_name in ADD_ON_VERSIONS.values() for name in by_name})
        for name in self.add_on_versions:
            if name not in known:
                yield Fault(
                    ("add_on_versions", name), "no such add-on is installed", f"write one of {', '.join(known)}"
                )

    @rule
    def the_world_is_let_in_knowingly(self) -> Iterator[Fault]:
        """All of the internet, also in halves, reaches the API only where a line of its own says so."""
        yield from world_faults(self.api_access, open_to_world=self.api_open_to_world)

    @rule
    def reach_is_possible(self) -> Iterator[Fault]:
        """The public endpoint is a way only where there is one, and a proxy where it has an address."""
        yield from reach_faults(self.reach, self.api_access, self.proxy_url)

    @rule
    def a_principal_has_one_entry(self) -> Iterator[Fault]:
        """EKS keeps one access entry for each principal."""
        entries = Counter(entry.principal for entry in self.access.values())
        for name, entry in self.access.items():
            if entry.principal in self.deployers:
                problem = f"{entry.principal} is one of deployers already"
                yield Fault(("access", name, "principal"), problem, "remove it here; deployers may do everything")
            elif entries[entry.principal] > 1:
                problem = f"{entry.principal} has {entries[entry.principal]} entries"
                yield Fault(("access", name, "principal"), problem, "write one entry for each principal")

    @rule
    def ipv6_services_choose_their_range(self) -> Iterator[Fault]:
        """EKS gives an IPv6 cluster's services a range of its own. Source: EKS API, same page as above."""
        if self.ip_family is IpFamily.IPV6 and "service_cidr" in self.model_fields_set:
            yield Fault(("service_cidr",), "is IPv4, and EKS chooses the range of IPv6 services", "remove it")


def world_faults(api_access: Sequence[IPv4Network], *, open_to_world: bool) -> Iterator[Fault]:
    """A fault where all of the internet, also in halves, reaches the API unasked."""
    if any(network.prefixlen == 0 for network in collapse_addresses(api_access)) and not open_to_world:
        remedy = "name networks, or add api_open_to_world: true"
        yield Fault(("api_access",), "opens the API to the whole internet", remedy)


def reach_faults(reach: StrEnum | None, api_access: Sequence[IPv4Network], proxy_url: str | None) -> Iterator[Fault]:
    """A fault for a way to the API that is none."""
    if reach == Reach.PUBLIC_ENDPOINT and not api_access:
        problem = "is public-endpoint, but the endpoint is private"
        yield Fault(("reach",), problem, "write api_access, or another reach")
    if reach == Reach.PROXY and proxy_url is None:
        yield Fault(("proxy_url",), "is missing with reach: proxy", "write the proxy's address, as http://proxy:3128")
    if reach != Reach.PROXY and proxy_url is not None:
        yield Fault(("proxy_url",), "goes with reach: proxy only", "write reach: proxy, or remove it")
