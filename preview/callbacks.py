"""Functions of the program that the engine calls: transforms and hooks.

The SDK serves them over gRPC. Where the monitor sits in the program's own process they are called on its event loop
instead: that needs no socket, and works where the machine has no loopback interface either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import grpc
from pulumi.runtime import _callbacks
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, resource_pb2

from preview.failures import MonitorError
from preview.plan import Diagnostic, Resource, Severity
from preview.wire import to_struct

if TYPE_CHECKING:
    from pulumi.runtime.proto.callback_pb2 import Callback
    from pulumi.runtime.proto.resource_pb2 import RegisterResourceHookRequest


class Callbacks(Protocol):
    """The way into the program."""

    def invoke(self, callback: Callback, request: bytes) -> bytes:
        """Call a function of the program and return its encoded answer.

        Raises:
            MonitorError: the function raised.
        """
        ...


class LocalCallbacks:
    """Calls the SDK's callback servicer in this process, on the loop of the program. Call it from another thread."""

    def invoke(self, callback: Callback, request: bytes) -> bytes:
        """Call a function on the program's loop and wait for its answer."""
        for servicer in _callbacks._CallbackServicer._servicers:  # noqa: SLF001  no public way; a contract test holds it
            if servicer._target == callback.target:  # noqa: SLF001  as above
                message = callback_pb2.CallbackInvokeRequest(token=callback.token, request=request)
                call = servicer.Invoke(message, _LocalContext())  # pyrefly: ignore[bad-argument-type]  # abort() is all it uses
                return asyncio.run_coroutine_threadsafe(call, servicer._loop).result().response  # noqa: SLF001  as above
        raise MonitorError(f"no callback server at {callback.target}")


class _LocalContext:
    """What the servicer sees of a call."""

    async def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        raise MonitorError(details, code)


class GrpcCallbacks:
    """Calls the program's callback server over gRPC."""

    def __init__(self) -> None:
        self._stubs: dict[str, Any] = {}

    def invoke(self, callback: Callback, request: bytes) -> bytes:
        """Call a function over gRPC."""
        stub = self._stubs.get(callback.target)
        if stub is None:
            options = [*_GRPC_CHANNEL_OPTIONS, ("grpc.enable_http_proxy", 0)]
            channel = grpc.insecure_channel(callback.target, options=options)
            stub = self._stubs[callback.target] = callback_pb2_grpc.CallbacksStub(channel)
        message = callback_pb2.CallbackInvokeRequest(token=callback.token, request=request)
        try:
            return stub.Invoke(message).response
        except grpc.RpcError as error:
            raise MonitorError(error.details(), error.code()) from error


class Hooks:
    """The program's resource hooks. As in the engine's previews, only those run that ask for it with `on_dry_run`."""

    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks
        self._registered: dict[str, RegisterResourceHookRequest] = {}

    def register(self, request: RegisterResourceHookRequest) -> None:
        """Take on a hook.

        Raises:
            MonitorError: its name is taken.
        """
        if request.name in self._registered:
            raise MonitorError(f"resource hook {request.name!r} is registered already; give it another name")
        self._registered[request.name] = request

    def run(self, kind: str, old: Resource | None, new: Resource, *, after: bool = False) -> list[Diagnostic]:
        """Run the hooks of one kind (`BeforeUpdate`, ...) on a resource; return what they complained about."""
        found: list[Diagnostic] = []
        for name in new.hooks.get(kind, ()):
            hook = self._registered.get(name)
            if hook is None:
                found.append(_complaint(new, Severity.ERROR, f"hook {name!r} was not registered"))
            elif hook.on_dry_run and (error := self._call(hook, old, new, after=after)):
                severity = Severity.WARNING if hook.ignore_errors else Severity.ERROR
                found.append(
                    _complaint(new, severity, f"{'after' if after else 'before'} hook {name!r} failed: {error}")
                )
        return found

    def _call(self, hook: RegisterResourceHookRequest, old: Resource | None, new: Resource, *, after: bool) -> str:
        request = resource_pb2.ResourceHookRequest(
            urn=new.urn,
            id=new.id or "",
            name=new.name,
            type=new.type,
            new_inputs=to_struct(new.inputs),
            old_inputs=to_struct(old.inputs) if old else None,
            new_outputs=to_struct(new.outputs) if after else None,
            old_outputs=to_struct(old.outputs) if old else None,
        )
        try:
            answer = self._callbacks.invoke(hook.callback, request.SerializeToString())
        except MonitorError as error:
            return str(error.details())
        return resource_pb2.ResourceHookResponse.FromString(answer).error


def _complaint(resource: Resource, severity: Severity, message: str) -> Diagnostic:
    return Diagnostic(severity=severity, message=message, urn=resource.urn, source=resource.source)


def errors(found: Sequence[Diagnostic]) -> bool:
    """Whether any of these stops the resource."""
    return any(item.severity is Severity.ERROR for item in found)
