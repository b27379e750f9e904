"""The `ResourceMonitor` service of a preview: the engine's side of the program, in Pulumi's own messages.

The program calls it as an object in its own process or over gRPC; nothing here knows which. A refused call raises
`MonitorError`. Source: pulumi/pkg v3.259.0 resource/deploy/source_eval.go, read 2026-11-23.
"""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
from pulumi.runtime.proto.provider_pb2 import CallResponse

from preview import urn
from preview.answers import Answers
from preview.callbacks import Callbacks, Hooks, errors
from preview.goal import Goal, Registration
from preview.invokes import Fixtures
from preview.plan import UNKNOWN, Diagnostic, Operation, Resource, Severity, Step
from preview.planner import Planner
from preview.providers import Package, Providers
from preview.registration import Registrar
from preview.sources import Sources
from preview.wire import UNKNOWN_TEXT, from_struct, to_struct

if TYPE_CHECKING:
    from grpc import ServicerContext
    from pulumi.runtime.proto.callback_pb2 import Callback

    from preview.exchange import Request

_LAST_OF_THE_FIRST: Final = resource_pb2.RESOURCE_MONITOR_FEATURE_SENDS_OPTIONS_TO_HOOKS  # all up to it are here
_MORE: Final = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
    resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_PARENT,
)
# What an SDK must not use here: byte strings, state migrations, output values in answers. Source: pulumi 3.272.0.
FEATURES: Final = tuple(
    feature
    for feature in resource_pb2.ResourceMonitorFeature.values()
    if feature <= _LAST_OF_THE_FIRST or feature in _MORE
)
PARALLEL: Final = 16
_HOOKS: Final = {Operation.CREATE: "Create", Operation.REPLACE: "Create", Operation.UPDATE: "Update"}

Check = Callable[[Resource], list[Diagnostic]]


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Serves one run of a program. Its methods are called from many threads at once."""

    def __init__(self, request: Request, planner: Planner, callbacks: Callbacks, check: Check | None = None) -> None:
        self._request = request
        self._planner = planner
        self._lock = threading.RLock()
        self._check = check
        self._hooks = Hooks(callbacks)
        self._answers = Answers(Fixtures.load(Path(request.root)), planner, callbacks)
        self._providers = Providers(request.project, request.stack, request.config, request.secret_keys, self._register)
        self._sources = Sources(Path(request.root))
        self._registrar = Registrar(providers=self._providers, callbacks=callbacks, sources=self._sources)
        self.diagnostics: list[Diagnostic] = []

    @property
    def unanswered(self) -> Iterable[str]:
        """The functions that were invoked and had no fixture."""
        return self._answers.missing

    def GetDeploymentInfo(self, request: Empty, context: ServicerContext | None = None) -> resource_pb2.DeploymentInfo:
        """Say which stack this is and what the monitor can do."""
        return resource_pb2.DeploymentInfo(
            project=self._request.project,
            stack=self._request.stack,
            organization="organization",
            config=self._request.config,
            configSecretKeys=self._request.secret_keys,
            dryRun=True,
            parallel=PARALLEL,
            supportedFeatures=FEATURES,
        )

    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest, context: ServicerContext | None = None
    ) -> resource_pb2.RegisterResourceResponse:
        """Plan a resource of the program."""
        goal = self._registrar.goal(request)
        with self._lock:
            registration = self._planner.register(goal)
            step = self._planner.steps[registration.urn]
        if not registration.failed:
            self._registrar.remember(goal, list(request.transforms))
            registration = self._inspect(goal, step, registration)
        unknown_id = UNKNOWN_TEXT if urn.is_provider(request.type) else ""
        return resource_pb2.RegisterResourceResponse(
            urn=registration.urn,
            id=registration.id or unknown_id,
            object=to_struct(registration.outputs),
            result=resource_pb2.FAIL if registration.failed else resource_pb2.SUCCESS,
        )

    def RegisterResourceOutputs(
        self, request: resource_pb2.RegisterResourceOutputsRequest, context: ServicerContext | None = None
    ) -> Empty:
        """Take the outputs of a component or of the stack."""
        with self._lock:
            self._planner.set_outputs(request.urn, from_struct(request.outputs))
        return Empty()

    def ReadResource(
        self, request: resource_pb2.ReadResourceRequest, context: ServicerContext | None = None
    ) -> resource_pb2.ReadResourceResponse:
        """Plan the reading of a resource that the program does not manage."""
        package = Package(
            name=urn.package_of(request.type), version=request.version, download_url=request.pluginDownloadURL
        )
        known_id = None if UNKNOWN_TEXT in request.id else request.id
        resource = Resource(
            urn=urn.make(self._request.stack, self._request.project, request.parent, request.type, request.name),
            type=request.type,
            custom=True,
            external=True,
            parent=request.parent or None,
            id=known_id,
            inputs=from_struct(request.properties),
            provider=request.provider or self._providers.default(package),
            dependencies=tuple(sorted(request.dependencies)),
            additional_secret_outputs=tuple(request.additionalSecretOutputs),
            source=self._sources.of(request),
        )
        with self._lock:
            registration = self._planner.read(resource, self._answers.outputs_of(request.type, known_id))
        return resource_pb2.ReadResourceResponse(
            urn=registration.urn, id=registration.id or "", properties=to_struct(registration.outputs)
        )

    def ExistsResource(
        self, request: resource_pb2.ExistsResourceRequest, context: ServicerContext | None = None
    ) -> resource_pb2.ExistsResourceResponse:
        """Answer that nobody can know this offline."""
        return resource_pb2.ExistsResourceResponse(unknown=True)

    def Invoke(
        self, request: resource_pb2.ResourceInvokeRequest, context: ServicerContext | None = None
    ) -> resource_pb2.ResourceInvokeResponse:
        """Answer a question about the world."""
        answer = resource_pb2.ResourceInvokeResponse()
        result = self._answers.result_of(request)
        if result is None:
            answer.unknown = True
        else:
            getattr(answer, "return").CopyFrom(to_struct(result))
        return answer

    def Call(self, request: resource_pb2.ResourceCallRequest, context: ServicerContext | None = None) -> CallResponse:
        """Answer a component's method: it runs in a plugin, so that its result is unknown here."""
        answer = CallResponse()
        getattr(answer, "return").CopyFrom(to_struct({"result": UNKNOWN}))
        return answer

    def RegisterStackTransform(self, request: Callback, context: ServicerContext | None = None) -> Empty:
        """Take a transform of every resource that is registered from now on."""
        self._registrar.stack_transforms.append(request)
        return Empty()

    def RegisterStackInvokeTransform(self, request: Callback, context: ServicerContext | None = None) -> Empty:
        """Take a transform of every invoke from now on."""
        self._answers.transforms.append(request)
        return Empty()

    def RegisterResourceHook(
        self, request: resource_pb2.RegisterResourceHookRequest, context: ServicerContext | None = None
    ) -> Empty:
        """Take a hook that resources may name."""
        self._hooks.register(request)
        return Empty()

    def RegisterErrorHook(
        self, request: resource_pb2.RegisterErrorHookRequest, context: ServicerContext | None = None
    ) -> Empty:
        """Take a hook for failed operations; a preview has none."""
        return Empty()

    def RegisterPackage(
        self, request: resource_pb2.RegisterPackageRequest, context: ServicerContext | None = None
    ) -> resource_pb2.RegisterPackageResponse:
        """Take a parameterized package and return the reference for it."""
        package = Package(name=request.name, version=request.version, download_url=request.download_url)
        if request.HasField("parameterization"):
            parameter = request.parameterization
            value = {"name": request.name, "version": request.version, "value": b64encode(parameter.value).decode()}
            package = replace(package, name=parameter.name, version=parameter.version, parameter=value)
        return resource_pb2.RegisterPackageResponse(ref=self._providers.register_package(package))

    def SignalAndWaitForShutdown(self, request: Empty, context: ServicerContext | None = None) -> Empty:
        """Plan the deletions: the program has registered everything, and its hooks can still be called."""
        with self._lock:
            self._planner.finish()
            deletions = [step.old for step in self._planner.steps.values() if step.new is None and step.old]
        for old in deletions:
            self.diagnostics += self._hooks.run("BeforeDelete", old, old)
            self.diagnostics += self._hooks.run("AfterDelete", old, old)
        return Empty()

    def _register(self, goal: Goal) -> Registration:
        with self._lock:
            return self._planner.register(goal)

    def _inspect(self, goal: Goal, step: Step, registration: Registration) -> Registration:
        """Check a planned resource and run its hooks; what they complain about lands in the diagnostics."""
        new = step.resource
        if goal.remote:
            message = "this component is built by a plugin: what is inside it is not planned offline"
            self.diagnostics.append(Diagnostic(severity=Severity.INFO, message=message, urn=new.urn, source=new.source))
        if self._check is not None and new.custom:
            self.diagnostics += self._check(new)
        kind = _HOOKS.get(step.operation)
        if kind is None or not new.hooks:
            return registration
        old = step.old if step.operation is Operation.UPDATE else None
        found = self._hooks.run(f"Before{kind}", old, new)
        if not errors(found):
            found += self._hooks.run(f"After{kind}", old, new, after=True)
        self.diagnostics += found
        return replace(registration, failed=errors(found))
