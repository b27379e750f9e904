"""The `Engine` service of a preview: it takes the program's log lines."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from preview.plan import Diagnostic, Severity

if TYPE_CHECKING:
    import grpc

_SEVERITIES: Final = {
    engine_pb2.INFO: Severity.INFO,
    engine_pb2.WARNING: Severity.WARNING,
    engine_pb2.ERROR: Severity.ERROR,
}


class Engine(engine_pb2_grpc.EngineServicer):
    """Collects diagnostics. The SDK calls `Log` on the program's own thread, so it returns at once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._lock = threading.Lock()
        self._root = ""

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext | None = None) -> Empty:
        """Take a log line; debug lines and ephemeral ones are dropped."""
        severity = _SEVERITIES.get(request.severity)  # the SDK logs about five debug lines for each resource
        if severity is not None and not request.ephemeral:
            with self._lock:
                self.diagnostics.append(Diagnostic(severity=severity, message=request.message, urn=request.urn or None))
        return Empty()

    def GetRootResource(
        self,
        request: engine_pb2.GetRootResourceRequest,
        context: grpc.ServicerContext | None = None,
    ) -> engine_pb2.GetRootResourceResponse:
        """Return the stack's URN, for programs of old SDKs."""
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(
        self,
        request: engine_pb2.SetRootResourceRequest,
        context: grpc.ServicerContext | None = None,
    ) -> engine_pb2.SetRootResourceResponse:
        """Take the stack's URN, from programs of old SDKs."""
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(
        self,
        request: engine_pb2.RequirePulumiVersionRequest,
        context: grpc.ServicerContext | None = None,
    ) -> engine_pb2.RequirePulumiVersionResponse:
        """Note a requirement that only the CLI can check."""
        message = f"the program asks for Pulumi {request.pulumi_version_range}; an offline preview cannot check that"
        with self._lock:
            self.diagnostics.append(Diagnostic(severity=Severity.INFO, message=message))
        return engine_pb2.RequirePulumiVersionResponse()
