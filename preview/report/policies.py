"""What the policy packs said of a plan, as a report shows it."""

from __future__ import annotations

from preview.plan import Plan
from preview.policy_results import order
from preview.report.model import PolicyResult


def policy_results(plan: Plan) -> tuple[PolicyResult, ...]:
    """Return what the policy packs said of a plan, what stops the update first."""
    violations = sorted((item for pack in plan.policies for item in pack.violations), key=order)
    return tuple(
        PolicyResult(policy=item.policy, level=item.level, message=item.message, urn=item.urn or None)
        for item in violations
    )
