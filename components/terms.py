"""The words of the contract: small values that parts hand to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi


@dataclass(frozen=True, kw_only=True)
class ServiceAccount:
    """A Kubernetes service account, by namespace and name."""

    namespace: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """What a workload may do, in its cloud's own words.

    `roles` are managed policy ARNs by a short stable key (AWS), role definition ids (Azure), or roles (GCP).
    `policies` are policy documents as JSON text by a short stable key; AWS only.
    `scope` is the resource that roles hold for; Azure and GCP only, where it is required with `roles`.
    """

    roles: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    policies: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    scope: pulumi.Input[str] | None = None


@dataclass(frozen=True, kw_only=True)
class WorkloadIdentity:
    """A service account's identity in the cloud.

    `principal` is a role ARN (AWS), a client id (Azure), a service account email (GCP). The two maps must be set on the
    service account and its pods by whoever creates them. Pods start only after `ready`.
    """

    principal: pulumi.Output[str]
    service_account_annotations: Mapping[str, pulumi.Output[str]] = field(
        default_factory=dict[str, "pulumi.Output[str]"]
    )
    pod_labels: Mapping[str, str] = field(default_factory=dict[str, str])
    ready: Sequence[pulumi.Resource] = ()


class TaintEffect(StrEnum):
    """What a taint does to pods without a toleration, in Kubernetes' own words."""

    NO_SCHEDULE = "NoSchedule"
    PREFER_NO_SCHEDULE = "PreferNoSchedule"
    NO_EXECUTE = "NoExecute"


@dataclass(frozen=True, kw_only=True)
class Taint:
    """A taint on every node of a group."""

    key: str
    value: str
    effect: TaintEffect


class MachineRole(StrEnum):
    """What a machine becomes in a kubeadm cluster."""

    CONTROL_PLANE = "control-plane"
    WORKER = "worker"


class Architecture(StrEnum):
    """A machine's processors, in Kubernetes' own words."""

    AMD64 = "amd64"
    ARM64 = "arm64"


class Gpu(StrEnum):
    """Whose GPUs a machine has."""

    NVIDIA = "nvidia"


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A Linux machine that answers SSH.

    `address` is where the operator reaches it, `private_address` where other machines do. `host_key` is the public
    key in OpenSSH's one-line form; it is always checked. `provider_id` is what a cloud controller knows it by.
    `labels` and `taints` are all that its node carries, its group's among them.
    """

    name: str
    address: pulumi.Output[str]
    private_address: pulumi.Output[str]
    host_key: pulumi.Output[str]
    user: str
    port: int = 22
    architecture: Architecture = Architecture.AMD64
    gpu: Gpu | None = None
    zone: str | None = None
    provider_id: pulumi.Output[str] | None = None
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    taints: Sequence[Taint] = ()


@dataclass(frozen=True, kw_only=True)
class StorageClass:
    """A storage class to be made in the cluster."""

    provisioner: str
    parameters: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    default: bool = False
    reclaim_policy: str = "Delete"
    volume_binding_mode: str = "WaitForFirstConsumer"
    allow_volume_expansion: bool = True
    mount_options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SnapshotClass:
    """A volume snapshot class to be made in the cluster."""

    driver: str
    deletion_policy: str = "Delete"
    parameters: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    default: bool = False
