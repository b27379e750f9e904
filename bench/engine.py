"""What is measured against Pulumi's own engine: its preview of an empty program, and of the dev stack."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import time
from pathlib import Path
from typing import Final

from bench.cases import ROOT, dev_preview, ratio_of
from bench.measure import Command, Cost, least
from bench.report import Ratio, Skipped
from tests.conformance import build
from tests.conformance.engine import Workspace

_EMPTY: Final = "dev preview / `pulumi preview` of an empty program, wall"
_SAME: Final = "dev preview / `pulumi preview` of the dev stack, wall"
_LANGUAGE_HOST: Final = "pulumi-language-python"


def over_engine_preview(folder: Path) -> list[Ratio | Skipped]:
    """Measure the dev stack's preview over the engine's own, where there is a CLI.

    Raises:
        MeasureError: a preview failed.
    """
    return [_over_empty_program(folder), _over_same_program(folder)]


def _over_empty_program(folder: Path) -> Ratio | Skipped:
    """Measure over an empty program in this environment, as a user runs it: by the CLI and its Python language host."""
    cli = shutil.which("pulumi") or build.find("pulumi")
    if cli is None:
        return Skipped(_EMPTY, "no `pulumi` on PATH, and none built: run `make conformance` first")
    if shutil.which(_LANGUAGE_HOST) is None:
        return Skipped(_EMPTY, f"no `{_LANGUAGE_HOST}` on PATH: it comes with the official CLI, in no package registry")
    project, home = folder / "empty", folder / "empty-home"
    project.mkdir()
    home.mkdir()
    options = f"{{toolchain: pip, virtualenv: {sys.prefix}}}"
    manifest = f"name: empty\nruntime: {{name: python, options: {options}}}\n"
    (project / "Pulumi.yaml").write_text(manifest, encoding="utf-8")
    (project / "__main__.py").write_text("", encoding="utf-8")
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PULUMI_BACKEND_URL": home.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "bench",
        # Without the network, it would wait for downloads of the plugins of all SDKs in the environment to fail.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(home),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    Command((str(cli), "stack", "init", "dev", "--non-interactive"), project, environment).output()
    empty = Command((str(cli), "preview", "--stack", "dev", "--non-interactive"), project, environment)
    ours, engine = least(dev_preview().run, empty.run)
    return ratio_of(_EMPTY, ours.wall_seconds, engine.wall_seconds, "s", at_most=0.6)


def _over_same_program(folder: Path) -> Ratio | Skipped:
    """Measure over the same stack, with a language host of the tests' and an echo provider for the clouds' plugins.

    That is less than a user's `pulumi preview` takes.
    """
    if build.find("pulumi") is None:
        return Skipped(_SAME, "the engine's CLI is not built: run `make conformance` first")
    same = Workspace(ROOT, "dev", folder / "workspace")
    ours, engine = least(dev_preview().run, lambda: _cost_of_engine_preview(same))
    return ratio_of(_SAME, ours.wall_seconds, engine.wall_seconds, "s", at_most=1.0)


def _cost_of_engine_preview(workspace: Workspace) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    workspace.preview()
    wall_seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall_seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
