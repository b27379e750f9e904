"""A policy pack's Analyzer service, as the engine uses it: levels merged, properties in its encoding, answers decoded.

Source: pulumi/pkg v3.259.0 resource/plugin/analyzer_plugin.go, resource/analyzer/config.go, resource/deploy
(step_generator.go, analyze_snapshot.go), read 2026-11-29.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from preview.changes import is_mapping, is_sequence
from preview.durations import duration_seconds
from preview.errors import PreviewError
from preview.plan import Resource
from preview.policy_results import Violation
from preview.project import Project
from preview.wire import RESOURCE, SIGNATURE, from_struct, to_struct

ALL: Final = "all"
LEVEL_KEY: Final = "enforcementLevel"
_LEVELS: Final = {level.lower(): number for level, number in analyzer_pb2.EnforcementLevel.items()}
_OPTIONS: Final = (*_GRPC_CHANNEL_OPTIONS, ("grpc.enable_http_proxy", 0))
_CALLS_AHEAD: Final = 64  # a gRPC server begins to cancel calls where a thousand wait
_ANSWER_SECONDS: Final = 120.0
_SEVERITY_PREFIX: Final = "POLICY_SEVERITY_"


class Analyzer:
    """One pack's server. Every answer that is an error names the pack.

    Raises:
        PreviewError: from every method, where the pack refuses the call or is gone.
    """

    def __init__(self, port: int, folder: str) -> None:
        self._folder = folder
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_OPTIONS)
        self._stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        self._remediates = False
        self.name = ""
        self.version = ""

    def configure(self, project: Project, given: Mapping[str, Any]) -> None:
        """Tell the pack its stack and its levels; `given` is what a policy config file holds.

        An older pack knows no `ConfigureStack`; it has the same from its environment.
        """
        request = analyzer_pb2.AnalyzerStackConfigureRequest(
            stack=project.stack,
            project=project.name,
            organization="organization",
            dry_run=True,
            config=dict(project.config),
            config_secret_keys=list(project.secret_keys),
        )
        self._answer(self._call("ConfigureStack", request), optional=True)
        info = self._answer(self._call("GetAnalyzerInfo", empty_pb2.Empty()))
        self.name, self.version = info.name, info.version
        config = merged_config(info, given)
        self._remediates = any(entry.enforcementLevel == analyzer_pb2.REMEDIATE for entry in config.values())
        self._answer(self._call("Configure", analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config)))

    def remediate(self, resources: Sequence[Resource]) -> Iterator[tuple[Resource, list[Any]]]:
        """Each resource with the remediations that its policies' fixes made, in order."""
        if not self._remediates:
            return
        for resource, answer in self._each("Remediate", resources):
            yield resource, list(answer.remediations)

    def analyze(self, resources: Sequence[Resource]) -> Iterator[Violation]:
        """What the policies on single resources say."""
        for resource, answer in self._each("Analyze", resources):
            yield from _violations(answer, resource.urn)

    def analyze_stack(self, resources: Iterable[Resource]) -> Iterator[Violation]:
        """What the policies on the whole stack say."""
        request = analyzer_pb2.AnalyzeStackRequest(resources=[_stack_resource(resource) for resource in resources])
        yield from _violations(self._answer(self._call("AnalyzeStack", request)), "")

    def close(self) -> None:
        """Leave the server."""
        self._channel.close()

    def _each(self, method: str, resources: Sequence[Resource]) -> Iterator[tuple[Resource, Any]]:
        """Each resource with the answer to a call about it, in order. The calls overlap: both processes have work."""
        ahead = deque[tuple[Resource, Any]]()
        for resource in resources:
            ahead.append((resource, self._call(method, _request(resource))))
            if len(ahead) == _CALLS_AHEAD:
                answered, call = ahead.popleft()
                yield answered, self._answer(call)
        for answered, call in ahead:
            yield answered, self._answer(call)

    def _call(self, method: str, request: Any) -> Any:
        """Start a call; a pack that never answers ends it."""
        return getattr(self._stub, method).future(request, timeout=_ANSWER_SECONDS)

    def _answer(self, call: Any, *, optional: bool = False) -> Any:
        try:
            return call.result()
        except grpc.RpcError as error:
            if optional and call.code() is grpc.StatusCode.UNIMPLEMENTED:
                return None
            raise PreviewError(f"policy pack {self._folder}: {call.details()}") from error


def merged_config(info: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The level and the properties of every policy: the pack's own, its initial config, then the file's.

    Every policy is sent with its level: one without would be advisory, which is the protocol's zero.
    """
    levels = {policy.name: policy.enforcementLevel for policy in info.policies}
    properties = {policy.name: _defaults(policy) for policy in info.policies}
    initial = {
        name: (entry.enforcementLevel, from_struct(entry.properties)) for name, entry in info.initialConfig.items()
    }
    file = {name: _entry(name, entry) for name, entry in given.items() if name != "environments"}
    for config in (initial, file):
        level, _ = config.get(ALL, (None, {}))
        if level is not None:
            levels = dict.fromkeys(levels, level)
        for name, (level, more) in config.items():
            if name != ALL:
                levels[name] = levels.get(name, analyzer_pb2.ADVISORY) if level is None else level
                properties[name] = {**properties.get(name, {}), **more}
    return {
        name: analyzer_pb2.PolicyConfig(enforcementLevel=level, properties=to_struct(properties[name]))
        for name, level in levels.items()
    }


def _entry(name: str, entry: Any) -> tuple[Any, dict[str, Any]]:
    """A policy's entry in a config file: its level alone, or an object with it and the policy's properties."""
    fields: Any = {LEVEL_KEY: entry} if isinstance(entry, str) else entry
    if not is_mapping(fields):
        raise PreviewError(f"policy config: {name}: is {entry!r}; write a level, or an object with {LEVEL_KEY}")
    level = fields.get(LEVEL_KEY)
    if level is not None and level not in _LEVELS:
        raise PreviewError(f"policy config: {name}: {level!r} is no level; write one of {', '.join(sorted(_LEVELS))}")
    more = {str(key): value for key, value in fields.items() if key != LEVEL_KEY}
    return None if level is None else _LEVELS[str(level)], more


def _defaults(policy: Any) -> dict[str, Any]:
    schemas = from_struct(policy.configSchema.properties)
    return {key: schema["default"] for key, schema in schemas.items() if "default" in schema}


def _violations(response: Any, urn: str) -> Iterator[Violation]:
    for item in response.diagnostics:
        severity = analyzer_pb2.PolicySeverity.Name(item.severity).removeprefix(_SEVERITY_PREFIX).lower()
        yield Violation(
            policy=item.policyName,
            level=analyzer_pb2.EnforcementLevel.Name(item.enforcementLevel).lower(),
            severity="" if severity == "unspecified" else severity,
            urn=item.urn or urn,
            message=item.message,
        )


def _request(resource: Resource) -> Any:
    return analyzer_pb2.AnalyzeRequest(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=properties_of(resource.inputs),
        options=_options(resource),
    )


def _stack_resource(resource: Resource) -> Any:
    """A resource with its outputs: what stands after the update, as the engine sends it."""
    dependencies = {
        key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
        for key, urns in resource.property_dependencies.items()
        if urns
    }
    return analyzer_pb2.AnalyzerResource(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=properties_of({**resource.inputs, **resource.outputs}),
        options=_options(resource),
        parent=resource.parent or "",
        dependencies=resource.dependencies,
        propertyDependencies=dependencies,
    )


def _options(resource: Resource) -> Any:
    times = {key: float(duration_seconds(text)) for key, text in resource.custom_timeouts.items()}
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=resource.protect,
        ignoreChanges=resource.ignore_changes,
        deleteBeforeReplace=bool(resource.delete_before_replace),
        deleteBeforeReplaceDefined=resource.delete_before_replace is not None,
        aliases=resource.aliases,
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(**times),
        additionalSecretOutputs=resource.additional_secret_outputs,
        parent=resource.parent or "",
    )


def properties_of(values: Mapping[str, Any]) -> Struct:
    """Properties as a pack reads them: no internal keys, and another resource is its id, or its URN."""
    return to_struct({key: _without_references(value) for key, value in values.items() if not key.startswith("__")})


def _without_references(value: Any) -> Any:
    if is_mapping(value):
        if value.get(SIGNATURE) == RESOURCE:
            return value.get("id", value.get("urn"))
        return {key: _without_references(item) for key, item in value.items()}
    return [_without_references(item) for item in value] if is_sequence(value) else value
