"""The pack speaks Pulumi's Analyzer protocol, as the SDK's own server does."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn, cast

import grpc
import pytest
import yaml
from google.protobuf import empty_pb2, json_format
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy
from pulumi_policy import Severity as SdkSeverity
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies import server
from policies.pack import Pack
from policies.rule import Resource
from policies.server import Analyzer
from policies.settings import KEY
from policies.wire import SECRET, SIGNATURE, UNKNOWNS
from tests.policies.rules_of_tests import SMALL, THING, pack, rule
from tests.support import ROOT

URN: Final = f"urn:pulumi:dev::project::{THING}::thing"


class Refused(Exception):
    """The server aborted a call."""


class Context:
    """As much of gRPC's context as the server uses."""

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        """End the call."""
        raise Refused(f"{code.name}: {details}")


CONTEXT: Final = cast("grpc.ServicerContext", Context())


def struct(values: Mapping[str, Any]) -> Struct:
    message = Struct()
    message.update(values)
    return message


def analyze_request(**inputs: Any) -> Any:
    return analyzer_pb2.AnalyzeRequest(type=THING, urn=URN, name="thing", properties=struct(inputs))


def configured(analyzer: Analyzer, **levels: str) -> Analyzer:
    """The server with levels as the engine sends them."""
    config = {
        name: analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.EnforcementLevel.Value(level.upper()))
        for name, level in levels.items()
    }
    analyzer.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config), CONTEXT)
    return analyzer


def test_the_packs_name_and_version_are_those_of_its_file() -> None:
    described = yaml.safe_load((ROOT / "policies" / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert (described["name"], described["version"]) == (server.NAME, server.VERSION)


def test_it_answers_every_call_that_the_sdks_own_server_answers() -> None:
    def calls(of: type) -> set[str]:
        return {name for name, member in vars(of).items() if inspect.isfunction(member) and name[:1].isupper()}

    assert calls(_PolicyAnalyzerServicer) <= calls(Analyzer)


def test_it_describes_a_policy_as_the_sdk_does() -> None:
    def validate(args: Any, report: Any) -> None:
        """Nothing."""

    policy = ResourceValidationPolicy(
        name=SMALL.id,
        description=SMALL.title,
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
        severity=SdkSeverity.HIGH,
        tags=list(SMALL.controls),
        remediation_steps=SMALL.remedy,
    )
    theirs: Any = _PolicyAnalyzerServicer("pack", "1.0", [policy], EnforcementLevel.ADVISORY)
    (expected,) = theirs.GetAnalyzerInfo(empty_pb2.Empty(), None).policies
    described, _ = Analyzer(pack(SMALL)).GetAnalyzerInfo(empty_pb2.Empty(), CONTEXT).policies
    described.ClearField("message")  # what is wrong; the SDK has no word for it
    assert described == expected


def test_a_violation_carries_rule_level_severity_and_resource() -> None:
    (found,) = Analyzer(pack(SMALL)).Analyze(analyze_request(size=4), CONTEXT).diagnostics
    assert (found.policyName, found.urn) == ("small", URN)
    assert found.enforcementLevel == analyzer_pb2.MANDATORY
    assert found.severity == analyzer_pb2.POLICY_SEVERITY_HIGH
    assert found.message == "size is 4\nTo fix: make them right"


def test_what_cannot_be_told_is_advisory() -> None:
    (found,) = Analyzer(pack(SMALL)).Analyze(analyze_request(size=min(UNKNOWNS)), CONTEXT).diagnostics
    assert found.enforcementLevel == analyzer_pb2.ADVISORY
    assert found.message == "cannot tell before the update: size is not known yet", "there is nothing to fix yet"


def test_no_message_shows_a_secret() -> None:
    def tells(thing: Resource) -> Iterator[str]:
        yield f"the token is {thing.inputs.get('token')}"

    loud = rule("loud", tells)
    request = analyze_request(token={SIGNATURE: SECRET, "value": "hunter2"})
    (found,) = Analyzer(pack(loud)).Analyze(request, CONTEXT).diagnostics
    assert "the token is [secret]" in found.message
    assert "hunter2" not in found.message


def test_the_engine_sets_levels_and_a_wrong_name_is_refused() -> None:
    analyzer = configured(Analyzer(pack(SMALL)), small="disabled", all="advisory")
    assert list(analyzer.Analyze(analyze_request(size=4), CONTEXT).diagnostics) == []
    with pytest.raises(Refused, match=r"INVALID_ARGUMENT: policy config: smal: not a rule of this pack"):
        configured(analyzer, smal="advisory")


def test_a_fix_answers_with_all_properties_after_it() -> None:
    hidden = {SIGNATURE: SECRET, "value": "hunter2"}
    analyzer = configured(Analyzer(pack(SMALL)), small="remediate")
    answer = analyzer.Remediate(analyze_request(size=4, id=min(UNKNOWNS), token=hidden), CONTEXT)
    (remediation,) = answer.remediations
    assert json_format.MessageToDict(remediation.properties) == {"size": 3, "id": min(UNKNOWNS), "token": hidden}
    assert remediation.policyName == "small"


def test_a_fix_that_cannot_be_made_answers_why_and_with_no_properties() -> None:
    analyzer = configured(Analyzer(pack(SMALL)), small="remediate")
    (remediation,) = analyzer.Remediate(analyze_request(size=min(UNKNOWNS)), CONTEXT).remediations
    assert "cannot fix before the update" in remediation.diagnostic
    assert not remediation.HasField("properties")


def test_wrong_configuration_is_refused_at_every_call_with_the_whole_message() -> None:
    analyzer = Analyzer(Pack())
    config = {KEY: json.dumps({"rules": {"aws-versoin": "advisory"}, "frameworks": ["nist"]})}
    request = analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev", project="shop", config=config)
    with pytest.raises(Refused, match=r"(?s)frameworks\[0\].*aws-versoin.*write aws-version"):
        analyzer.ConfigureStack(request, CONTEXT)
    with pytest.raises(Refused, match="aws-versoin"):
        analyzer.Analyze(analyze_request(size=4), CONTEXT)


def test_the_configuration_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({KEY: json.dumps({"rules": {"aws-version": "disabled"}})}))
    levels = {
        policy.name: policy.enforcementLevel for policy in Analyzer(Pack()).GetAnalyzerInfo(None, CONTEXT).policies
    }
    assert levels["aws-version"] == analyzer_pb2.DISABLED


def test_stack_rules_see_dependencies() -> None:
    vpc, log = "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::v", "urn:pulumi:dev::p::aws:ec2/flowLog:FlowLog::f"
    fed = {"vpcId": analyzer_pb2.AnalyzerPropertyDependencies(urns=[vpc])}
    resources = [
        analyzer_pb2.AnalyzerResource(type="aws:ec2/vpc:Vpc", urn=vpc, name="v", properties=struct({})),
        analyzer_pb2.AnalyzerResource(
            type="aws:ec2/flowLog:FlowLog",
            urn=log,
            name="f",
            properties=struct({"vpcId": min(UNKNOWNS)}),
            propertyDependencies=fed,
        ),
    ]
    request = analyzer_pb2.AnalyzeStackRequest(resources=resources)
    assert list(Analyzer(Pack()).AnalyzeStack(request, CONTEXT).diagnostics) == []
    (found,) = (
        Analyzer(Pack()).AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=resources[:1]), CONTEXT).diagnostics
    )
    assert found.policyName == "aws-flow-logs"
