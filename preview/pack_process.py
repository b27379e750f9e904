"""Starts a policy pack's process as the engine's language host does, and waits for its port.

`python -u -m pulumi.policy ENGINE FOLDER` in the pack's folder, with the stack's configuration in the environment; the
first line of its standard output is the port of its Analyzer server. Source: pulumi/pkg v3.259.0
resource/plugin/analyzer_plugin.go and pulumi 3.272.0 policy/__main__.py, read 2026-11-29.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

from preview.documents import read_mapping
from preview.errors import PreviewError
from preview.project import Project

PACK_FILE: Final = "PulumiPolicy.yaml"
_NO_ENGINE: Final = "127.0.0.1:1"  # nothing listens; what the pack logs goes to its standard error instead
_START_SECONDS: Final = 60.0


@dataclass(frozen=True)
class PackProcess:
    """A pack that is starting. Its port is asked for when it is needed, not before."""

    folder: Path
    description: Mapping[str, Any]
    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    deadline: float

    def port(self) -> int:
        """The port of the pack's server, once it serves.

        Raises:
            PreviewError: the pack ended, or said nothing in time; with what it printed.
        """
        if self.process.stdout is None:
            raise AssertionError("its standard output is a pipe")
        waiting = selectors.DefaultSelector()
        waiting.register(self.process.stdout, selectors.EVENT_READ)
        ready = waiting.select(max(0.0, self.deadline - time.monotonic()))
        line = self.process.stdout.readline().strip() if ready else b""
        if line.isdigit():
            return int(line)
        raise PreviewError(f"policy pack {self.folder}: {self._fault(line.decode('utf-8', 'replace'), bool(ready))}")

    def _fault(self, line: str, spoke: bool) -> str:  # noqa: FBT001  one caller, one question
        self.errors.seek(0)
        said = self.errors.read().decode("utf-8", "replace").strip()
        if not spoke:
            problem = f"did not serve within {_START_SECONDS:g} seconds"
        elif line:
            problem = f"printed {line!r} before its port; a pack must print nothing when it starts"
        else:
            problem = "ended before it served"
        return f"{problem}\n{said}" if said else problem


@contextlib.contextmanager
def started(folder: Path, project: Project, environment: Mapping[str, str]) -> Iterator[PackProcess]:
    """A pack's process, ended when the caller is done with it.

    Args:
        folder: where `PulumiPolicy.yaml` stands.
        project: the project and the stack that the pack judges.
        environment: what every process of a preview sees.

    Raises:
        PreviewError: there is no pack there, or it is none that this preview runs.
    """
    folder = folder.resolve()
    description = read_mapping(folder / PACK_FILE)
    command = [_python(folder, description), "-u", "-m", "pulumi.policy", _NO_ENGINE, str(folder)]
    stack = {
        "PULUMI_CONFIG": json.dumps(dict(project.config)),
        "PULUMI_DRY_RUN": "true",
        "PULUMI_ORGANIZATION": "organization",
        "PULUMI_PROJECT": project.name,
        "PULUMI_STACK": project.stack,
    }
    with tempfile.TemporaryFile() as errors, _process(folder, command, {**environment, **stack}, errors) as process:
        try:
            yield PackProcess(folder, description, process, errors, time.monotonic() + _START_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it serves until it is killed, and keeps nothing


def _process(
    folder: Path, command: list[str], environment: Mapping[str, str], errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    except OSError as error:  # also a configuration too long for one variable, which the engine would pass as well
        raise PreviewError(f"policy pack {folder}: cannot be started: {error.strerror}") from error


def _python(folder: Path, description: Mapping[str, Any]) -> str:
    """The interpreter: the pack's own virtual environment where it names one, else ours."""
    runtime: object = description.get("runtime")
    fields = cast("dict[str, Any]", runtime) if isinstance(runtime, dict) else {"name": runtime}
    if fields.get("name") != "python":
        raise PreviewError(f"{folder / PACK_FILE}: runtime: is {fields.get('name')!r}; this preview runs python packs")
    virtualenv = (fields.get("options") or {}).get("virtualenv")
    if virtualenv is None:
        return sys.executable
    python = folder / str(virtualenv) / "bin" / "python"
    if not python.is_file():
        raise PreviewError(f"{folder / PACK_FILE}: virtualenv: has no {python}; make it, or remove the option")
    return str(python)
