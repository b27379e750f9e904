from __future__ import annotations

import subprocess
import sys

import pytest

from preview.schema import Block, Choice, ListOf, MapOf, OneOf, Scalar, Shape, Special, inputs_of
from tests.preview.resources import sdk

EKS = ("pulumi_aws.eks", "aws:eks/cluster:Cluster")
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NUMBER_OR_TEXT = OneOf((Scalar.WHOLE_NUMBER, Scalar.TEXT))
AKS = ("pulumi_azure_native.containerservice", "azure-native:containerservice:ManagedCluster")


def shape(module: str, token: str, *path: str) -> Shape:
    """Return the shape at a path; lists, maps and choices between shapes are looked through."""
    sdk(module)
    found: Shape | None = inputs_of(token)
    for key in path:
        while isinstance(found, ListOf | MapOf):
            found = found.item if isinstance(found, ListOf) else found.value
        assert isinstance(found, Block), f"{path}: nothing below {key}"
        found = found.properties[key].shape
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("module", "token", "path", "expected"),
    [
        (*EKS, ("version",), Scalar.TEXT),
        (*EKS, ("deletionProtection",), Scalar.BOOLEAN),
        (*EKS, ("vpcConfig", "subnetIds"), ListOf(Scalar.TEXT)),
        (*EKS, ("tags",), MapOf(Scalar.TEXT)),
        ("pulumi_aws.ec2", LAUNCH_TEMPLATE, ("blockDeviceMappings", "ebs", "volumeSize"), Scalar.WHOLE_NUMBER),
        ("pulumi_aws.efs", "aws:efs/fileSystem:FileSystem", ("provisionedThroughputInMibps",), Scalar.NUMBER),
        ("pulumi_kubernetes.core.v1", "kubernetes:core/v1:ConfigMap", ("apiVersion",), Choice(("v1",))),
        ("pulumi_kubernetes.core.v1", "kubernetes:core/v1:Service", ("spec", "ports", "targetPort"), NUMBER_OR_TEXT),
        ("pulumi_kubernetes.helm.v3", "kubernetes:helm.sh/v3:Release", ("values",), MapOf(Special.ANYTHING)),
        ("pulumi_gcp.container", "gcp:container/nodePool:NodePool", ("nodeConfig", "diskSizeGb"), Scalar.WHOLE_NUMBER),
        ("pulumi_command.remote", "command:remote:Command", ("triggers",), ListOf(Special.ANYTHING)),
        ("pulumi_command.remote", "command:remote:CopyToRemote", ("source",), Special.FILE),
    ],
)  # fmt: skip
def test_an_input_has_the_shape_that_the_sdk_declares(
    module: str, token: str, path: tuple[str, ...], expected: Shape
) -> None:
    assert shape(module, token, *path) == expected


def test_an_enum_beside_text_is_an_open_choice_and_alone_a_closed_one() -> None:
    identity = shape(*AKS, "identity", "type")
    support = shape(*AKS, "supportPlan")
    assert isinstance(identity, Choice)
    assert not identity.is_open
    assert isinstance(support, Choice)
    assert support.is_open
    assert "AKSLongTermSupport" in support.values


def test_required_keys_and_the_spelling_of_python_are_known() -> None:
    vpc_config = shape(*EKS, "vpcConfig")
    assert isinstance(vpc_config, Block)
    subnets = vpc_config.properties["subnetIds"]
    assert (subnets.python_name, subnets.required) == ("subnet_ids", True)
    assert not vpc_config.properties["endpointPublicAccess"].required


def test_references_to_args_of_other_modules_are_resolved() -> None:
    metadata = shape(
        "pulumi_kubernetes.apps.v1", "kubernetes:apps/v1:Deployment", "spec", "template", "metadata", "labels"
    )
    assert metadata == MapOf(Scalar.TEXT)


@pytest.mark.parametrize(
    "token", ["pulumi-python:dynamic:Resource", "kubernetes:karpenter.sh/v1:NodePool", "aws:no/such:Type", "odd"]
)
def test_a_type_that_no_sdk_knows_has_no_schema(token: str) -> None:
    sdk("pulumi_kubernetes.core.v1")
    sdk("pulumi_aws.eks")
    assert inputs_of(token) is None


def test_a_type_whose_sdk_module_the_program_did_not_load_is_not_loaded_for_it() -> None:
    program = (
        "import sys, pulumi_aws, preview.schema as schema\n"
        "assert schema.inputs_of('aws:eks/cluster:Cluster') is None\n"
        "assert 'pulumi_aws.eks.cluster' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
