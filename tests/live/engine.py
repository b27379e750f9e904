"""Runs this repository's own program by the engine: the CLI, the command plugin, a stack in a folder.

The program is the unmodified `__main__.py`. It is run from a folder of links to the repository, since the CLI writes
the stack's settings beside `Pulumi.yaml`; by conformance's language host, since the CLI's own is on no registry.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from tests.conformance.build import TOOLS
from tests.conformance.engine import language_host
from tests.live.build import given

ROOT: Final = Path(__file__).parents[2]
_LINKED: Final = ("__main__.py", "components", "policies", ".venv")
_MINUTES: Final = 30


class EngineError(Exception):
    """The CLI ended with an error; the message is all that it said."""


@dataclass(frozen=True)
class Result:
    """What an update did.

    Attributes:
        changes: how many resources by operation, as the engine counts them, without those that stayed the same.
        touched: logical names of what was changed, with the operation.
        said: all that the CLI and the commands printed.
    """

    changes: dict[str, int]
    touched: dict[str, str]
    said: str


class Stack:
    """One stack of this repository's program, in a backend below `folder`; an existing folder is gone on with.

    `environment` is put over what the CLI gets.

    Attributes:
        said: all that updates have printed.
    """

    def __init__(self, folder: Path, name: str = "live", environment: Mapping[str, str] = MappingProxyType({})) -> None:
        plugin = given("pulumi-resource-command")
        assert plugin is not None, "the fixtures look for the plugin first"
        self.name = name
        self._environment = environment
        self.said: list[str] = []
        self.folder = folder
        self._work, self._home, self._backend = folder / "work", folder / "home", folder / "backend"
        self._plugins = plugin.parent
        if not self._work.exists():
            for path in (self._work, self._home, self._backend):
                path.mkdir(parents=True)
            shutil.copy(ROOT / "Pulumi.yaml", self._work)
            for entry in _LINKED:
                (self._work / entry).symlink_to(ROOT / entry)
            self._cli("stack", "init", name)
            salt = self._file.read_text(encoding="utf-8")
            (self._work / "salt").write_text(salt, encoding="utf-8")

    @property
    def _file(self) -> Path:
        return self._work / f"Pulumi.{self.name}.yaml"

    def configure(self, settings: dict[str, Any], secrets: dict[str, str]) -> None:
        """Let these be the stack's settings, the keys without the project's name before them."""
        config = {f"infraplatform:{key}": value for key, value in settings.items()}
        salt = (self._work / "salt").read_text(encoding="utf-8")
        self._file.write_text(salt + yaml.safe_dump({"config": config}, sort_keys=False), encoding="utf-8")
        for key, value in secrets.items():
            self._cli("config", "set", "--stack", self.name, "--secret", f"infraplatform:{key}", stdin=value)

    def up(self) -> Result:
        """Update the stack.

        Raises:
            EngineError: it failed.
        """
        return self._update("up", "--skip-preview")

    def preview(self) -> Result:
        """Say what an update would do."""
        return self._update("preview")

    def destroy(self) -> Result:
        """Destroy all that the stack has, its program run as for an update so that its hooks are there."""
        return self._update("destroy", "--skip-preview", "--run-program")

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, the secret ones too."""
        outputs: dict[str, Any] = json.loads(
            self._cli("stack", "output", "--stack", self.name, "--json", "--show-secrets")
        )
        return outputs

    def state(self, *, decrypted: bool = False) -> str:
        """The state as the backend keeps it: secrets are encrypted in it, unless they are asked for."""
        return self._cli("stack", "export", "--stack", self.name, *(["--show-secrets"] if decrypted else []))

    def _update(self, verb: str, *options: str) -> Result:
        log = self._work / "events.json"
        log.unlink(missing_ok=True)
        yes = () if verb == "preview" else ("--yes",)
        plain = ("--suppress-progress", "--color=never", f"--event-log={log}")
        with language_host(self._work) as port:
            client = ("--stack", self.name, f"--client=127.0.0.1:{port}", "--exec-kind=auto.inline")
            said = self._cli(verb, *yes, *options, *plain, *client, show=True)
        events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        return Result(*_changes(events), said)

    def _cli(self, *arguments: str, stdin: str = "", show: bool = False) -> str:
        environment = {
            "HOME": str(self._home),
            "PATH": f"{self._plugins}{os.pathsep}{os.defpath}",
            "PULUMI_BACKEND_URL": self._backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "live",
            "PULUMI_DEBUG_COMMANDS": "true",  # offers --event-log
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "no_proxy": "127.0.0.1",
            **self._environment,
        }
        command = [str(TOOLS["pulumi"].path), *arguments, "--non-interactive"]
        with subprocess.Popen(
            command,
            cwd=self._work,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if show else subprocess.PIPE,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(stdin)
            process.stdin.close()
            said: list[str] = []
            for line in process.stdout:
                said.append(line)
                if show:
                    self.said.append(line)
                    print(line, end="", flush=True)
            errors = process.stderr.read() if process.stderr else ""
        if process.returncode != 0:
            raise EngineError(f"pulumi {arguments[0]} ended with {process.returncode}:\n{''.join(said)}{errors}")
        return "".join(said)


def _changes(events: list[dict[str, Any]]) -> tuple[dict[str, int], dict[str, str]]:
    """The numbers by operation, and the operations by logical name, of an update's events."""
    counts: Counter[str] = Counter()
    touched = {}
    for event in events:
        if summary := event.get("summaryEvent"):
            counts.update({op: number for op, number in summary["resourceChanges"].items() if op != "same"})
        if before := event.get("resourcePreEvent"):
            metadata = before["metadata"]
            if metadata["op"] not in {"same", "refresh", "read"}:
                touched[metadata["urn"].rpartition("::")[2]] = metadata["op"]
    return dict(counts), touched
