"""Which provider serves a resource: the explicit one, its parents', or the default one of its package and version.

Source: pulumi/pkg v3.259.0 resource/deploy (source_eval.go `resolveProvider`, default_providers.go), read 2026-11-23.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from preview import urn
from preview.goal import Goal, Registration
from preview.plan import PROVIDER_PREFIX, Resource, Secret
from preview.wire import UNKNOWN_TEXT

INTERNAL: Final = "__internal"  # what the engine itself keeps in a provider's inputs


@dataclass(frozen=True, kw_only=True)
class Package:
    """A provider plugin as a registration asks for it."""

    name: str
    version: str = ""
    download_url: str = ""
    parameter: Mapping[str, Any] | None = None  # of a parameterized package: name, version and base provider

    @property
    def default_name(self) -> str:
        """The logical name of the package's default provider: `default_7_51_1`."""
        if not self.version:
            return "default"
        return "_".join(["default", *(part for part in re.split(r"[.+-]", self.version.removeprefix("v")) if part)])


@dataclass
class Providers:
    """The default providers of one run."""

    project: str
    stack: str
    config: Mapping[str, str]
    secret_keys: tuple[str, ...]
    register: Callable[[Goal], Registration]
    _packages: dict[str, Package] = field(default_factory=dict[str, Package])  # by the reference the SDK got
    _defaults: dict[Package, str] = field(default_factory=dict[Package, str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def register_package(self, package: Package) -> str:
        """Return the reference under which registrations will name a parameterized package."""
        reference = f"{package.name}@{package.version}"
        self._packages[reference] = package
        return reference

    def package(self, reference: str) -> Package:
        """Return a registered package.

        Raises:
            KeyError: nothing was registered under this reference.
        """
        return self._packages[reference]

    def default(self, package: Package) -> str:
        """Return the reference of a package's default provider, which is registered at its first use."""
        key = replace(package, parameter=None)
        with self._lock:
            if key not in self._defaults:
                self._defaults[key] = reference_of(self._register_default(package))
            return self._defaults[key]

    def _register_default(self, package: Package) -> Registration:
        type_ = PROVIDER_PREFIX + package.name
        inputs = with_plugin(self._config_of(package.name), package)
        provider_urn = urn.make(self.stack, self.project, None, type_, package.default_name)
        return self.register(Goal(resource=Resource(urn=provider_urn, type=type_, custom=True, inputs=inputs)))

    def _config_of(self, package: str) -> dict[str, Any]:
        prefix = f"{package}:"
        return {
            key.removeprefix(prefix): Secret(value) if key in self.secret_keys else value
            for key, value in self.config.items()
            if key.startswith(prefix)
        }


def reference_of(registration: Registration) -> str:
    """Return the reference of a registered provider; its id is the placeholder while it is unknown."""
    return f"{registration.urn}::{registration.id or UNKNOWN_TEXT}"


def with_plugin(inputs: Mapping[str, Any], package: Package) -> dict[str, Any]:
    """Return a provider's inputs with the plugin they are for, where the engine keeps it."""
    result = dict(inputs)
    internal: dict[str, Any] = {}
    if package.version:
        result["version"] = package.version
    if package.download_url:
        internal["pluginDownloadURL"] = package.download_url
    if package.parameter is not None:
        internal["parameterization"] = dict(package.parameter)
    if package.version or internal:
        result[INTERNAL] = internal
    return result
