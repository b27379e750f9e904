"""Plans one stack of a checkout in a process of its own, and reads plans from files.

Every plan is read from the JSON of `python -m preview --json`, whoever wrote it: the planner here, the base's planner
for a head that is not trusted, an earlier run, or the CLI.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from preview import digest
from preview.errors import PreviewError
from preview.plan import Diagnostic, Plan, Severity
from preview.report.sound import check_sound

FORMAT_VERSION: Final = 1  # of the plan files that `--save-plans` writes; the CLI's own have none
MAX_PLAN_MIB: Final = 32  # about ten thousand resources


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan, and what its program's process loaded, where that was asked for and is known."""

    plan: Plan
    seen: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Planner:
    """How to plan.

    Attributes:
        package_root: the folder in which the planner's own code, `preview/`, lies.
        monitor: where the engine's side sits; "parent" for a program that is not one's own.
        timeout_seconds: after which a program that has not ended is stopped.
        policy_packs: folders of policy packs that judge each plan.
    """

    package_root: Path
    monitor: str = "child"
    timeout_seconds: float
    policy_packs: Sequence[Path] = ()

    def plan(self, project: Path, stack: str, config_file: Path) -> Planned:
        """Plan a stack; a program that cannot be planned gives a plan with the error in it.

        Raises:
            PreviewError: the planner wrote something else than a plan.
        """
        with tempfile.TemporaryDirectory(prefix="preview-plan-") as folder:
            seen, output = Path(folder) / "files.json", Path(folder) / "plan.json"
            command = [sys.executable, "-P", "-m", "preview", "--json", "--cwd", str(project), "--stack", stack]
            command += ["--config-file", str(config_file), "--monitor", self.monitor]
            command += ["--timeout-seconds", f"{self.timeout_seconds:g}"]
            command += [f"--policy-pack={pack}" for pack in self.policy_packs]
            if self.monitor == "child":  # what another's process says of itself is worth nothing
                command += ["--record-files", str(seen)]
            with output.open("wb") as file:
                done = subprocess.run(
                    command, stdout=file, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=self._environment(),
                    check=False,
                )  # fmt: skip
            if output.stat().st_size:
                recorded = json.loads(seen.read_text(encoding="utf-8")) if seen.exists() else None
                plan = read_plan(output, name=f"the plan of {stack}")
                found = tuple(replace(item, message=_relative(item.message, project)) for item in plan.diagnostics)
                return Planned(plan=replace(plan, diagnostics=found), seen=recorded)
        lines = done.stderr.decode("utf-8", "replace").splitlines()
        message = _relative("\n".join(line.removeprefix("error: ") for line in lines), project)
        message = message.removesuffix("\nnothing planned")
        failure = Diagnostic(severity=Severity.ERROR, message=message or f"the planner ended with {done.returncode}")
        return Planned(plan=Plan(project="", stack=stack, diagnostics=(failure,), complete=False))

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return {**kept, "PYTHONPATH": str(self.package_root), "PYTHONUTF8": "1"}


def _relative(message: str, project: Path) -> str:
    """Return a message without the path of this run's own checkout, so that it is the same in the next run."""
    return message.replace(f"{project}{os.sep}", "").replace(str(project), ".")


def read_plan(path: Path, *, name: str | None = None) -> Plan:
    """Read a plan file.

    Raises:
        PreviewError: it is too large, no JSON, of another format version, or not as a plan is.
    """
    shown = name or path.name
    size_mib = path.stat().st_size / 2**20
    if size_mib > MAX_PLAN_MIB:
        raise PreviewError(f"{shown}: is {size_mib:.0f} MiB; plans of at most {MAX_PLAN_MIB} MiB are read")
    try:
        document: Any = json.loads(path.read_bytes())
        fields = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
        version = fields.get("formatVersion", FORMAT_VERSION)
        if version != FORMAT_VERSION:
            raise PreviewError(
                f"{shown}: has format version {version!r}; this preview reads {FORMAT_VERSION}: plan that side again"
            )
        if not fields.keys() & {"steps", "changeSummary", "diagnostics"}:
            raise PreviewError(f"{shown}: is no plan; write one with `python -m preview --json`")
        plan = digest.from_json(fields)
        check_sound(plan)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise PreviewError(
            f"{shown}: is not a plan that this preview reads: {type(error).__name__}: {error}"
        ) from error
    return plan


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan file, without secrets, in as few bytes as JSON allows."""
    document = {"formatVersion": FORMAT_VERSION, **digest.to_json(plan), "duration": 0}
    document.setdefault("steps", [])
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
