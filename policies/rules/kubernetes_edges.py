"""What reaches into a cluster and what outlives its pods: load balancers, ingresses, storage classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path
from policies.rule import Environment, Resource, Rule, Severity

SERVICE: Final = "kubernetes:core/v1:Service"
INGRESS: Final = "kubernetes:networking.k8s.io/v1:Ingress"
STORAGE_CLASS: Final = "kubernetes:storage.k8s.io/v1:StorageClass"
INTERNAL: Final = {
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
    "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
    "networking.gke.io/load-balancer-type": "internal",
}
"""Annotations that keep a cloud's load balancer inside the network. Each cloud reads its own.

Source: the clouds' documentation: known, not read; GKE's value is written Internal and read in any case.
"""
_ENCRYPTS_ON_REQUEST: Final = "ebs.csi.aws.com"
_KEEPS_FILES: Final = "efs.csi.aws.com"
"""Deletes an access point with its claim and leaves the files: its flag delete-access-point-root-dir is off by default.

Source: aws-efs-csi-driver, docs/README.md, table of the controller's flags, read 2026-11-29.
"""
_SOURCE: Final = "Kubernetes documentation: known, not read; inputs' names of pulumi-kubernetes, read 2026-11-29"


def _is_internal(service: Resource) -> Iterator[str]:
    if service.inputs.get("spec", "type", default="ClusterIP") != "LoadBalancer":
        return
    annotations = service.inputs.at("metadata", "annotations")
    if not any(str(annotations.get(name)).lower() == value for name, value in INTERNAL.items()):
        yield "its load balancer answers the internet: no annotation of the cloud keeps it inside"


def _serves_by_tls(ingress: Resource) -> Iterator[str]:
    if not ingress.inputs.items("spec", "tls"):
        yield "spec.tls is not set: passwords and sessions cross networks in plain form"


def _volumes_are_encrypted(storage: Resource) -> Iterator[str]:
    if storage.inputs.get("provisioner") != _ENCRYPTS_ON_REQUEST:
        return  # disks of Azure and Google Cloud always are; EFS is as its file system
    if not storage.inputs.is_true("parameters", "encrypted"):
        yield 'parameters.encrypted is not "true": its volumes are encrypted only where the account says so'


def _with_encryption(storage: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_volumes_are_encrypted(storage)):
        yield ("parameters", "encrypted"), "true"


def _volumes_stay(storage: Resource) -> Iterator[str]:
    in_production = storage.circumstances.environment is Environment.PROD
    if storage.inputs.get("provisioner") == _KEEPS_FILES:
        return
    if in_production and storage.inputs.get("reclaimPolicy", default="Delete") != "Retain":
        yield "reclaimPolicy is not Retain in production: a deleted claim takes its data along"


RULES: Final = (
    Rule(
        id="kubernetes-load-balancer",
        title="Load balancers of services stay inside the network.",
        severity=Severity.MEDIUM,
        types=(SERVICE,),
        controls=(
            "iso-27001:8.20",
            "pci-dss:1.3.1",
            "soc-2:CC6.6",
            "isms-p:2.10.3",
        ),
        problem="A service that was meant for the inside is on the internet.",
        remedy="write the cloud's annotation for an internal one; let the internet in by one ingress or gateway",
        source=_SOURCE,
        checks=(_is_internal,),
    ),
    Rule(
        id="kubernetes-ingress-tls",
        title="Ingresses serve by TLS.",
        severity=Severity.MEDIUM,
        types=(INGRESS,),
        controls=(
            "cis-eks:5.4.5",
            "cis-aks:5.4.5",
            "iso-27001:8.21",
            "pci-dss:4.2.1",
            "soc-2:CC6.7",
            "hipaa:164.312(e)(2)(ii)",
            "isms-p:2.10.5",
        ),
        problem="Whoever is on the way reads and changes what is sent.",
        remedy="set spec.tls with the hosts and the secret of their certificate",
        source=_SOURCE,
        checks=(_serves_by_tls,),
    ),
    Rule(
        id="kubernetes-storage-encryption",
        title="Volumes are encrypted.",
        severity=Severity.HIGH,
        types=(STORAGE_CLASS,),
        controls=(
            "isms-p:2.7.1",
            "iso-27001:8.24",
            "pci-dss:3.5.1",
            "soc-2:C1.1",
            "hipaa:164.312(a)(2)(iv)",
        ),
        problem="Who gets at a snapshot or at the hardware reads what pods wrote.",
        remedy='set parameters.encrypted to "true"; the class is replaced, its volumes stay',
        source="aws-ebs-csi-driver docs/parameters.md: known, not read; storage.v1.StorageClassArgs, read 2026-11-29",
        checks=(_volumes_are_encrypted,),
        fix=_with_encryption,
    ),
    Rule(
        id="kubernetes-storage-retention",
        title="Volumes of production outlive their claims.",
        severity=Severity.MEDIUM,
        types=(STORAGE_CLASS,),
        controls=("soc-2:A1.2",),
        problem="One deleted claim, or namespace, is lost data.",
        remedy="set reclaimPolicy to Retain",
        source=_SOURCE,
        checks=(_volumes_stay,),
    ),
)
