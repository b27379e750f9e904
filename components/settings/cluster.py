"""`infraplatform:cluster`: the Kubernetes control plane, who may reach it, and what grows its nodes."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from components.settings.base import LogicalName, OVERRIDES_DESCRIPTION, Overrides, Settings, by_environment, wrong
from components.settings.network import LogRetentionDays, check_retention
from components.versions import ADD_ON_VERSIONS, EKS_MINORS

IAM_PRINCIPAL_PATTERN = r"^arn:aws[a-z-]*:iam::\d{12}:(user|role)/.+$"
IamPrincipal = Annotated[
    str, Field(pattern=IAM_PRINCIPAL_PATTERN, examples=["arn:aws:iam::123456789012:role/deployer"])
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
    namespaces: tuple[str, ...] = ()
    """Namespaces it holds in; all where left out."""

    @model_validator(mode="after")
    def _cluster_admins_have_no_namespaces(self) -> Self:
        if self.policy is AccessPolicy.CLUSTER_ADMIN and self.namespaces:
            raise wrong("cluster-admin holds in the whole cluster", "remove namespaces, or write policy: admin")
        return self


class EksClusterSettings(Settings):
    """A managed control plane on AWS."""

    kind: Literal["eks"] = "eks"
    """EKS."""
    name: LogicalName = "cluster"
    """Start of the cluster's physical name; changing it makes another cluster."""
    version: Annotated[str, Field(examples=["1.35"])]
    """Kubernetes minor version, in quotes; upgrades go one minor at a time."""
    support: Support = Support.STANDARD
    """What happens when the version's standard support ends: AWS upgrades, or extended support at extra cost."""
    zones: Annotated[tuple[str, ...], Field(min_length=2, examples=[["a", "b"]])]
    """Zones of the control plane's interfaces, two or more of the provider's; fixed at creation."""
    api_access: Annotated[tuple[IPv4Network, ...], Field(max_length=40, examples=[["203.0.113.0/24"]])] = ()
    """Networks that reach the API's public endpoint; left out: the endpoint is private."""
    api_open_to_world: bool = False
    """Whether api_access may hold 0.0.0.0/0."""
    reach: Reach | None = None
    """How the deployer reaches a private endpoint; left out: by the public endpoint, where there is one."""
    proxy_url: Annotated[str | None, Field(pattern=r"^(https?|socks5)://", examples=["http://proxy:3128"])] = None
    """The proxy by which the deployer reaches the API; only with reach: proxy."""
    deployers: Annotated[tuple[IamPrincipal, ...], Field(min_length=1)]
    """Principals that run `pulumi up`: cluster administrators, before anything is made in the cluster."""
    access: dict[LogicalName, AccessEntrySettings] = {}
    """Further principals' access, by a name of your choice."""
    ip_family: IpFamily = IpFamily.IPV4
    """Family of pod and service addresses; ipv6 needs network.dual_stack."""
    service_cidr: Annotated[IPv4Network, Field(examples=["172.20.0.0/16"])] = IPv4Network("172.20.0.0/16")
    """IPv4 range of services, /24 to /12, outside the network's ranges; fixed at creation."""
    secrets_key_arn: Annotated[str | None, Field(pattern=r"^arn:aws[a-z-]*:kms:")] = None
    """An existing KMS key for Kubernetes secrets; left out: a key of its own, rotated yearly."""
    log_retention_days: LogRetentionDays = by_environment(dev=7, staging=30, prod=365)
    """Days that control plane logs are kept."""
    autoscaler: Autoscaler = Autoscaler.CLUSTER_AUTOSCALER
    """What makes and removes nodes: cluster-autoscaler, karpenter, auto-mode (EKS Auto Mode), or none."""
    add_on_versions: dict[str, str] = {}
    """EKS add-on versions that differ from the pinned ones, by add-on name."""
    overrides: Annotated[Overrides, Field(description=OVERRIDES_DESCRIPTION)] = {}

    _retention = field_validator("log_retention_days")(check_retention)

    @field_validator("version")
    @classmethod
    def _version_is_supported(cls, version: str) -> str:
        if version not in EKS_MINORS:
            raise wrong(f"EKS version {version!r} is not supported here", f"write one of {', '.join(EKS_MINORS)}")
        return version

    @field_validator("service_cidr")
    @classmethod
    def _service_cidr_fits(cls, cidr: IPv4Network) -> IPv4Network:
        if not 12 <= cidr.prefixlen <= 24:
            raise wrong(f"{cidr} cannot hold services", "write a /24 to /12, as 172.20.0.0/16")
        return cidr

    @field_validator("add_on_versions")
    @classmethod
    def _add_ons_are_known(cls, versions: dict[str, str]) -> dict[str, str]:
        known = {name for by_name in ADD_ON_VERSIONS.values() for name in by_name}
        for name in versions:
            if name not in known:
                raise wrong(f"no add-on {name!r} is installed here", f"write one of {', '.join(sorted(known))}")
        return versions

    @model_validator(mode="after")
    def _endpoint_is_safe_and_reachable(self) -> Self:
        if any(cidr.prefixlen == 0 for cidr in self.api_access) and not self.api_open_to_world:
            raise wrong("api_access opens the API to the whole internet", "name networks, or add api_open_to_world: true")
        if not self.api_access and self.reach is Reach.PUBLIC_ENDPOINT:
            raise wrong("reach is public-endpoint but the endpoint is private", "write api_access, or another reach")
        if (self.reach is Reach.PROXY) != (self.proxy_url is not None):
            raise wrong("reach: proxy and proxy_url go together", "write both, or neither")
        repeated = {entry.principal for entry in self.access.values()} & set(self.deployers)
        if repeated or len(set(self.deployers)) < len(self.deployers):
            raise wrong(f"a principal has one access entry, {sorted(repeated)} have two", "write each principal once")
        return self
