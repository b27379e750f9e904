"""What a stack's configuration says about policies: the key `infraplatform:policies`, read by the pack and the program.

The pack receives the stack's whole configuration, whatever program it guards; the settings of this project's own stacks
hold the same model, so that a mistake in it stops the program too. Levels alone may also stand in Pulumi's policy
config file, which wins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from policies.terms import Environment

KEY: Final = "infraplatform:policies"
ENVIRONMENT_KEY: Final = "infraplatform:environment"


class PolicyConfigError(Exception):
    """The policies' configuration has mistakes; the message names each with its key."""


class Level(StrEnum):
    """What a broken rule does, as in Pulumi."""

    ADVISORY = "advisory"
    """It is shown."""
    MANDATORY = "mandatory"
    """It stops the update."""
    REMEDIATE = "remediate"
    """Its fix is applied first; what is still broken then stops the update."""
    DISABLED = "disabled"
    """The rule does not run."""


def _a_rule(name: str) -> str:
    from policies.catalogue import CATALOGUE  # only where a rule is named: most stacks name none

    return _one_of(CATALOGUE, name, "rule", "`make policies` lists them")


def _with_fixes(levels: dict[str, Level]) -> dict[str, Level]:
    from policies.catalogue import CATALOGUE  # as above

    for name, level in levels.items():
        if level is Level.REMEDIATE and getattr(CATALOGUE[name], "fix", None) is None:
            raise wrong(f"{name} has no fix", "write mandatory")
    return levels


def _a_framework(name: str) -> str:
    from policies.catalogue import FRAMEWORKS  # as above

    return _one_of(FRAMEWORKS, name, "framework", f"the frameworks are {', '.join(FRAMEWORKS)}")


def _one_of(known: Iterable[str], name: str, kind: str, listed: str) -> str:
    names = list(known)
    if name not in names:
        close = get_close_matches(name, names, n=1)
        remedy = f"write {close[0]}; {listed}" if close else listed
        raise wrong(f"{name!r} is not a {kind}", remedy)
    return name


def wrong(problem: str, remedy: str) -> PydanticCustomError:
    """The error that a validator raises, in the form that the stack settings show: the problem, what to write."""
    return PydanticCustomError("wrong_setting", "{problem}; {remedy}", {"problem": problem, "remedy": remedy})


def _a_urn(text: str) -> str:
    if not text.startswith("urn:pulumi:") or text.count("::") < 3:
        raise wrong(f"{text!r} is not a URN", "write urn:pulumi:<stack>::<project>::<type>::<name>, as --json shows it")
    return text


def _a_reason(text: str) -> str:
    if len(text.split()) < 2:
        raise wrong(f"{text!r} is no reason", "say in a few words why the resource may break the rule")
    return text


def _a_day(value: object) -> object:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise wrong(f"{value!r} is not a day", "write it as 2027-03-31, in quotes") from None


RuleName = Annotated[str, AfterValidator(_a_rule), Field(examples=["aws-api-public"])]
Day = Annotated[dt.date, BeforeValidator(_a_day)]
FrameworkName = Annotated[str, AfterValidator(_a_framework), Field(examples=["isms-p"])]


class PolicyException(BaseModel):
    """A rule that one resource may break, for a while."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    rule: RuleName
    """The rule's id, as `make policies` lists it."""
    urn: Annotated[str, AfterValidator(_a_urn), Field(examples=["urn:pulumi:dev::shop::aws:eks/cluster:Cluster::dev"])]
    """The resource's whole URN, as the preview shows it with --json; it must be in the stack."""
    reason: Annotated[
        str, AfterValidator(_a_reason), Field(examples=["partners reach the API from changing addresses"])
    ]
    """Why it may break the rule, for the next reader."""
    until: Annotated[Day, Field(examples=["2027-03-31"])]
    """The last day on which it may; after it the exception itself is a violation."""


class PolicySettings(BaseModel):
    """Which rules the policy pack enforces, and where a resource may break one."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    frameworks: Annotated[tuple[FrameworkName, ...], Field(examples=[["cis", "isms-p"]])] = ()
    """The frameworks that the platform must meet: rules that serve one of them are mandatory in every environment."""
    rules: Annotated[
        dict[RuleName, Level], AfterValidator(_with_fixes), Field(examples=[{"aws-delete-guard": "mandatory"}])
    ] = {}
    """Levels of single rules, over those that frameworks and severities give."""
    exceptions: tuple[PolicyException, ...] = ()
    """Resources that may break a rule, each with its reason and last day."""
    registries: Annotated[tuple[str, ...], Field(examples=[["registry.k8s.io/", "public.ecr.aws/eks/"]])] = ()
    """Prefixes of the images that workloads may run; every registry may be used where there is none."""
    as_of: Annotated[Day | None, Field(examples=["2026-11-29"])] = None
    """The day on which versions and exceptions are judged; today where it is not written."""


def policy_settings(config: Mapping[str, str]) -> tuple[PolicySettings, Environment]:
    """The policies' settings and the environment that a stack's configuration says.

    Args:
        config: the configuration as Pulumi hands it over: full keys, objects as JSON text.

    Raises:
        PolicyConfigError: with every mistake.
    """
    mistakes: list[str] = []
    settings = PolicySettings()
    try:
        settings = PolicySettings.model_validate_json(config.get(KEY) or "{}", strict=True)
    except ValidationError as invalid:
        mistakes += [_in_words(error["loc"], error["msg"]) for error in invalid.errors(include_url=False)]
    environment = Environment.DEV
    try:
        environment = Environment(config.get(ENVIRONMENT_KEY, Environment.DEV))
    except ValueError:
        mistakes.append(f"{ENVIRONMENT_KEY}: is {config[ENVIRONMENT_KEY]!r}; write {', '.join(Environment)}")
    if mistakes:
        raise PolicyConfigError("\n".join(mistakes))
    return settings, environment


def _in_words(location: tuple[int | str, ...], message: str) -> str:
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in location if step != "[key]"]
    return f"{KEY}{''.join(steps)}: {message[:1].lower()}{message[1:]}"
