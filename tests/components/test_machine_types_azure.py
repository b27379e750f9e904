"""Sizes of Azure's virtual machines: what their names say, and what no name says."""

from __future__ import annotations

import pytest

from components.machine_types_azure import AzureMachine, azure_machine


def machine(name: str) -> AzureMachine:
    found = azure_machine(name)
    assert found is not None, name
    return found


@pytest.mark.parametrize(
    ("name", "architecture", "accelerator"),
    [
        ("Standard_D4s_v5", "x86_64", "none"),
        ("Standard_B2ls_v2", "x86_64", "none"),
        ("Standard_E8-4ads_v5", "x86_64", "none"),
        ("Standard_D4ps_v5", "arm64", "none"),
        ("Standard_E16pds_v6", "arm64", "none"),
        ("Standard_D2pls_v5", "arm64", "none"),
        ("Standard_NC24ads_A100_v4", "x86_64", "nvidia"),
        ("Standard_NV36ads_A10_v5", "x86_64", "nvidia"),
        ("Standard_ND96isr_H100_v5", "x86_64", "nvidia"),
        ("Standard_ND128isr_NDR_GB200_v6", "arm64", "nvidia"),
        ("Standard_L8s_v3", "x86_64", "none"),
        ("Standard_M64ms_v2", "x86_64", "none"),
        ("Standard_DC4as_v5", "x86_64", "none"),
    ],
)
def test_a_name_says_architecture_and_accelerator(name: str, architecture: str, accelerator: str) -> None:
    assert (machine(name).machine.architecture, machine(name).machine.accelerator) == (architecture, accelerator)


@pytest.mark.parametrize(
    "name", ["m7g.large", "D4s_v5", "standard_d4s_v5", "Standard_", "Standard_QQ4s_v5", "Standard_D4s v5"]
)
def test_what_is_no_size_is_none(name: str) -> None:
    assert azure_machine(name) is None


@pytest.mark.parametrize(
    ("name", "gib"),
    [
        ("Standard_D4ds_v5", 150),
        ("Standard_E2ads_v5", 75),
        ("Standard_D8pds_v6", 440),
        ("Standard_D4s_v5", 0),
        ("Standard_E8as_v4", 0),
        ("Standard_D96ds_v5", None),
        ("Standard_D4s_v3", None),
        ("Standard_L8s_v3", None),
    ],
)
def test_a_disk_of_its_own_is_known_where_the_name_tells(name: str, gib: int | None) -> None:
    assert machine(name).local_disk_gib == gib


@pytest.mark.parametrize(
    ("name", "possible"),
    [
        ("Standard_D4s_v5", True),
        ("Standard_D4s_v3", True),
        ("Standard_NC24ads_A100_v4", True),
        ("Standard_D4_v3", False),
        ("Standard_DS3_v2", False),
        ("Standard_D4ps_v5", False),
        ("Standard_DC4as_v5", False),
        ("Standard_EC4as_v5", False),
    ],
)
def test_trusted_launch_is_for_x86_machines_of_the_second_generation(name: str, *, possible: bool) -> None:
    assert machine(name).trusted_launch is possible


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Standard_NV4as_v4", "AMD"),
        ("Standard_NV24ads_V710_v5", "AMD"),
        ("Standard_NG8ads_V620_v1", "AMD"),
        ("Standard_ND96isr_MI300X_v5", "AMD"),
        ("Standard_NP10s", "FPGA"),
        ("Standard_NV6", "retires"),
        ("Standard_D2", "retires"),
    ],
)
def test_sizes_that_no_image_of_akss_drives_are_known(name: str, reason: str) -> None:
    assert reason in (machine(name).without_image or "")
    assert machine(name).machine.accelerator == "none"


@pytest.mark.parametrize("name", ["Standard_D4s_v5", "Standard_NV36ads_A10_v5", "Standard_NC6s_v3", "Standard_DS3_v2"])
def test_the_others_are_of_use(name: str) -> None:
    assert machine(name).without_image is None
