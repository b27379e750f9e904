"""What the preview uses of the SDK beyond its public interface; a new SDK that lacks any of it fails here."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from typing import Any, cast

import pulumi
import pulumi.runtime
import pytest
from pulumi import _types
from pulumi.runtime import _callbacks, rpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import callback_pb2, engine_pb2_grpc, resource_pb2, resource_pb2_grpc
from pulumi.runtime.settings import SETTINGS, Settings

from preview import wire
from preview.engine import Engine
from preview.monitor import FEATURES, Monitor
from preview.options import HOOK_KINDS


def methods(servicer: type) -> set[str]:
    return {name for name, value in vars(servicer).items() if inspect.isfunction(value) and not name.startswith("_")}


def test_the_monitor_answers_every_method_of_the_service_but_the_one_for_an_sdk_without_deployment_info() -> None:
    assert methods(resource_pb2_grpc.ResourceMonitorServicer) - methods(Monitor) == {"SupportsFeature"}


def test_the_log_answers_every_method_of_the_engine_but_the_debuggers() -> None:
    assert methods(engine_pb2_grpc.EngineServicer) - methods(Engine) == {"StartDebugging"}


def test_the_monitor_claims_no_feature_that_it_does_not_have() -> None:
    names = {resource_pb2.ResourceMonitorFeature.Name(feature) for feature in FEATURES}
    assert len(names) == 15
    assert not any(word in name for name in names for word in ("BYTE_STRING", "MIGRATIONS", "_OUTPUT_VALUES_"))
    refused = {"BYTE_STRING", "STATE_MIGRATIONS", "INVOKE_OUTPUT_VALUES", "CALL_OUTPUT_VALUES"}
    assert {name.removeprefix("RESOURCE_MONITOR_FEATURE_") for name in names}.isdisjoint(refused)


def test_the_signatures_on_the_wire_are_the_sdks() -> None:
    assert wire.UNKNOWN_TEXT == rpc.UNKNOWN
    assert rpc._special_sig_key == wire.SIGNATURE
    assert rpc._special_secret_sig == wire.SECRET
    assert rpc._special_output_value_sig == wire.OUTPUT_VALUE
    assert rpc._special_asset_sig == wire.ASSET
    assert rpc._special_resource_sig == wire.RESOURCE


def test_settings_take_a_monitor_and_an_engine_that_are_objects() -> None:
    monitor, engine = object(), object()

    def configured() -> tuple[object, object]:
        settings = Settings("project", "stack", monitor=monitor, engine=engine)
        return settings.monitor, settings.engine

    # Settings live in the context, where they would outlive this test.
    assert contextvars.copy_context().run(configured) == (monitor, engine)


@pytest.mark.parametrize("name", ["monitor", "engine", "parallel", "dry_run", "organization", "root_directory"])
def test_settings_know_what_a_run_sets(name: str) -> None:
    assert name in inspect.signature(Settings).parameters


def test_config_and_the_runner_are_where_the_language_host_finds_them() -> None:
    assert list(inspect.signature(set_all_config).parameters) == ["config", "secret_keys"]
    assert inspect.iscoroutinefunction(pulumi.runtime.run_in_stack)


def test_a_callback_servicer_can_be_found_by_its_target_and_called_on_its_loop() -> None:
    async def call() -> bytes:
        servicer = _callbacks._CallbackServicer(cast("Any", None))
        try:
            assert servicer in _callbacks._CallbackServicer._servicers
            assert servicer._loop is asyncio.get_running_loop()
            callback = servicer.register_transform(lambda _: None)
            assert callback.target == servicer._target
            message = resource_pb2.TransformRequest(type="demo:index:Thing", name="thing")
            request = callback_pb2.CallbackInvokeRequest(token=callback.token, request=message.SerializeToString())
            return (await servicer.Invoke(request, cast("Any", None))).response
        finally:
            _callbacks._CallbackServicer._servicers.remove(servicer)

    assert isinstance(asyncio.run(call()), bytes)


def test_the_servers_can_take_the_sdks_channel_options() -> None:
    assert ("grpc.max_receive_message_length", 400 * 1024 * 1024) in _GRPC_CHANNEL_OPTIONS


def test_an_sdks_classes_can_be_found_by_their_type() -> None:
    import pulumi_command

    (module,) = cast("list[Any]", rpc._RESOURCE_MODULES["command:local"])
    assert module.mod_info["fqn"] == "pulumi_command.local"
    assert module.mod_info["classes"] == {"command:local:Command": "Command"}
    assert _types.is_input_type(pulumi_command.local.CommandArgs)


def test_hooks_have_a_field_for_each_kind() -> None:
    fields = resource_pb2.RegisterResourceRequest.ResourceHooksBinding.DESCRIPTOR.fields_by_name
    assert set(fields) == set(HOOK_KINDS.values())


def test_a_program_ends_with_a_run_error_where_it_means_its_message_alone() -> None:
    assert pulumi.RunError.__name__ == "RunError"


def test_the_outputs_of_a_program_can_be_waited_for() -> None:
    async def program() -> tuple[bool, bool]:
        output = pulumi.Output.from_input(asyncio.sleep(0.01, "done"))
        settings = cast("Any", SETTINGS)
        with settings.lock:
            pending = [item for item in settings.outputs if not item.done()]
        await asyncio.wait(pending)
        return bool(pending), await output.future() == "done"

    assert contextvars.copy_context().run(asyncio.run, program()) == (True, True)
