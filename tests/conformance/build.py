"""Builds the conformance tools from their pinned Go modules: `python -m tests.conformance.build [TOOL...]`.

The tools are the oracles of this folder: the engine's CLI, and a Kubernetes API server with its store. None of them
is in a Python package, all of them are Go modules. Each is built once into a cache outside the repository, in a
folder named by tool, version and platform. A folder appears there only when its binary is whole.

The pins are `modules/<tool>/go.mod`; `go.sum` beside it says what the sources must hash to.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

MODULES: Final = Path(__file__).parent / "modules"
_NICENESS: Final = 10
_PARALLEL_PACKAGES: Final = 2


class BuildError(Exception):
    """A tool could not be built; the message says which and why."""


@dataclass(frozen=True)
class Tool:
    """A binary and the Go package that it is built from.

    Attributes:
        name: the binary's name.
        module: the Go module whose version in go.mod is the tool's version.
        package: the main package.
        version_variables: linker variables that carry the version, each a template of `version`, `major`, `minor`.
        cold_minutes: how long a build takes on 2 cores when nothing is downloaded or compiled yet (November 2026).
        pins: the folder of the go.mod that pins the module; several tools may share one.
        static_c: whether it has C code, which is linked statically; needs a C compiler.
    """

    name: str
    module: str
    package: str
    version_variables: tuple[tuple[str, str], ...]
    cold_minutes: int
    pins: Path
    static_c: bool = False

    @property
    def version(self) -> str:
        """The pinned version, with its leading v.

        Raises:
            BuildError: the module's go.mod does not pin it.
        """
        text = (self.pins / "go.mod").read_text(encoding="utf-8")
        pin = re.search(rf"^\s*(?:require\s+)?{re.escape(self.module)} (v\S+)$", text, re.MULTILINE)
        if pin is None:
            raise BuildError(f"modules/{self.pins.name}/go.mod pins no version of {self.module}: add a `require` line")
        return pin.group(1)

    @property
    def path(self) -> Path:
        """Where the binary is, or will be."""
        return cache_root() / f"{self.name}-{self.version}-{sys.platform}-{platform.machine()}" / self.name

    def linker_flags(self) -> str:
        """The `-ldflags` text: no debug tables, and the version that the binary reports."""
        major, minor = self.version.removeprefix("v").split(".")[:2]
        values = {"version": self.version, "major": major, "minor": minor}
        stamps = [f"-X {variable}={template.format(**values)}" for variable, template in self.version_variables]
        static = ["-linkmode external", "-extldflags -static"] if self.static_c else []
        return " ".join(["-s", "-w", *static, *stamps])


TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool(
            name="pulumi",
            module="github.com/pulumi/pulumi/pkg/v3",
            package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            version_variables=(("github.com/pulumi/pulumi/sdk/v3/go/common/version.Version", "{version}"),),
            cold_minutes=12,
            pins=MODULES / "pulumi",
        ),
        Tool(
            name="etcd",
            module="go.etcd.io/etcd/server/v3",
            package="go.etcd.io/etcd/server/v3",
            version_variables=(),  # its version is a constant of the source
            cold_minutes=2,
            pins=MODULES / "etcd",
        ),
        Tool(
            name="kube-apiserver",
            module="k8s.io/kubernetes",
            package="k8s.io/kubernetes/cmd/kube-apiserver",
            version_variables=(
                ("k8s.io/component-base/version.gitVersion", "{version}"),
                ("k8s.io/component-base/version.gitMajor", "{major}"),
                ("k8s.io/component-base/version.gitMinor", "{minor}"),
            ),
            cold_minutes=8,
            pins=MODULES / "kube-apiserver",
        ),
    )
}


def cache_root() -> Path:
    """The folder that holds every built tool: `$XDG_CACHE_HOME/infraplatform`."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "infraplatform"


def find(name: str) -> Path | None:
    """The built tool's binary, or None where it is not in the cache."""
    path = TOOLS[name].path
    return path if path.is_file() else None


def build(tool: Tool) -> Path:
    """Build a tool into the cache unless it is there; return its binary.

    Raises:
        BuildError: there is no Go, or the build failed.
    """
    if tool.path.is_file():
        print(f"{tool.name} {tool.version}: already at {tool.path}", flush=True)
        return tool.path
    if shutil.which("go") is None:
        raise BuildError(f"{tool.name}: there is no `go` on PATH; install Go 1.26 or newer")
    print(
        f"{tool.name} {tool.version}: building to {tool.path}\n"
        f"  about {tool.cold_minutes} minutes on 2 cores the first time, 1 when Go's own cache is warm",
        flush=True,
    )
    started = time.monotonic()
    cache_root().mkdir(parents=True, exist_ok=True)
    # A folder beside the target, so that the rename at the end stays on one file system and is atomic.
    with tempfile.TemporaryDirectory(prefix=f".{tool.name}-", dir=cache_root()) as folder:
        finished = _compile(tool, Path(folder))
        try:
            finished.rename(tool.path.parent)
        except OSError:
            if not tool.path.is_file():  # otherwise another build was faster: keep its result
                raise
    print(f"{tool.name} {tool.version}: built in {time.monotonic() - started:.0f} s", flush=True)
    return tool.path


def _compile(tool: Tool, folder: Path) -> Path:
    """Compile in a copy of the tool's module; return the folder that holds only the binary."""
    module, output = folder / "module", folder / "output"
    shutil.copytree(tool.pins, module)
    command = ["go", "build", "-mod=mod", "-p", str(_PARALLEL_PACKAGES)]
    if tool.static_c:
        command += ["-tags", "netgo,osusergo"]
    command += ["-ldflags", tool.linker_flags(), "-o", str(output / tool.name), tool.package]
    if nice := shutil.which("nice"):
        command = [nice, "-n", str(_NICENESS), *command]
    environment = {**os.environ, "CGO_ENABLED": str(int(tool.static_c)), "GOFLAGS": "-buildvcs=false", "GOWORK": "off"}
    result = subprocess.run(command, cwd=module, env=environment, check=False)
    if result.returncode != 0:
        raise BuildError(f"{tool.name} {tool.version}: `go build` ended with {result.returncode}; its output is above")
    return output


def main(arguments: list[str] | None = None) -> int:
    """Build the named tools, or all of them."""
    from tests.conformance import definitions  # which needs this module

    builders: dict[str, Callable[[], Path]] = {name: partial(build, tool) for name, tool in TOOLS.items()}
    builders[definitions.NAME] = definitions.build
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.build", description=__doc__)
    parser.add_argument("tools", nargs="*", metavar="TOOL", help=f"of {', '.join(builders)}; all where none is named")
    names = parser.parse_args(arguments).tools or list(builders)
    if unknown := sorted(set(names) - set(builders)):
        parser.error(f"no such tool: {', '.join(unknown)}; write one of {', '.join(builders)}")
    try:
        for name in names:
            builders[name]()
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
