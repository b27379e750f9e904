"""The custom resource definitions that the examples' in-cluster objects need, from the Go modules that publish them.

Pinned in `modules/definitions/go.mod`, and kept in the cache as one folder of YAML files, named by that file's hash.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from tests.conformance.build import MODULES, BuildError, cache_root

NAME: Final = "definitions"
_FOLDERS: Final = {  # where each module keeps them
    "github.com/aws/karpenter-provider-aws": "pkg/apis/crds",
    "github.com/kubernetes-csi/external-snapshotter/client/v8": "config/crd",
}


def path() -> Path:
    """The cache folder of the definitions that are pinned now."""
    pins = (MODULES / NAME / "go.mod").read_bytes()
    return cache_root() / f"{NAME}-{hashlib.sha256(pins).hexdigest()[:12]}"


def find() -> Path | None:
    """The folder of definitions, or None where it is not in the cache."""
    folder = path()
    return folder if folder.is_dir() else None


def read() -> Iterator[dict[str, Any]]:
    """Every cached definition.

    Raises:
        FileNotFoundError: they are not in the cache.
    """
    for file in sorted(path().iterdir()):
        yield yaml.safe_load(file.read_text(encoding="utf-8"))


def build() -> Path:
    """Download the modules and keep their definitions, unless the cache has them; return the folder.

    Raises:
        BuildError: there is no Go, or a download failed.
    """
    if (found := find()) is not None:
        print(f"{NAME}: already at {found}", flush=True)
        return found
    if shutil.which("go") is None:
        raise BuildError(f"{NAME}: there is no `go` on PATH; install Go 1.26 or newer")
    print(f"{NAME}: downloading {', '.join(_FOLDERS)} for {path()}", flush=True)
    cache_root().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{NAME}-", dir=cache_root()) as folder:
        module, output = Path(folder) / "module", Path(folder) / "output"
        shutil.copytree(MODULES / NAME, module)
        output.mkdir()
        for name, where in _FOLDERS.items():
            for file in (_download(module, name) / where).glob("*_*.yaml"):  # <group>_<plural>.yaml
                shutil.copy(file, output)
        output.rename(path())
    return path()


def _download(module: Path, name: str) -> Path:
    """The source folder of a module that go.mod pins."""
    command = ["go", "mod", "download", "-json", name]
    result = subprocess.run(command, cwd=module, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise BuildError(f"{NAME}: {name}: {result.stdout}{result.stderr}")
    folder: str = json.loads(result.stdout)["Dir"]
    return Path(folder)
