"""Runs a program function in this process against the preview's own monitor.

Faster than a child process each, and a test may look at the components that the function made. `plan()` previews a
creation; `applied()` carries it out with made-up outputs, which gives the state that a change is previewed against.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pulumi.runtime import Settings, configure, run_in_stack, set_all_config
from pulumi.runtime.settings import reset_options

from preview.assemble import assemble
from preview.callbacks import LocalCallbacks
from preview.check import check
from preview.engine import Engine
from preview.exchange import Request
from preview.goal import Goal
from preview.monitor import Monitor
from preview.plan import Plan, Step
from preview.planner import Planner
from preview.recorded import Record, RecordKind
from tests.conformance import fabricate
from tests.conformance.carry_out import carried_out

ROOT: Final = Path(__file__).parents[1]


def plan(
    build: Callable[[], object],
    *,
    record: Record | None = None,
    config: Mapping[str, str] | None = None,
    secret_keys: Sequence[str] = (),
) -> Plan:
    """Preview what `build` registers, against `record` where one is given.

    The plan's diagnostics hold every finding of the input checks. Whatever `build` raises comes out of here.
    """
    return _run(build, Planner(record), record, config or {}, secret_keys)


def applied(
    build: Callable[[], object], *, config: Mapping[str, str] | None = None, secret_keys: Sequence[str] = ()
) -> Record:
    """The state after `build` was carried out: every output is known, and made up."""
    planner = _CarriedOut()
    _run(build, planner, None, config or {}, secret_keys)
    resources = {step.urn: step.resource for step in planner.steps.values()}
    return Record(kind=RecordKind.STATE, resources=resources)


class _CarriedOut(Planner):
    """A planner whose creations succeed at once, as with the conformance tests' echo provider."""

    def _outputs(self, step: Step) -> dict[str, Any]:
        new = step.resource
        computed = fabricate.outputs(new.urn, new.type) if new.custom else {}
        planned = super()._outputs(step)
        made = fabricate.insides(new.urn, new.type, planned) if new.custom else {}
        return fabricate.overlay(computed, carried_out(planned, None, made))

    def _id(self, goal: Goal, step: Step) -> str | None:  # noqa: ARG002  the planner's own signature
        return fabricate.identifier(step.urn) if step.resource.custom else None


def _run(
    build: Callable[[], object],
    planner: Planner,
    record: Record | None,
    config: Mapping[str, str],
    secret_keys: Sequence[str],
) -> Plan:
    request = Request(
        project="infraplatform", stack="test", root=str(ROOT), program="", config=config, secret_keys=tuple(secret_keys)
    )
    engine = Engine()
    monitor = Monitor(request, planner, LocalCallbacks(), check)
    with _sdk_settings(request, monitor, engine) as loop:
        loop.run_until_complete(run_in_stack(lambda: _nothing(build())))
    planner.finish()
    return assemble(request, planner, monitor, engine, record, None)


def _nothing(_: object) -> None:
    """A program returns nothing; whatever else it returned the SDK would await."""


@contextmanager
def _sdk_settings(request: Request, monitor: Monitor, engine: Engine) -> Iterator[asyncio.AbstractEventLoop]:
    """The SDK's global settings and event loop for one program; none of it outlives the program."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a failed task is raised from the program already
    set_all_config(dict(request.config), list(request.secret_keys))
    configure(Settings(monitor=monitor, engine=engine, project=request.project, stack=request.stack, dry_run=True))
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=16))
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        asyncio.set_event_loop(None)
        reset_options()
