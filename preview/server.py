"""The monitor in the parent process, for a program that is not one's own: gRPC servers on the loopback interface.

The engine's log has a server of its own. The SDK calls it on the program's event loop and waits; behind a monitor whose
threads all wait for that loop to answer a callback, both would wait for ever.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final, cast

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2_grpc

from preview.exchange import Answer, Request
from preview.failures import MonitorError
from preview.installed import check_installed
from preview.plan import Plan
from preview.session import Session

_MONITOR_THREADS: Final = 128  # more than the SDK sends at once, so that a callback's own registrations find one
_ENGINE_THREADS: Final = 4


@contextlib.contextmanager
def serve(request: Request) -> Iterator[tuple[Request, Callable[[Answer], Plan]]]:
    """Serve a monitor and an engine; yield the request with their addresses, and how to get the plan in the end."""
    session = Session.remote(request)
    with contextlib.ExitStack() as stack:
        monitor_server, monitor_address = _server(_MONITOR_THREADS)
        servicer = cast("resource_pb2_grpc.ResourceMonitorServicer", _Aborting(session.monitor))
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(servicer, monitor_server)
        engine_server, engine_address = _server(_ENGINE_THREADS)
        engine_pb2_grpc.add_EngineServicer_to_server(session.engine, engine_server)
        for server in (monitor_server, engine_server):
            server.start()
            stack.callback(server.stop, None)
        served = replace(request, monitor_address=monitor_address, engine_address=engine_address)
        yield served, lambda answer: check_installed(session.plan(answer.failure))


def _server(threads: int) -> tuple[grpc.Server, str]:
    server = grpc.server(ThreadPoolExecutor(threads), options=_GRPC_CHANNEL_OPTIONS)
    port = server.add_insecure_port("127.0.0.1:0")
    return server, f"127.0.0.1:{port}"


class _Aborting:
    """Answers a refused call with its status, where gRPC would say "Exception calling application"."""

    def __init__(self, monitor: resource_pb2_grpc.ResourceMonitorServicer) -> None:
        self._monitor = monitor

    def __getattr__(self, name: str) -> Callable[[Any, grpc.ServicerContext], Any]:
        method = getattr(self._monitor, name)

        def call(request: Any, context: grpc.ServicerContext) -> Any:
            try:
                return method(request, context)
            except MonitorError as error:
                return context.abort(error.code(), error.details())

        return call
