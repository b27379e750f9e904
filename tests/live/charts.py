"""Helm charts as the sources of their programs have them, packed by the built Helm: what hosts download."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.conformance.build import BuildError, Tool, cache_root
from tests.live.build import BINARIES

_METALLB: Final = BINARIES["metallb-controller"]


def metallb() -> Path:
    """The archive of MetalLB's chart, of its programs' version, packed unless it is there.

    Raises:
        BuildError: its Go module cannot be had, or Helm cannot pack it.
    """
    target = _metallb_archive()
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        _run(str(BINARIES["helm"].path), "package", str(_source(_METALLB) / "charts/metallb"), f"-d={target.parent}")
        if not target.is_file():
            raise BuildError(f"the module of MetalLB {_METALLB.version} has a chart of another version")
    return target


def are_cached() -> bool:
    """Whether all charts have been packed."""
    return _metallb_archive().is_file()


def _metallb_archive() -> Path:
    return cache_root() / "charts" / f"metallb-{_METALLB.version.removeprefix('v')}.tgz"


def _source(tool: Tool) -> Path:
    """The folder of a module's sources, whose sum go.sum has."""
    said: dict[str, Any] = json.loads(_run("go", "-C", str(tool.pins), "mod", "download", "-json", tool.module))
    return Path(said["Dir"])


def _run(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise BuildError(f"{' '.join(command)} ended with {result.returncode}: {result.stderr.strip()}")
    return result.stdout
