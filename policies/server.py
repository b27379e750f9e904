"""The pack's Analyzer server: Pulumi's protocol to the pack, and back.

It is our own and not `pulumi_policy.PolicyPack`, for three things which that cannot do: say "cannot tell" at a level of
its own, beside violations of the same policy; go on when a rule raises, which there ends the update; and refuse wrong
configuration. It is also quick: the SDK's server decodes a resource's properties anew for each policy, which for 82
policies that do nothing took 1.5 ms a resource, where this takes 0.03 ms with all rules (the dev stack's 107 resources,
measured 2026-11-29).

Source: pulumi proto/pulumi/analyzer.proto and pkg v3.259.0 resource/plugin/analyzer_plugin.go, read 2026-11-29.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import json
import os
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from policies.judge import Outcome
from policies.pack import Fixed, Judged, Pack
from policies.properties import Properties
from policies.rule import AnyRule, Resource, Rule, Severity
from policies.settings import Level, PolicyConfigError
from policies.wire import plain, with_changes

NAME: Final = "infraplatform"
VERSION: Final = "0.1.0"
"""As in PulumiPolicy.yaml, which the engine prefers; a test holds the two together."""
MASKED: Final = "[secret]"
_ALL: Final = "all"  # in Pulumi's policy config every policy; the engine has merged it already and hands it on
_SHORTEST_SECRET: Final = 3  # shorter ones would take ordinary text apart
_LEVELS: Final[Mapping[Level, Any]] = {level: analyzer_pb2.EnforcementLevel.Value(level.name) for level in Level}
_SEVERITIES: Final[Mapping[Severity, Any]] = {
    severity: analyzer_pb2.PolicySeverity.Value(f"POLICY_SEVERITY_{severity.name}") for severity in Severity
}


def serve() -> None:
    """Serve the pack as the engine expects it: the port on the first line of standard output, until interrupted."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=_GRPC_CHANNEL_OPTIONS)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(Pack()), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    gc.freeze()  # what is loaded by now stays: the collector need not look at it again for each large stack
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):  # how the engine ends a pack
        server.wait_for_termination()


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine for one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._problem = self._configured(json.loads(os.environ.get("PULUMI_CONFIG") or "{}"))

    def _configured(self, config: Mapping[str, str]) -> str:
        """Take the stack's configuration; return what is wrong with it."""
        try:
            self._pack.configure(config, today=dt.datetime.now(tz=dt.UTC).date())
        except PolicyConfigError as error:
            return str(error)
        return ""

    def ConfigureStack(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The stack's configuration; the engine stops where it has mistakes."""
        if request.config:
            self._problem = self._configured(request.config)
        self._refuse(context)
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def GetAnalyzerInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        """What the pack holds, with the levels of this stack's configuration."""
        self._refuse(context)
        return analyzer_pb2.AnalyzerInfo(
            name=NAME,
            displayName="InfraPlatform",
            version=VERSION,
            supportsConfig=True,
            policies=[_described(rule, self._pack.levels[rule.id]) for rule in self._pack.rules.values()],
        )

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The pack's version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Nothing: every answer is quick."""
        return empty_pb2.Empty()

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The levels as merged from ours and Pulumi's policy config file; a name that is no rule's is a mistake."""
        self._refuse(context)
        unknown = [name for name in request.policyConfig if name not in (*self._pack.rules, _ALL)]
        if unknown:
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"policy config: {', '.join(sorted(unknown))}: not a rule of this pack; `make policies` lists them",
            )
        self._pack.set_levels({name: _level(of.enforcementLevel) for name, of in request.policyConfig.items()})
        return empty_pb2.Empty()

    def Analyze(self, request: Any, context: grpc.ServicerContext) -> Any:
        """What the rules on single resources find on one."""
        self._refuse(context)
        secrets: set[str] = set()
        return _response(self._pack.analyze(_resource(request, secrets)), secrets)

    def AnalyzeStack(self, request: Any, context: grpc.ServicerContext) -> Any:
        """What the rules that relate resources find."""
        self._refuse(context)
        secrets: set[str] = set()
        resources = [
            _resource(item, secrets, {key: tuple(of.urns) for key, of in item.propertyDependencies.items()})
            for item in request.resources
        ]
        return _response(self._pack.analyze_stack(resources), secrets)

    def Remediate(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The resource's properties after each fix, one upon the other."""
        self._refuse(context)
        properties, remediations = request.properties, list[Any]()
        for fixed in self._pack.remediate(_resource(request, set())):
            properties = with_changes(properties, fixed.changes)
            remediations.append(_remediation(fixed, properties))
        return analyzer_pb2.RemediateResponse(remediations=remediations)

    def _refuse(self, context: grpc.ServicerContext) -> None:
        if self._problem:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, self._problem)


def _resource(message: Any, secrets: set[str], dependencies: Mapping[str, tuple[str, ...]] | None = None) -> Resource:
    return Resource(
        urn=message.urn,
        type=message.type,
        name=message.name,
        inputs=Properties(plain(message.properties, secrets)),
        parent=message.options.parent,
        dependencies=dependencies or {},
    )


def _response(found: Iterable[Judged], secrets: set[str]) -> Any:
    return analyzer_pb2.AnalyzeResponse(diagnostics=[_diagnostic(judged, secrets) for judged in found])


def _diagnostic(judged: Judged, secrets: set[str]) -> Any:
    rule, message = judged.finding.rule, judged.finding.message
    if judged.finding.outcome is Outcome.BROKEN:
        message += f"\nTo fix: {rule.remedy}"
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            message = message.replace(secret, MASKED)
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=rule.id,
        policyPackName=NAME,
        policyPackVersion=VERSION,
        description=rule.title,
        message=message,
        enforcementLevel=_LEVELS[judged.level],
        urn=judged.finding.urn,
        severity=_SEVERITIES[rule.severity],
    )


def _remediation(fixed: Fixed, properties: Any) -> Any:
    return analyzer_pb2.Remediation(
        policyName=fixed.rule.id,
        policyPackName=NAME,
        policyPackVersion=VERSION,
        description=fixed.rule.title,
        properties=None if fixed.problem else properties,
        diagnostic=fixed.problem,
    )


def _described(rule: AnyRule, level: Level) -> Any:
    of_resources = isinstance(rule, Rule)
    return analyzer_pb2.PolicyInfo(
        name=rule.id,
        description=rule.title,
        message=rule.problem,
        enforcementLevel=_LEVELS[level],
        policy_type=analyzer_pb2.POLICY_TYPE_RESOURCE if of_resources else analyzer_pb2.POLICY_TYPE_STACK,
        severity=_SEVERITIES[rule.severity],
        tags=rule.controls,
        remediation_steps=rule.remedy,
    )


def _level(number: analyzer_pb2.EnforcementLevel.ValueType) -> Level:
    return Level[analyzer_pb2.EnforcementLevel.Name(number)]
