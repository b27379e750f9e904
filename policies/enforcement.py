"""Which level each rule has: by severity and environment, raised by frameworks, set by rule.

| severity | dev | staging | prod |
|---|---|---|---|
| critical | mandatory | mandatory | mandatory |
| high | mandatory | mandatory | mandatory |
| medium | advisory | advisory | mandatory |
| low | advisory | advisory | advisory |

What Pulumi's policy config file says wins over all of it: the engine merges that in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policies.catalogue import serves
from policies.rule import AnyRule, Environment, Severity
from policies.settings import Level, PolicySettings

LEVELS: Final[Mapping[Severity, Mapping[Environment, Level]]] = {
    Severity.CRITICAL: dict.fromkeys(Environment, Level.MANDATORY),
    Severity.HIGH: dict.fromkeys(Environment, Level.MANDATORY),
    Severity.MEDIUM: {**dict.fromkeys(Environment, Level.ADVISORY), Environment.PROD: Level.MANDATORY},
    Severity.LOW: dict.fromkeys(Environment, Level.ADVISORY),
}
"""The level that a rule's severity gives it."""


def level_of(rule: AnyRule, settings: PolicySettings, environment: Environment) -> Level:
    """The level of a rule in a stack, before Pulumi's own policy config."""
    if rule.id in settings.rules:
        return settings.rules[rule.id]
    if any(serves(rule, framework) for framework in settings.frameworks):
        return Level.MANDATORY
    return LEVELS[rule.severity][environment]
