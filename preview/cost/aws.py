"""What AWS charges for, by resource type.

Sources of the rules: the pricing pages of EKS, EC2, EBS, VPC, EFS, ECR, KMS, CloudWatch and Secrets Manager (known, not
read again); gp3 includes 3,000 IOPS and 125 MiB/s (infracost's golden `ebs_volume`, read 2026-11-29).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from preview.cost.model import Gap, Need, Range
from preview.cost.scene import fixed, flag, items, number, text, value
from preview.cost.subject import Estimator, Part, Subject, each, single, unknown, used

_DEFAULT_INSTANCE_TYPE: Final = "t3.medium"  # of a managed node group (EKS API reference, CreateNodegroup)
_DEFAULT_DISK_GIB: Final = Decimal(20)
_GP3_IOPS: Final = Decimal(3000)
_GP3_MIB_PER_SECOND: Final = Decimal(125)


def cluster(it: Subject) -> Iterator[Part]:
    """Control planes by their minor's support; the machines of Auto Mode are in no plan."""
    minor = text(it.inputs, "version")
    ends = it.book.standard_support_ends.get(minor or "")
    if text(it.inputs, "upgradePolicy", "supportType") == "STANDARD":
        support = "standard"  # AWS upgrades it when standard support ends
    elif ends is None:
        yield Gap(what="control plane", why=f"calendar.yaml does not have when standard support of {minor} ends")
        support = None
    else:
        support = "extended" if it.as_of > ends else "standard"
    if support:
        yield Need(item=f"aws/eks/{support}", unit="hour", quantity=fixed(1), what=f"control plane, {support} support")
    if flag(it.inputs, "computeConfig", "enabled"):
        yield Gap(what="machines of Auto Mode and its fee", why="EKS starts them as pods ask for them")


def node_group(it: Subject) -> Iterator[Part]:
    """Machines and their disks, from the smallest to the largest size of the group."""
    scaling = value(it.inputs, "scalingConfig")
    least, most = number(scaling, "minSize"), number(scaling, "maxSize")
    if least is None or most is None:
        yield Gap(what="machines", why="its sizes are not known before the update")
        return
    nodes = Range(least, most)
    templates = list(it.scene.feeding(it.resource, "launchTemplate"))
    template: Mapping[str, Any] = templates[0].inputs if templates else {}
    named = text(it.inputs, "instanceTypes", 0) or text(template, "instanceType")
    spot = text(it.inputs, "capacityType") == "SPOT"
    yield machine(named or _DEFAULT_INSTANCE_TYPE, nodes, spot=spot)
    if template:
        yield from template_disks(template, nodes)
    else:
        size = number(it.inputs, "diskSize") or _DEFAULT_DISK_GIB
        yield from disk({"volumeType": "gp3", "volumeSize": size}, nodes)


def instance(it: Subject) -> Iterator[Part]:
    """One machine with the disks that it names."""
    named = text(it.inputs, "instanceType")
    if named is None:
        yield Gap(what="machine", why="its type is not known before the update")
        return
    spot = text(it.inputs, "instanceMarketOptions", "marketType") == "spot"
    yield machine(named, fixed(1), spot=spot)
    for volume in (value(it.inputs, "rootBlockDevice"), *items(it.inputs, "ebsBlockDevices")):
        if volume:
            yield from disk(volume, fixed(1))
    if not value(it.inputs, "rootBlockDevice"):
        yield Gap(what="root disk", why="its size is the image's")


def scaling_group(it: Subject) -> Iterator[Part]:
    """An Auto Scaling group's machines and disks."""
    least, most = number(it.inputs, "minSize"), number(it.inputs, "maxSize")
    templates = list(it.scene.feeding(it.resource, "launchTemplate"))
    named = text(templates[0].inputs, "instanceType") if templates else None
    if least is None or most is None or named is None:
        yield Gap(what="machines", why="their number or type is not known before the update")
        return
    nodes = Range(least, most)
    spot = text(templates[0].inputs, "instanceMarketOptions", "marketType") == "spot"
    yield machine(named, nodes, spot=spot)
    yield from template_disks(templates[0].inputs, nodes)


def machine(named: str, nodes: Range, *, spot: bool) -> Need:
    """Return the need for machines of one type."""
    on_demand = f"aws/machine/{named}"
    if not spot:
        return Need(item=on_demand, unit="hour", quantity=nodes, what=f"{named}")
    return Need(item=f"aws/spot/{named}", unit="hour", quantity=nodes, what=f"{named}, spot", instead=on_demand)


def template_disks(template: Mapping[str, Any], nodes: Range) -> Iterator[Part]:
    """Yield the disks that a launch template gives to each machine."""
    volumes = [value(mapping, "ebs") for mapping in items(template, "blockDeviceMappings")]
    if not any(volumes):
        yield Gap(what="root disks", why="their size is the image's")
    for volume in volumes:
        if volume:
            yield from disk(volume, nodes)


def disk(volume: Any, count: Range) -> Iterator[Part]:
    """Yield what EBS volumes of one shape cost: their size, and what gp3, io1 and io2 are given beyond it."""
    kind = text(volume, "volumeType") or text(volume, "type") or "gp2"
    gib = number(volume, "volumeSize") or number(volume, "size")
    if gib is None:
        yield Gap(what=f"{kind} disk", why="its size is the image's, or not known before the update")
        return
    yield Need(item=f"aws/disk/{kind}", unit="GiB-month", quantity=count * gib, what=f"{kind} disk of {gib} GiB")
    iops = (number(volume, "iops") or Decimal(0)) - (_GP3_IOPS if kind == "gp3" else 0)
    if iops > 0:
        yield Need(item=f"aws/disk/{kind}/iops", unit="IOPS-month", quantity=count * iops, what=f"{iops} IOPS more")
    speed = (number(volume, "throughput") or Decimal(0)) - _GP3_MIB_PER_SECOND
    if speed > 0:
        what = f"{speed} MiB/s more"
        yield Need(item=f"aws/disk/{kind}/throughput", unit="MiB/s-month", quantity=count * speed, what=what)


def volume(it: Subject) -> Iterator[Part]:
    """One EBS volume."""
    yield from disk(it.inputs, fixed(1))


def endpoint(it: Subject) -> Iterator[Part]:
    """An interface endpoint in each of its subnets; gateway endpoints are free."""
    if text(it.inputs, "vpcEndpointType") in (None, "Gateway"):
        return
    joined = it.scene.fed("aws:ec2:VpcEndpointSubnetAssociation", "vpcEndpointId", it.resource)
    count = len(items(it.inputs, "subnetIds")) + len(joined)
    yield Need(item="aws/endpoint", unit="hour", quantity=fixed(count), what=f"endpoint in {count} subnets")
    yield it.usage("aws/endpoint/data", "GiB", "endpoint_gib", "data through it")


def file_system(it: Subject) -> Iterator[Part]:
    """An EFS file system's stored files; elastic throughput is charged by what is read and written."""
    zonal = "/one-zone" if text(it.inputs, "availabilityZoneName") else ""
    yield it.usage(f"aws/file-storage{zonal}", "GiB-month", "file_storage_gib", "stored files")
    if text(it.inputs, "throughputMode") in ("elastic", "provisioned"):
        yield Gap(what="throughput", why="it is charged by what is read and written, or as provisioned")


_LOAD_BALANCER: Final = each(
    single("aws/load-balancer", "hour", "load balancer"), unknown("capacity units", "they follow the traffic")
)
ESTIMATORS: Final[Mapping[str, Estimator]] = {
    "aws:eks:Cluster": cluster,
    "aws:eks:NodeGroup": node_group,
    "aws:ec2:Instance": instance,
    "aws:autoscaling:Group": scaling_group,
    "aws:ebs:Volume": volume,
    "aws:ec2:NatGateway": each(
        single("aws/nat", "hour", "NAT gateway"), used("aws/nat/data", "GiB", "nat_gib", "data through it")
    ),
    "aws:ec2:Eip": single("aws/public-ip", "hour", "public IPv4 address"),
    "aws:ec2:VpcEndpoint": endpoint,
    "aws:lb:LoadBalancer": _LOAD_BALANCER,
    "aws:alb:LoadBalancer": _LOAD_BALANCER,
    "aws:efs:FileSystem": file_system,
    "aws:cloudwatch:LogGroup": used("aws/logs", "GiB", "logs_gib", "log data taken in"),
    "aws:ecr:Repository": used("aws/registry", "GiB-month", "registry_gib", "stored images"),
    "aws:backup:Plan": unknown("backups", "they are charged by what is stored"),
    "aws:efs:BackupPolicy": unknown("backups", "they are charged by what is stored"),
    "aws:sqs:Queue": unknown("requests", "they follow the use"),
    "aws:kms:Key": single("aws/key", "month", "customer managed key"),
    "aws:secretsmanager:Secret": single("aws/secret", "month", "secret"),
}
