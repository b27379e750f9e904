"""What a machine type's name says about it, without asking the cloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

_AWS_TYPE: Final = re.compile(
    r"^(?P<family>[a-z]+(?:-[a-z0-9]+)?)(?P<generation>\d+)(?P<options>[a-z]*(?:-flex|-[a-z0-9]+)?)\.(?P<size>[a-z0-9-]+)$"
)
_AWS_NVIDIA: Final = frozenset({"p", "g", "gr"})
_AWS_NEURON: Final = frozenset({"inf", "trn"})


@dataclass(frozen=True)
class MachineType:
    """Architecture and accelerator of a machine type."""

    architecture: Literal["x86_64", "arm64"]
    accelerator: Literal["none", "nvidia", "neuron"]


def aws_machine_type(name: str) -> MachineType | None:
    """What an EC2 instance type's name says, or None where it is no such name.

    A `g` among the options after the generation means Graviton (arm64); so does family a1, and g5g is both.
    Source: EC2 instance type naming conventions, read 2026-11.
    """
    match = _AWS_TYPE.match(name)
    if match is None:
        return None
    family, options = match["family"], match["options"].split("-")[0]
    arm = "g" in options or family == "a"
    accelerator = "nvidia" if family in _AWS_NVIDIA else "neuron" if family in _AWS_NEURON else "none"
    return MachineType("arm64" if arm else "x86_64", accelerator)
