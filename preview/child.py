"""The child process: runs one unmodified program as the CLI's language host would.

Run by `runner.py` as `python -m preview.child REQUEST ANSWER DUMP`, three inherited file descriptors.
Source: pulumi v3.259.0 sdk/python/cmd/pulumi-language-python-exec, read 2026-11-23.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import logging
import os
import runpy
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preview import exchange, lazy_sdk
from preview.errors import PreviewError
from preview.exchange import Answer, Request
from preview.program_errors import describe
from preview.waiting import Waiting

if TYPE_CHECKING:
    from preview.loaded import Loaded

GC_THRESHOLD = 5_000_000
"""Objects made before Python first looks for garbage; a run is short and makes little. 2,659 resources stay below."""
_MAX_THREADS = 64  # started as needed; a transform may wait for further registrations while it holds one


def main() -> None:
    """Run the program that the parent asks for, and answer."""
    request_fd, answer_fd, dump_fd = (int(argument) for argument in sys.argv[1:4])
    with os.fdopen(request_fd, "rb") as file:
        request = exchange.read(file)
    if not isinstance(request, Request):
        raise TypeError("the parent asked for nothing")
    # A second later than the timeout: a program whose event loop still turns ends itself and says more (`Waiting`).
    faulthandler.dump_traceback_later(request.timeout_seconds + 1, exit=True, file=dump_fd)
    gc.set_threshold(GC_THRESHOLD, 50, 100)
    lazy_sdk.install()
    loaded = _record(request)
    try:
        answer = _serve(request)
    except PreviewError as error:
        answer = Answer(refusal=str(error))
    if loaded and request.record_files:
        loaded.write(Path(request.record_files))
    if request.record_modules:
        Path(request.record_modules).write_text("\n".join(sorted(sys.modules)) + "\n", encoding="utf-8")
    with os.fdopen(answer_fd, "wb") as file:
        exchange.write(file, answer)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # nothing is left to do, and taking down the SDK's modules takes time


def _record(request: Request) -> Loaded | None:
    if not request.record_files:
        return None
    from preview.loaded import Loaded  # only a change report asks

    return Loaded()


def _serve(request: Request) -> Answer:
    """Run the program against a monitor in this process, or against the parent's."""
    if request.monitor_address:
        return Answer(failure=_run(request, request.monitor_address, request.engine_address))
    from preview.session import Session  # speaks the engine's side, which is the parent's business otherwise

    session = Session.local(request)
    failure = _run(request, session.monitor, session.engine)
    return Answer(plan=session.plan(failure), failure=failure)


def _run(request: Request, monitor: Any, engine: Any) -> str | None:
    """Run the program; return how it failed."""
    started = time.monotonic()
    from pulumi.runtime import run_in_stack  # after the request is read: a broken one needs no SDK
    from pulumi.runtime.config import set_all_config
    from pulumi.runtime.settings import Settings, configure

    _enter(request)
    set_all_config(dict(request.config), list(request.secret_keys))
    configure(
        Settings(
            project=request.project,
            stack=request.stack,
            monitor=monitor,
            engine=engine,
            parallel=_MAX_THREADS // 4,
            dry_run=True,
            organization="organization",
            root_directory=request.root,
        )
    )
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # as the CLI: a failed task is reported once, by us
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(_MAX_THREADS))
    waiting = Waiting(loop, Path(request.root), request.timeout_seconds, started)
    try:
        loop.run_until_complete(run_in_stack(lambda: _program(request.program)))
    except SystemExit as error:
        return None if error.code in (None, 0) else describe(error, Path(request.root))
    except BaseException as error:  # noqa: BLE001  whatever the program raised is its failure to report
        return waiting.description or describe(error, Path(request.root))
    return None


def _enter(request: Request) -> None:
    """Make the process look like one that the language host started."""
    own = str(Path(__file__).resolve().parent.parent)
    program = Path(request.program)
    directory = str(program if program.is_dir() else program.parent)
    sys.path[:] = [directory, *(entry for entry in sys.path if entry != own)]
    sys.argv = [request.program]
    os.chdir(directory)


async def _program(program: str) -> None:
    """Run the program, then wait for the outputs that it made.

    The SDK would wait for them, too, but it looks at all that are left after each one: the square of their number.
    """
    from pulumi.runtime.settings import SETTINGS  # as in _run

    settings: Any = SETTINGS  # its attributes are context variables, which no type checker sees through
    runpy.run_path(program, run_name="__main__")
    while True:
        with settings.lock:
            pending = [output for output in settings.outputs if not output.done()]
        if not pending:
            return
        done, _ = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
        if any(output.cancelled() or output.exception() for output in done):
            return  # the SDK finds the error, and ends the program as it does in the CLI


if __name__ == "__main__":
    main()
