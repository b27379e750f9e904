"""The words in which rules and configuration say how much something matters.

They stand apart so that a program that holds the policies' configuration loads no rule.
"""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How bad a broken rule is. With the environment it gives the enforcement level: `policies/enforcement.py`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Environment(StrEnum):
    """How much a stack matters, as `infraplatform:environment` says."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"
