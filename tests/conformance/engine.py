"""Runs the engine's own CLI on a project, offline: the oracle of the offline preview.

A `Workspace` is one stack of one project in a throw-away file backend. The project itself is only read: its
`Pulumi.yaml` and stack file are copied, since the CLI writes to them, and the program runs where it stands.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from preview.invokes import FIXTURES_FILE
from tests.conformance import build, echo_provider
from tests.conformance.digest import SECRET, STACK_TYPE, complete, read, refused, said

_HOST: Final = Path(__file__).with_name("language_host.py")
_IS_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_SECURE: Final = re.compile(r"(?<=secure: )[^\s}\],]+")


class EngineError(Exception):
    """The CLI failed; the message is what it and the program said.

    Attributes:
        digest: what it had planned until then, with `--json`; else empty.
    """

    def __init__(self, message: str, digest: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.digest = dict(digest or {})


class Workspace:
    """One stack in a file backend below `folder`, previewed and updated by the real engine.

    Attributes:
        project_dir: where the program stands.
        stack: the stack's name; its settings come from `Pulumi.<stack>.yaml` unless `use_config` gives others.
    """

    def __init__(self, project_dir: Path, stack: str, folder: Path, *, config_file: Path | None = None) -> None:
        cli = build.find("pulumi")
        if cli is None:
            raise EngineError("the engine's CLI is not built: run `make conformance`")
        self.project_dir = project_dir.resolve()
        self.stack = stack
        self._cli = cli
        self._work, self._home, self._backend = folder / "work", folder / "home", folder / "backend"
        for path in (self._work, self._home, self._backend):
            path.mkdir(parents=True)
        shutil.copy(self.project_dir / "Pulumi.yaml", self._work)
        self._run("stack", "init", stack)
        self._salt = self._stack_file.read_text(encoding="utf-8")  # the CLI wrote its `encryptionsalt` line there
        self._secret: str | None = None
        self.use_config(config_file or self.project_dir / f"Pulumi.{stack}.yaml")
        for reference, outputs in _referenced_stacks(self.project_dir):
            if reference != f"organization/{_project_name(self.project_dir)}/{stack}":
                self._import_stack(reference, outputs)

    @property
    def _stack_file(self) -> Path:
        return self._work / f"Pulumi.{self.stack}.yaml"

    def use_config(self, config_file: Path) -> None:
        """Take the stack's settings from this file from now on; a stack may have none.

        A `secure:` value is the ciphertext of another passphrase: in its place stands one that this stack can decrypt.
        """
        settings = config_file.read_text(encoding="utf-8") if config_file.exists() else ""
        if _SECURE.search(settings):
            settings = _SECURE.sub(self._encrypted(), settings)
        self._stack_file.write_text(self._salt + settings, encoding="utf-8")

    def _encrypted(self) -> str:
        """The ciphertext of some secret, as the CLI writes it."""
        if self._secret is None:
            self._stack_file.write_text(self._salt, encoding="utf-8")
            self._run("config", "set", "--stack", self.stack, "--secret", "secret", "conformance")
            found = _SECURE.search(self._stack_file.read_text(encoding="utf-8"))
            assert found is not None, "the CLI writes a secret as `secure: v1:...`"
            self._secret = found.group()
        return self._secret

    def _import_stack(self, reference: str, outputs: dict[str, Any]) -> None:
        """Put a stack with these outputs into the backend, for a program that refers to it."""
        _, project, stack = reference.split("/")
        folder = self._work / project / stack
        folder.mkdir(parents=True)
        (folder / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n", encoding="utf-8")
        self._run("stack", "init", stack, cwd=folder)
        salt: dict[str, str] = yaml.safe_load((folder / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))
        urn = f"urn:pulumi:{stack}::{project}::{STACK_TYPE}::{project}-{stack}"
        deployment = {
            "manifest": {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""},
            "secrets_providers": {"type": "passphrase", "state": {"salt": salt["encryptionsalt"]}},
            "resources": [{"urn": urn, "type": STACK_TYPE, "outputs": outputs}],
        }
        (folder / "state.json").write_text(json.dumps({"version": 3, "deployment": deployment}), encoding="utf-8")
        self._run("stack", "import", "--file", "state.json", cwd=folder)

    def preview(self) -> dict[str, Any]:
        """The digest of `pulumi preview --json --show-sames`, with what comes later and is in the event log only.

        That is each resource's `id` and `outputs`, as the program was told them, and `deletedFirst` where a replaced
        resource is deleted before its successor is created.

        Where the engine refuses a resource, such as a protected one that would be deleted, the digest ends there.

        Raises:
            EngineError: the preview failed for another reason.
        """
        log = self._work / "events.json"
        log.unlink(missing_ok=True)
        # A project may ask for a refresh first; a cloud that is made up has not drifted.
        options = ("--json", "--show-sames", "--refresh=false", f"--event-log={log}")
        try:
            digest: dict[str, Any] = json.loads(self._run_program("preview", *options))
        except EngineError as error:
            if not refused(error.digest):
                raise
            return error.digest
        complete(digest, [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()])
        return digest

    def judge(self, pack: Path) -> tuple[str, list[dict[str, Any]]]:
        """Preview under a policy pack: why the engine refuses the stack, empty where it does not, and the log's events.

        The program that starts a Python pack comes with the CLI's tarball; a line of shell stands in for it.
        """
        starter = self._home / "pulumi-analyzer-policy-python"
        starter.write_text(f'#!/bin/sh\nexec {sys.executable} -u -m pulumi.policy "$1" "$2"\n', encoding="utf-8")
        starter.chmod(0o755)
        log = self._work / "events.json"
        log.unlink(missing_ok=True)
        options = ("--refresh=false", f"--event-log={log}", f"--policy-pack={pack}", "--suppress-progress")
        refusal = ""
        try:
            self._run_program("preview", *options, path=f"{self._home}{os.pathsep}{os.defpath}")
        except EngineError as error:
            refusal = str(error)
        events = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return refusal, [json.loads(line) for line in events]

    def up(self, *, refreshing: bool = False) -> Path:
        """Update the stack, then export its state to a file as `pulumi stack export` does.

        With `refreshing` the cloud is read before, where the project's own options say so.
        """
        options = () if refreshing else ("--refresh=false",)
        self._run_program("up", "--yes", "--skip-preview", *options, "--suppress-progress", "--color=never")
        state = self._work / "state.json"
        self._run("stack", "export", "--file", str(state))
        return state

    def destroy(self) -> None:
        """Destroy the stack; the program does not run."""
        with echo_provider.serve(self.project_dir) as providers:
            options = ("--yes", "--skip-preview", "--refresh=false", "--suppress-progress", "--color=never")
            self._run("destroy", *options, "--stack", self.stack, PULUMI_DEBUG_PROVIDERS=providers)

    def take_over(self, state: Path) -> None:
        """Let the stack stand as an exported state says, which another workspace of the same stack made."""
        self._run("stack", "import", "--file", str(state))

    def _run_program(self, *arguments: str, path: str = os.defpath) -> str:
        with language_host(self.project_dir) as port, echo_provider.serve(self.project_dir) as providers:
            client = ("--stack", self.stack, f"--client=127.0.0.1:{port}", "--exec-kind=auto.inline")
            return self._run(*arguments, *client, PULUMI_DEBUG_PROVIDERS=providers, PATH=path)

    def _run(self, *arguments: str, cwd: Path | None = None, **more: str) -> str:
        environment = {
            "HOME": str(self._home),
            "PULUMI_DEBUG_COMMANDS": "true",  # offers --event-log
            "PATH": os.defpath,
            "PULUMI_BACKEND_URL": self._backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "conformance",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self._home),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **more,
        }
        command = [str(self._cli), *arguments, "--non-interactive"]
        result = subprocess.run(
            command, cwd=cwd or self._work, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        if result.returncode != 0:
            message = f"`pulumi {' '.join(arguments)}` ended with {result.returncode}:\n{said(result)}"
            raise EngineError(message, read(result))
        return result.stdout


def _project_name(project_dir: Path) -> str:
    name: str = yaml.safe_load((project_dir / "Pulumi.yaml").read_text(encoding="utf-8"))["name"]
    return name


def _referenced_stacks(project_dir: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The stacks that a project's fixtures know, by name, with their outputs as a state holds them."""
    file = project_dir / FIXTURES_FILE
    fixtures: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    for name, entry in fixtures.get("stack_references", {}).items():
        outputs: dict[str, Any] = dict(entry["outputs"])
        for key in entry.get("secret_outputs", []):
            outputs[key] = {SECRET: _IS_SECRET, "plaintext": json.dumps(outputs[key])}
        yield name, outputs


@contextmanager
def language_host(program_dir: Path) -> Iterator[int]:
    """A fresh process that runs the program for the engine; yields its port."""
    reading, writing = os.pipe()
    environment = {"HOME": os.devnull, "PATH": os.defpath, "GRPC_VERBOSITY": "ERROR", "no_proxy": "127.0.0.1"}
    with subprocess.Popen(
        [sys.executable, str(_HOST), str(program_dir), str(writing)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,  # the digest carries what the program says through pulumi.log
        env=environment,
        pass_fds=[writing],
    ) as process:
        os.close(writing)
        with os.fdopen(reading) as announcement:
            port = announcement.read()
        if not port:
            raise EngineError(f"the language host ended with {process.wait()} before it served")
        try:
            yield int(port)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=30)
