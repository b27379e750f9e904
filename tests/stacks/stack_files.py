"""Every stack file of the repository, planned in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from components.compose import build
from components.settings import load
from preview import project
from preview.plan import Plan
from preview.recorded import Record
from tests import support
from tests.support import ROOT


def _name(path: Path) -> str:
    return path.name.removeprefix("Pulumi.").removesuffix(".yaml")


STACK_FILES: Final[Mapping[str, Path]] = {
    _name(path): path for path in (*sorted(ROOT.glob("Pulumi.*.yaml")), *sorted(ROOT.glob("examples/Pulumi.*.yaml")))
}


def plan(stack_file: Path, record: Record | None = None) -> Plan:
    """Preview a stack file, against `record` where one is given."""
    read = project.load(ROOT, config_file=stack_file)
    return support.plan(
        lambda: build(load(read.config)), record=record, config=read.config, secret_keys=read.secret_keys
    )


def applied(stack_file: Path) -> Record:
    """The state in which a stack stands as its file says."""
    read = project.load(ROOT, config_file=stack_file)
    return support.applied(lambda: build(load(read.config)), config=read.config, secret_keys=read.secret_keys)
