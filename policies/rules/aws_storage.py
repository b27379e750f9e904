"""What storage, keys and image repositories on AWS must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path, Properties, each
from policies.rule import Resource, Rule, Severity, Stack, StackRule
from policies.rules.aws_nodes import INSTANCE, LAUNCH_TEMPLATE

VOLUME: Final = "aws:ebs/volume:Volume"
FILE_SYSTEM: Final = "aws:efs/fileSystem:FileSystem"
SELECTION: Final = "aws:backup/selection:Selection"
BACKUP_POLICY: Final = "aws:efs/backupPolicy:BackupPolicy"
REPOSITORY: Final = "aws:ecr/repository:Repository"
KEY: Final = "aws:kms/key:Key"
_SOURCE: Final = "pulumi-aws ebs.VolumeArgs, ec2.LaunchTemplateArgs and ec2.InstanceArgs, read 2026-11-29"


def _disks_are_encrypted(subject: Resource) -> Iterator[str]:
    yield from each(_disks(subject), _is_encrypted)


def _disks(subject: Resource) -> Iterator[Properties]:
    if subject.type == VOLUME:
        yield subject.inputs
    elif subject.type == INSTANCE:
        yield subject.inputs.at("rootBlockDevice")
        yield from subject.inputs.items("ebsBlockDevices")
    else:
        mappings = subject.inputs.items("blockDeviceMappings")
        yield from (mapping.at("ebs") for mapping in mappings if mapping.has("ebs"))
        if not mappings:
            yield subject.inputs.at("blockDeviceMappings", 0, "ebs")  # the image's own disks, as the image has them


def _is_encrypted(disk: Properties) -> Iterator[str]:
    if not disk.is_true("encrypted"):
        yield f"{f'{disk.path}.' if disk.path else ''}encrypted is off"


def _with_encryption(subject: Resource) -> Iterator[tuple[Path, Any]]:
    for disk in _disks(subject):
        written = disk.raw is not None
        if written and any(_is_encrypted(disk)):
            yield (*disk.steps, "encrypted"), "true" if subject.type == LAUNCH_TEMPLATE else True


def _file_system_is_encrypted(system: Resource) -> Iterator[str]:
    if not system.inputs.is_true("encrypted"):
        yield "encrypted is off"


def _has_backups(system: Resource, stack: Stack) -> Iterator[str]:
    if any(True for _ in stack.referrers(system, SELECTION, "resources")):
        return  # a plan of AWS Backup
    policies = stack.referrers(system, BACKUP_POLICY, "fileSystemId")
    if not any(policy.inputs.get("backupPolicy", "status") == "ENABLED" for policy in policies):
        yield "no backup policy of the stack is ENABLED for this file system, and no backup plan selects it"


def _images_are_scanned(repository: Resource) -> Iterator[str]:
    if not repository.inputs.is_true("imageScanningConfiguration", "scanOnPush"):
        yield "imageScanningConfiguration.scanOnPush is off"


def _with_scans(repository: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_images_are_scanned(repository)):
        yield ("imageScanningConfiguration", "scanOnPush"), True


def _tags_stay(repository: Resource) -> Iterator[str]:
    mutability = repository.inputs.get("imageTagMutability", default="MUTABLE")
    if not str(mutability).startswith("IMMUTABLE"):
        yield f"imageTagMutability is {mutability}: a tag can become another image without a trace"


def _images_are_encrypted_with_a_key(repository: Resource) -> Iterator[str]:
    configurations = repository.inputs.items("encryptionConfigurations")
    if not any(configuration.get("encryptionType") == "KMS" for configuration in configurations):
        yield "encryptionConfigurations has no encryptionType KMS"


def _key_rotates(key: Resource) -> Iterator[str]:
    symmetric = key.inputs.get("customerMasterKeySpec", default="SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
    if symmetric and not key.inputs.is_true("enableKeyRotation"):  # KMS rotates no others
        yield "enableKeyRotation is off"


def _with_rotation(key: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_key_rotates(key)):
        yield ("enableKeyRotation",), True


RULES: Final = (
    Rule(
        id="aws-disk-encryption",
        title="Disks are encrypted.",
        severity=Severity.HIGH,
        types=(VOLUME, LAUNCH_TEMPLATE, INSTANCE),
        controls=(
            "iso-27001:8.24",
            "pci-dss:3.5.1",
            "isms-p:2.7.1",
            "soc-2:C1.1",
            "hipaa:164.312(a)(2)(iv)",
        ),
        problem="Who gets at a snapshot or at the hardware reads what the nodes wrote.",
        remedy="set encrypted to true on the volume, its block device mapping or the root block device",
        source=_SOURCE,
        checkov=("CKV_AWS_3",),
        checks=(_disks_are_encrypted,),
        fix=_with_encryption,
    ),
    Rule(
        id="aws-efs-encryption",
        title="EFS file systems are encrypted.",
        severity=Severity.HIGH,
        types=(FILE_SYSTEM,),
        controls=(
            "pci-dss:3.5.1",
            "isms-p:2.7.1",
            "iso-27001:8.24",
            "soc-2:C1.1",
            "hipaa:164.312(a)(2)(iv)",
        ),
        problem="What pods share is kept in plain form, and it cannot be encrypted later.",
        remedy="set encrypted to true; it replaces the file system",
        source="pulumi-aws efs.FileSystemArgs, read 2026-11-29",
        checkov=("CKV_AWS_42",),
        checks=(_file_system_is_encrypted,),
    ),
    StackRule(
        id="aws-efs-backup",
        title="EFS file systems are backed up.",
        severity=Severity.MEDIUM,
        types=(FILE_SYSTEM,),
        controls=(
            "isms-p:2.9.3",
            "iso-27001:8.13",
            "soc-2:A1.2",
            "hipaa:164.308(a)(7)(ii)(A)",
        ),
        problem="What is deleted by mistake, or encrypted by an attacker, is gone.",
        remedy="make an efs.BackupPolicy with status ENABLED for the file system, or select it in a backup plan",
        source="pulumi-aws efs.BackupPolicyArgs and backup.SelectionArgs, read 2026-11-29",
        checks=(_has_backups,),
    ),
    Rule(
        id="aws-image-scan",
        title="ECR scans images when they are pushed.",
        severity=Severity.HIGH,
        types=(REPOSITORY,),
        controls=(
            "cis-eks:5.1.1",
            "pci-dss:11.3.1",
            "isms-p:2.11.2",
            "iso-27001:8.8",
            "soc-2:CC7.1",
        ),
        problem="Images with known faults are deployed unseen.",
        remedy="set imageScanningConfiguration.scanOnPush to true",
        source="pulumi-aws ecr.RepositoryArgs, read 2026-11-29",
        checkov=("CKV_AWS_163",),
        checks=(_images_are_scanned,),
        fix=_with_scans,
    ),
    Rule(
        id="aws-image-tags",
        title="Tags in ECR cannot be overwritten, and images are encrypted with a KMS key.",
        severity=Severity.MEDIUM,
        types=(REPOSITORY,),
        controls=(
            "iso-27001:8.19",
            "soc-2:CC6.8",
        ),
        problem="What was tested is not what runs.",
        remedy="set imageTagMutability to IMMUTABLE and encryptionConfigurations to [{encryptionType: KMS}]",
        source="pulumi-aws ecr.RepositoryArgs, read 2026-11-29",
        checkov=("CKV_AWS_51", "CKV_AWS_136"),
        checks=(_tags_stay, _images_are_encrypted_with_a_key),
    ),
    Rule(
        id="aws-key-rotation",
        title="KMS keys rotate every year.",
        severity=Severity.MEDIUM,
        types=(KEY,),
        controls=(
            "pci-dss:3.7.4",
            "isms-p:2.7.2",
            "iso-27001:8.24",
        ),
        problem="One key encrypts everything for ever.",
        remedy="set enableKeyRotation to true",
        source="pulumi-aws kms.KeyArgs, read 2026-11-29",
        checkov=("CKV_AWS_7",),
        checks=(_key_rotates,),
        fix=_with_rotation,
    ),
)
