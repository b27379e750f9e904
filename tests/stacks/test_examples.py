"""Every stack file of the repository is planned, whole and without a finding, by the offline preview."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.platform import EXPORTS
from preview.plan import Operation, Severity
from preview.runner import preview
from tests.stacks.stack_files import STACK_FILES
from tests.support import ROOT

NULL = {stack: {"oidc_issuer", "node_role"} for stack in STACK_FILES if stack.startswith("servers-")}
"""What a stack has none of: the SDK leaves it out of the stack's outputs."""


@pytest.mark.parametrize("stack_file", STACK_FILES.values(), ids=list(STACK_FILES))
def test_a_stack_file_is_planned_without_a_finding(stack_file: Path) -> None:
    plan = preview(ROOT, stack_file.name.split(".")[1], config_file=stack_file)
    assert [item.message for item in plan.diagnostics if item.severity in (Severity.WARNING, Severity.ERROR)] == []
    assert not plan.failed
    assert {step.operation for step in plan.steps} <= {Operation.CREATE, Operation.READ}
    assert set(plan.outputs) == set(EXPORTS) - NULL.get(stack_file.name.split(".")[1], set())
