"""`python -m policies`: what the pack holds, and what it says of a stack, for people.

catalogue   every rule with its severity and controls
report      per control of a framework: met, broken, cannot tell, or outside what infrastructure code can show
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from policies.catalogue import CATALOGUE
from policies.rule import Rule

USAGE: Final = "usage: python -m policies catalogue | report ... (report --help says more)"
EXIT_USAGE: Final = 2


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code."""
    match arguments:
        case ["catalogue"]:
            sys.stdout.write(catalogue())
            return 0
        case ["report", *rest]:
            from policies.report import main as report  # reads frameworks, which the catalogue does not need

            return report(rest)
        case _:
            sys.stderr.write(f"{USAGE}\n")
            return EXIT_USAGE


def catalogue() -> str:
    """Every rule as text: id, severity, whether it has a fix, what must hold, its controls."""
    width = max(map(len, CATALOGUE))
    lines = list[str]()
    for rule in CATALOGUE.values():
        fix = "fix" if isinstance(rule, Rule) and rule.fix else "   "
        lines.append(f"{rule.id:<{width}}  {rule.severity:<8}  {fix}  {rule.title}")
        lines.append(f"{'':<{width}}  {', '.join(rule.controls)}")
    lines.append(f"{len(CATALOGUE)} rules")
    return "\n".join(lines) + "\n"
