"""A provider for every package whose clouds are made up: it answers with the inputs it was given.

The engine attaches to it by `PULUMI_DEBUG_PROVIDERS`. `Check` takes inputs as they are, `Diff` answers by
`preview.diff` and its tables, a creation adds what `fabricate.py` makes up, and an update renews what a provider
computes again. In a preview nothing is made up: the outputs are those of `preview.provider_outputs`. So whatever the
engine then plans beyond these answers is the engine's own work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from preview.diff import compare
from preview.invokes import FIXTURES_FILE, Fixtures
from preview.plan import UNKNOWN, Operation, Resource, Secret, Step
from preview.provider_outputs import forgets_outputs, planned_outputs
from preview.replacements import deletes_first
from tests.conformance import fabricate
from tests.conformance.carry_out import carried_out

# The packages that the engine needs no plugin for, each with the version of its SDK.
PACKAGES: Final = ("aws", "azure-native", "command", "gcp", "kubernetes")
_Context = grpc.ServicerContext
_Request = provider_pb2.DiffRequest | provider_pb2.CreateRequest | provider_pb2.UpdateRequest
_KINDS: Final = {
    "add": provider_pb2.PropertyDiff.ADD,
    "add-replace": provider_pb2.PropertyDiff.ADD_REPLACE,
    "delete": provider_pb2.PropertyDiff.DELETE,
    "delete-replace": provider_pb2.PropertyDiff.DELETE_REPLACE,
    "update": provider_pb2.PropertyDiff.UPDATE,
    "update-replace": provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class EchoProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves the resources and provider resources of one package, without state of its own."""

    def __init__(self, package: str, fixtures: Fixtures) -> None:
        self._version = version(f"pulumi-{package}")
        self._fixtures = fixtures

    def Attach(self, request: plugin_pb2.PluginAttach, context: _Context) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: _Context
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def GetPluginInfo(self, request: empty_pb2.Empty, context: _Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: _Context) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: _Context) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: _Context) -> provider_pb2.DiffResponse:
        return _diff(request)

    def Configure(self, request: provider_pb2.ConfigureRequest, context: _Context) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptResources=True, supportsPreview=True)

    def Check(self, request: provider_pb2.CheckRequest, context: _Context) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: provider_pb2.DiffRequest, context: _Context) -> provider_pb2.DiffResponse:
        return _diff(request)

    def Create(self, request: provider_pb2.CreateRequest, context: _Context) -> provider_pb2.CreateResponse:
        planned = planned_outputs(Step(operation=Operation.CREATE, new=_resource(request, request.properties)))
        if request.preview:
            return provider_pb2.CreateResponse(properties=_to_struct(_to_wire(planned)))
        made = fabricate.outputs(request.urn, request.type)
        insides = fabricate.insides(request.urn, request.type, planned)
        outputs = fabricate.overlay(made, carried_out(planned, None, insides))
        return provider_pb2.CreateResponse(
            id=fabricate.identifier(request.urn), properties=_to_struct(_to_wire(outputs))
        )

    def Update(self, request: provider_pb2.UpdateRequest, context: _Context) -> provider_pb2.UpdateResponse:
        new, recorded = _resource(request, request.news), _from_wire(_to_dict(request.olds))
        step = compare(replace(_resource(request, request.old_inputs), outputs=recorded), new)
        outputs = planned_outputs(replace(step, operation=Operation.UPDATE))
        if not request.preview:
            # Made from the inputs, too: what is computed again gets another value, the same one in every run.
            made = fabricate.insides(f"{request.urn}-{_digest(request.news)}", request.type, outputs)
            outputs = carried_out(outputs, recorded, made)
            if forgets_outputs(request.type):
                outputs = fabricate.overlay(recorded, outputs)  # what a preview forgets, the cloud has all the same
        return provider_pb2.UpdateResponse(properties=_to_struct(_to_wire(outputs)))

    def Delete(self, request: provider_pb2.DeleteRequest, context: _Context) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Read(self, request: provider_pb2.ReadRequest, context: _Context) -> provider_pb2.ReadResponse:
        inputs = _to_dict(request.inputs)
        outputs = fabricate.overlay(fabricate.outputs(request.urn, request.type), _to_dict(request.properties))
        return provider_pb2.ReadResponse(id=request.id, inputs=_to_struct(inputs), properties=_to_struct(outputs))

    def Invoke(self, request: provider_pb2.InvokeRequest, context: _Context) -> provider_pb2.InvokeResponse:
        result = self._fixtures.invoke(request.tok, _to_dict(request.args))
        if result is None:
            reason = f"the echo provider does not know {request.tok}: add its result to {FIXTURES_FILE}"
            return provider_pb2.InvokeResponse(failures=[provider_pb2.CheckFailure(reason=reason)])
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(_to_struct(result))  # `return` is a keyword of Python
        return response

    def Cancel(self, request: empty_pb2.Empty, context: _Context) -> empty_pb2.Empty:
        return empty_pb2.Empty()


def _diff(request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
    step = compare(_resource(request, request.old_inputs), _resource(request, request.news))
    return _diff_response(step, deletes_first=deletes_first(step.resource if step.old is None else step.old))


def _diff_response(step: Step, *, deletes_first: bool) -> provider_pb2.DiffResponse:
    if step.operation is Operation.SAME:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
    details = {
        path: provider_pb2.PropertyDiff(kind=_KINDS[change], inputDiff=True) for path, change in step.changes.items()
    }
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        replaces=step.replace_reasons,
        deleteBeforeReplace=deletes_first and bool(step.replace_reasons),
        diffs=sorted({path.partition(".")[0].partition("[")[0] for path in step.changes}),
        detailedDiff=details,
        hasDetailedDiff=True,
    )


def _resource(request: _Request, inputs: struct_pb2.Struct) -> Resource:
    return Resource(urn=request.urn, type=request.type, custom=True, inputs=_from_wire(_to_dict(inputs)))


def _from_wire(value: Any) -> Any:
    """Return a wire value with the preview's own marks for what is unknown or secret."""
    if value == rpc.UNKNOWN:
        return UNKNOWN
    if isinstance(value, list):
        return [_from_wire(item) for item in value]
    if isinstance(value, dict):
        if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
            return Secret(_from_wire(value["value"]))
        return {key: _from_wire(item) for key, item in value.items()}
    return value


def _to_wire(value: Any) -> Any:
    """Return a value on the wire; the opposite of `_from_wire`."""
    if value is UNKNOWN:
        return rpc.UNKNOWN
    if isinstance(value, Secret):
        return {rpc._special_sig_key: rpc._special_secret_sig, "value": _to_wire(value.value)}
    if isinstance(value, list):
        return [_to_wire(item) for item in value]
    if isinstance(value, dict):
        return {key: _to_wire(item) for key, item in value.items()}
    return value


def _digest(struct: struct_pb2.Struct) -> str:
    return hashlib.sha256(struct.SerializeToString(deterministic=True)).hexdigest()[:7]


def _to_dict(struct: struct_pb2.Struct) -> dict[str, Any]:
    return json_format.MessageToDict(struct)


def _to_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(values), struct_pb2.Struct())


@contextmanager
def serve(project_dir: Path) -> Iterator[str]:
    """Serve every package on 127.0.0.1 for one project; yields the text for `PULUMI_DEBUG_PROVIDERS`."""
    fixtures = Fixtures.load(project_dir)  # lookups have the answers that the offline preview gives, too
    with ExitStack() as servers:
        workers = servers.enter_context(ThreadPoolExecutor(max_workers=16))
        ports = {package: _start(EchoProvider(package, fixtures), workers, servers) for package in PACKAGES}
        yield ",".join(f"{package}:{port}" for package, port in ports.items())


def _start(provider: EchoProvider, workers: ThreadPoolExecutor, servers: ExitStack) -> int:
    server = grpc.server(workers, options=_GRPC_CHANNEL_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    servers.callback(lambda: server.stop(grace=None).wait())
    return port
