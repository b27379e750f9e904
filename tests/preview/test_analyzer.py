"""A pack's service is used as the engine uses it: levels merged, and no more calls at once than it bears."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2

from preview.analyzer import Analyzer, merged_config
from preview.plan import Resource


def test_levels_are_merged_from_the_pack_its_initial_config_and_the_file() -> None:
    info = analyzer_pb2.AnalyzerInfo(
        policies=[
            analyzer_pb2.PolicyInfo(name="one", enforcementLevel=analyzer_pb2.MANDATORY),
            analyzer_pb2.PolicyInfo(name="two", enforcementLevel=analyzer_pb2.DISABLED),
        ],
        initialConfig={"two": analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.REMEDIATE)},
    )
    info.policies[0].configSchema.properties.update({"most": {"type": "number", "default": 3}})
    config = merged_config(info, {"one": {"least": 1}})
    assert config["one"].enforcementLevel == analyzer_pb2.MANDATORY, "an entry without a level lowers none"
    assert dict(config["one"].properties) == {"most": 3, "least": 1}
    assert config["two"].enforcementLevel == analyzer_pb2.REMEDIATE


def test_a_large_stack_keeps_no_more_calls_waiting_than_a_server_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []
    most = 0

    class Call:
        def result(self) -> Any:
            waiting.pop()
            return analyzer_pb2.AnalyzeResponse()

    def future(_: object, request: Any, *, timeout: float) -> Call:
        nonlocal most
        assert request.urn
        assert timeout > 0
        waiting.append(1)
        most = max(most, len(waiting))
        return Call()

    analyzer = Analyzer(1, "pack")
    monkeypatch.setattr(analyzer, "_stub", type("Stub", (), {"Analyze": type("Method", (), {"future": future})()}))
    things = [Resource(urn=f"urn:pulumi:dev::d::t::{number}", type="t", custom=True) for number in range(300)]
    assert list(analyzer.analyze(things)) == []
    assert waiting == []
    assert 1 < most <= 100
    analyzer.close()
