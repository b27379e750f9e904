"""What a program's invokes and reads are answered with: what this run itself planned, a fixture, or "unknown"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto.resource_pb2 import TransformInvokeRequest, TransformInvokeResponse

from preview.callbacks import Callbacks
from preview.failures import MonitorError
from preview.invokes import Fixtures
from preview.planner import Planner
from preview.wire import from_struct

if TYPE_CHECKING:
    from pulumi.runtime.proto.callback_pb2 import Callback
    from pulumi.runtime.proto.resource_pb2 import ResourceInvokeRequest

_GET_RESOURCE = "pulumi:pulumi:getResource"
_READ_STACK = "pulumi:pulumi:readStackOutputs"
_STACK_REFERENCE = "pulumi:pulumi:StackReference"


class Answers:
    """Answers the questions of one run."""

    def __init__(self, fixtures: Fixtures, planner: Planner, callbacks: Callbacks) -> None:
        self._fixtures = fixtures
        self._planner = planner
        self._callbacks = callbacks
        self.transforms: list[Callback] = []
        self.missing: dict[str, None] = {}  # the functions that had no fixture, in their order

    def result_of(self, request: ResourceInvokeRequest) -> Mapping[str, Any] | None:
        """Return the result of an invoke, None where it is unknown.

        Raises:
            MonitorError: it asks for a resource that was not registered, or a transform raised.
        """
        function, args = request.tok, self._transformed_args(request)
        if function == _GET_RESOURCE:
            return self._resource(args["urn"])
        if function == _READ_STACK:
            return self._fixtures.stack_outputs(args["name"])
        if self._are_pending(request.dependsOn):
            return None
        result = self._fixtures.invoke(function, args)
        if result is None:
            self.missing[function] = None
        return result

    def outputs_of(self, resource_type: str, resource_id: str | None) -> Mapping[str, Any]:
        """Return what is known of a resource that is only read."""
        if resource_type != _STACK_REFERENCE or resource_id is None:
            return {}
        return self._fixtures.stack_outputs(resource_id) or {}

    def _resource(self, of: str) -> Mapping[str, Any]:
        step = self._planner.steps.get(of)
        if step is None:
            raise MonitorError(f"unknown resource {of}")
        return {"urn": step.urn, "id": step.resource.id or "", "state": step.resource.outputs}

    def _are_pending(self, urns: Iterable[str]) -> bool:
        """Whether one of these resources is still to be created; an invoke that depends on it cannot run before."""
        steps = [step for of in urns if (step := self._planner.steps.get(of))]
        return any(step.resource.custom and step.resource.id is None for step in steps)

    def _transformed_args(self, request: ResourceInvokeRequest) -> dict[str, Any]:
        args = request.args
        for transform in self.transforms:
            message = TransformInvokeRequest(token=request.tok, args=args)
            message.options.provider = request.provider
            message.options.version = request.version
            answer = self._callbacks.invoke(transform, message.SerializeToString())
            args = TransformInvokeResponse.FromString(answer).args
        return from_struct(args)
