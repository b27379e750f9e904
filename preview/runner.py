"""Runs one preview: starts the program in a child process and returns its plan.

The child sees none of this process's environment but the few names below, and no home directory, so that credentials,
regions and kubeconfigs of the machine cannot change a plan. This module imports no SDK: a preview's own start must cost
nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final, Literal

from preview import exchange
from preview.config_schema import shown_config
from preview.errors import PreviewError
from preview.exchange import Answer, Request
from preview.plan import MASKED, STACK_TYPE, Diagnostic, Plan, Severity
from preview.program_errors import describe_hang
from preview.project import Project, load

DEFAULT_TIMEOUT_SECONDS: Final = 300.0
PlanOf = Callable[[Answer], Plan | None]
_GRACE_SECONDS: Final = 5.0  # the child ends itself at its timeout and says where it was; after this it is killed
_SHORTEST_SECRET: Final = 3  # shorter ones would take ordinary text apart
_PASSED_ON: Final = (
    "PATH",
    "LD_LIBRARY_PATH",
    "TMPDIR",
)  # what a Python process needs to start, and nothing that a plan depends on
_FIXED: Final = {
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PULUMI_ERROR_OUTPUT_STRING": "1",  # an Output formatted into a name is an error, not a name
    "GRPC_VERBOSITY": "ERROR",
    "no_proxy": "127.0.0.1",
}


def preview(  # noqa: PLR0913  # they are the command's flags
    project_dir: Path,
    stack: str | None = None,
    *,
    config_file: Path | None = None,
    against: Path | None = None,
    monitor: Literal["child", "parent"] = "child",
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    record_modules: Path | None = None,
    policy_packs: Sequence[Path] = (),
    policy_pack_configs: Sequence[Path] = (),
    record_files: Path | None = None,
) -> Plan:
    """Plan a stack offline.

    Args:
        project_dir: the directory of `Pulumi.yaml`, or one below it.
        stack: its name; None for the obvious one (`project.load`).
        config_file: read instead of `Pulumi.<stack>.yaml`.
        against: a `pulumi stack export` or an earlier plan to compare with.
        monitor: where the engine's side sits; "parent" keeps the plan out of reach of a program that is not one's own.
        timeout_seconds: after which a program that has not ended is stopped.
        record_modules: a file to which the child writes the names of all modules it loaded.
        policy_packs: folders of policy packs that judge the plan.
        policy_pack_configs: a Pulumi policy config file for each of them, in the same order; or none.
        record_files: a file to which the child writes what it opened and listed (`loaded.py`).

    Raises:
        PreviewError: a file is missing or broken, or a policy pack does not run.
    """
    started = time.monotonic()
    project = load(project_dir, stack, config_file)
    request = Request(
        project=project.name,
        stack=project.stack,
        root=str(project.root),
        program=str(project.program),
        config=project.config,
        secret_keys=project.secret_keys,
        against=str(against.resolve()) if against else None,
        record_modules=str(record_modules.resolve()) if record_modules else None,
        record_files=str(record_files.resolve()) if record_files else None,
        timeout_seconds=timeout_seconds,
    )
    with _judges(project, policy_packs, policy_pack_configs) as judge:
        with _served(request, monitor) as (served, plan_of):
            ended = _run(served)
            if ended.answer.refusal is not None:
                raise PreviewError(ended.answer.refusal)
            plan = plan_of(ended.answer)
        plan = judge(_finished(project, plan, ended))
    return replace(plan, duration_seconds=time.monotonic() - started)


@contextlib.contextmanager
def _judges(project: Project, packs: Sequence[Path], configs: Sequence[Path]) -> Iterator[Callable[[Plan], Plan]]:
    """Start the policy packs beside the program; yield what judges its plan."""
    if not packs and not configs:
        yield lambda plan: plan
        return
    from preview.policies import start_packs  # not needed without packs

    with (
        tempfile.TemporaryDirectory(prefix="preview-") as home,
        start_packs(packs, configs, project, _environment(home)) as running,
    ):
        yield running.judge


@dataclass(frozen=True)
class _Ended:
    """A child that has ended: what it answered and what the program printed."""

    answer: Answer
    stdout: str
    stderr: str


@contextlib.contextmanager
def _served(request: Request, monitor: Literal["child", "parent"]) -> Iterator[tuple[Request, PlanOf]]:
    """Yield the request with the monitor's addresses, and how to get the plan once the child has ended."""
    if monitor == "child":
        yield request, lambda answer: answer.plan
        return
    from preview.server import serve  # loads gRPC and the SDK, which the other way needs in the child only

    with serve(request) as served:
        yield served


def _run(request: Request) -> _Ended:
    """Run the child to its end."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="preview-"))
        asked, answered, dump, stdout, stderr = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(5))
        exchange.write(asked, request)
        descriptors = [asked.fileno(), answered.fileno(), dump.fileno()]
        process = subprocess.Popen(
            [sys.executable, "-P", "-u", "-m", "preview.child", *map(str, descriptors)],
            cwd=request.root,
            env=_environment(home),
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            process.wait(request.timeout_seconds + _GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # whatever the program itself started ends with it
            process.wait()
        ended = _Ended(Answer(), _text(stdout), _text(stderr))
        answer = exchange.read(answered)
        if not isinstance(answer, Answer):
            answer = Answer(failure=_cut_short(request, process.returncode, _text(dump), ended.stderr))
        return replace(ended, answer=answer)


def _environment(home: str) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    package_root = str(Path(__file__).resolve().parent.parent)
    return {**passed, **_FIXED, "HOME": home, "PYTHONPATH": package_root}


def _cut_short(request: Request, exit_code: int, dump: str, stderr: str) -> str:
    """Return why a child ended without an answer."""
    if dump or exit_code == -signal.SIGKILL:
        return describe_hang(dump, Path(request.root), request.timeout_seconds)
    last_words = stderr.strip()
    return f"the program's process ended with exit code {exit_code}" + (f":\n{last_words}" if last_words else "")


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _finished(project: Project, plan: Plan | None, ended: _Ended) -> Plan:
    """Return the plan with what the parent knows: the program's output, its failure, what was not read."""
    failure = ended.answer.failure
    if plan is None:
        shown = shown_config(project.config, project.secret_keys)
        plan = Plan(project=project.name, stack=project.stack, config=shown, complete=False)
    stack = next((step.urn for step in plan.steps if step.resource.type == STACK_TYPE), None)
    found = [Diagnostic(severity=Severity.WARNING, message=note) for note in project.notes]
    found += [
        Diagnostic(severity=Severity.INFO, message=text.rstrip(), urn=stack)
        for text in (ended.stdout, ended.stderr)
        if text.strip()
    ]
    if failure is not None:
        planned = any(step.resource.type != STACK_TYPE for step in plan.steps)
        message = failure if planned else f"{failure}\nnothing planned"
        found.append(Diagnostic(severity=Severity.ERROR, message=message, urn=stack))
        plan = replace(plan, steps=plan.steps if planned else ())
    return replace(
        plan,
        diagnostics=_without_secrets(project, (*plan.diagnostics, *found)),
        complete=plan.complete and failure is None,
    )


def _without_secrets(project: Project, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Mask the values of secret config in what the program printed and logged, as the CLI does in its own logs."""
    secrets = [value for key in project.secret_keys if len(value := project.config[key]) >= _SHORTEST_SECRET]

    def masked(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, MASKED)
        return text

    return tuple(replace(item, message=masked(item.message)) for item in diagnostics)
