"""Checks a plan whose program ran in another process.

It loads the SDKs of the resources here, and nothing of the program.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable
from dataclasses import replace

from pulumi.runtime import rpc

from preview import urn
from preview.check import check
from preview.plan import Plan


def check_installed(plan: Plan) -> Plan:
    """Return the plan with the findings on its resources.

    An SDK that is not installed here leaves its resources unchecked.
    """
    planned = [step.new for step in plan.steps if step.new is not None and step.new.custom and not step.new.external]
    _load_classes({resource.type for resource in planned})
    found = [finding for resource in planned for finding in check(resource)]
    return replace(plan, diagnostics=tuple(sorted([*plan.diagnostics, *found], key=lambda item: item.urn or "")))


def _load_classes(types: Iterable[str]) -> None:
    for type_ in sorted(types):
        package = urn.package_of(type_)
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module("pulumi_" + package.replace("-", "_"))
        module_key = ":".join(type_.split(":")[:2])
        for module in rpc._RESOURCE_MODULES.get(module_key, ()):  # noqa: SLF001  the public way constructs a resource
            info = getattr(module, "mod_info", {})
            home = importlib.import_module(info["fqn"])
            getattr(home, info["classes"][type_], None)  # SDKs load a service's classes at their first use
