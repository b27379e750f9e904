"""A preview runs the unmodified program, sees nothing of the machine, and says how a program ended badly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from preview.errors import PreviewError
from preview.plan import UNKNOWN, Secret, Severity
from preview.runner import preview
from tests.preview.conftest import Program, operations, resource

LEAKY = {
    "AWS_REGION": "eu-west-9",
    "AWS_PROFILE": "someone",
    "KUBECONFIG": "/nowhere/kubeconfig",
    "GOOGLE_PROJECT": "somewhere",
    "ARM_SUBSCRIPTION_ID": "0",
    "PULUMI_STACK": "other",
    "PULUMI_CONFIG": '{"demo:size": "9"}',
    "PULUMI_CONFIG_PASSPHRASE": "secret",
    "PYTHONPATH": "/nowhere",
    "HTTPS_PROXY": "http://nowhere:1",
}


def test_the_program_runs_as_main_in_its_own_directory_with_its_modules_importable(program: Program) -> None:
    plan = program("""
        import os, sys
        from pathlib import Path
        import things
        own = Path(__file__).resolve().parent
        things.Thing("thing", module=__name__, cwd=os.getcwd() == str(own), argv=len(sys.argv))
    """)
    assert dict(resource(plan, "thing").inputs) == {"module": "__main__", "cwd": True, "argv": 1}


def test_main_names_another_directory(project: Callable[..., Path]) -> None:
    root = project("raise AssertionError", project_file="main: program")
    (root / "program").mkdir()
    (root / "things.py").rename(root / "program" / "things.py")
    (root / "program" / "__main__.py").write_text("from things import Thing\nThing('thing')\n")
    assert operations(preview(root)) == {"thing": "create"}


def test_nothing_of_the_environment_reaches_the_program(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in LEAKY.items():
        monkeypatch.setenv(name, value)
    plan = program("""
        import os, pathlib, pulumi
        from things import Thing
        home = pathlib.Path.home()
        size = pulumi.Config().get("size")
        Thing("thing", environment=dict(os.environ), home=list(map(str, home.iterdir())), size=size)
    """)
    inputs = resource(plan, "thing").inputs
    assert not LEAKY.keys() - {"PYTHONPATH"} & inputs["environment"].keys()
    assert "/nowhere" not in str(inputs)
    assert inputs["home"] == []
    assert "size" not in inputs


def test_the_regions_of_the_machine_change_nothing_in_an_aws_program(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """
        import pulumi
        import pulumi_aws as aws
        aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=aws.Provider("aws")))
    """
    before = program(source)
    for name, value in LEAKY.items():
        monkeypatch.setenv(name, value)
    after = program(source)
    assert before.steps == after.steps
    assert "region" not in resource(after, "aws").inputs


def test_a_preview_needs_no_network(project: Callable[..., Path]) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this kernel forbids unprivileged network namespaces (unshare -rn)")
    root = project("""
        import pulumi
        from things import Thing
        pulumi.runtime.register_resource_transform(lambda args: None)
        Thing("thing")
    """)
    command = [unshare, "-rn", sys.executable, "-m", "preview", "--cwd", str(root), "--color", "never"]
    repository = Path(__file__).parents[2]
    result = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "+ 2 to create" in result.stdout


def test_what_a_program_started_ends_with_it(program: Program, tmp_path: Path) -> None:
    plan = program(f"""
        import subprocess
        from pathlib import Path
        started = subprocess.Popen(["sleep", "1000"])
        Path({str(tmp_path / "pid")!r}).write_text(str(started.pid))
    """)
    assert plan.complete
    pid = int((tmp_path / "pid").read_text())
    for _ in range(50):  # the kernel ends it in its own time
        if not _runs(pid):
            return
        time.sleep(0.1)
    raise AssertionError("it still runs")


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_program_prints_is_shown_without_the_secrets_of_its_config(program: Program) -> None:
    plan = program(
        """
        import pulumi
        print("the token is hidden")
        print(pulumi.Config().require("token"))
        """,
        "config: {demo:token: {secure: v1:abc}}",
    )
    (printed,) = plan.diagnostics
    assert printed.severity is Severity.INFO
    assert printed.message == "the token is hidden\n[secret]"


def test_a_broken_record_stops_before_the_program_runs(program: Program, tmp_path: Path) -> None:
    broken = tmp_path / "state.json"
    broken.write_text('{"steps": [{"op": "explode"}]}')
    with pytest.raises(PreviewError, match=r"state\.json: is not as the CLI writes it"):
        program("raise AssertionError", against=broken)


def test_secrets_and_unknowns_come_out_of_the_child_as_they_are(program: Program) -> None:
    plan = program("""
        import pulumi
        from things import Thing
        pulumi.export("secret", pulumi.Output.secret({"deep": [1, "hunter2"]}))
        pulumi.export("unknown", Thing("thing").made)
    """)
    assert plan.outputs["secret"] == Secret({"deep": [1, "hunter2"]})
    assert plan.outputs["unknown"] is UNKNOWN
    assert "hunter2" not in repr(plan)


def test_the_modules_that_the_child_loaded_can_be_recorded(program: Program, tmp_path: Path) -> None:
    recorded = tmp_path / "modules"
    program("import wave\n", record_modules=recorded)
    modules = recorded.read_text().split()
    assert modules == sorted(modules)
    assert {"wave", "pulumi", "preview.monitor"} <= set(modules)
    assert not {"pulumi_aws", "rich"} & set(modules)


def test_the_parent_loads_neither_the_sdk_nor_grpc_nor_rich() -> None:
    code = "import sys, preview.cli; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    loaded = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert not {"pulumi", "grpc", "google.protobuf", "rich"} & set(loaded.stdout.split())
