"""An SDK's package loads what a program names, and is in all else what it is without that."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from preview import lazy_sdk
from tests.support import ROOT

_PARTLY_BY_HAND = {"pulumi_kubernetes.helm.v3"}
_SMALL_PACKAGES = ["pulumi_aws.eks", "pulumi_kubernetes.storage.v1"]


def _run(program: str, *, lazily: bool = True, folder: Path = ROOT) -> str:
    """What a program prints in a process of its own."""
    hook = "from preview import lazy_sdk; lazy_sdk.install()\n" if lazily else ""
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n{hook}{dedent(program)}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def _package_folder(package: str) -> Path:
    top, _, below = package.partition(".")
    spec = importlib.util.find_spec(top)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0], *below.split("."))


def _packages_in_use() -> set[str]:
    """The SDKs' packages whose classes the components name, as `sdk.package` or `sdk.package.version`."""
    found: set[str] = set()
    for file in (ROOT / "components").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for sdk, alias in re.findall(r"^import (pulumi_[a-z]\w*) as (\w+)$", text, re.MULTILINE):
            for service, version in re.findall(rf"\b{alias}\.([a-z]\w*)(?:\.(v\d\w*))?\.", text):
                package = ".".join(part for part in (sdk, service, version) if part)
                if (_package_folder(package) / "__init__.py").is_file():  # settings have keys of the same form
                    found.add(package)
    return found


@cache
def _names(package: str) -> list[tuple[str, str]]:
    """Each name that a package's modules export, with its module."""
    folder = _package_folder(package)
    modules = lazy_sdk.exported_by((folder / "__init__.py").read_text(encoding="utf-8"))
    return [(name, module) for module in modules for name in _all_of(folder / f"{module}.py")]


def _all_of(file: Path) -> Iterator[str]:
    text = file.read_text(encoding="utf-8")
    start = text.find("__all__ = [")
    if start >= 0:
        yield from ast.literal_eval(text[start + len("__all__ = ") : text.index("]", start) + 1])
        return
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name


def test_the_packages_that_the_components_use_are_found() -> None:
    assert {"pulumi_aws.ec2", "pulumi_gcp.container", "pulumi_kubernetes.apps.v1"} <= _packages_in_use()


@pytest.mark.parametrize("package", sorted(_packages_in_use()))
def test_each_name_is_looked_for_first_where_the_package_itself_would_take_it_from(package: str) -> None:
    exported = _names(package)
    modules = {module for _, module in exported}
    taken_from = dict(exported)  # of two, the later one
    wrong = {}
    for name, module in taken_from.items():
        found = next((place for place in lazy_sdk.places(name, modules) if (name, place) in exported), module)
        if found != module:
            wrong[name] = (found, module)
    assert wrong == {}


@pytest.mark.parametrize("package", sorted(_packages_in_use() - _PARTLY_BY_HAND))
def test_nearly_every_name_is_found_without_loading_the_whole_package(package: str) -> None:
    exported = _names(package)
    modules = {module for _, module in exported}
    missed = {name for name, _ in exported if not any((name, p) in exported for p in lazy_sdk.places(name, modules))}
    assert len(missed) <= 0.02 * len(exported), sorted(missed)


def test_only_the_named_class_is_loaded() -> None:
    program = """
    from pulumi_aws import ec2
    ec2.Vpc, ec2.VpcArgs
    print([f"pulumi_aws.ec2.{name}" in sys.modules for name in ("vpc", "instance")])
    """
    assert _run(program) == "[True, False]"


def test_a_class_with_the_name_of_its_module_is_the_class() -> None:
    program = """
    import pulumi_kubernetes as kubernetes
    kubernetes.storage.v1.StorageClassArgs
    import pulumi_kubernetes.storage.v1.StorageClass
    print(kubernetes.storage.v1.StorageClass)
    """
    assert _run(program) == "<class 'pulumi_kubernetes.storage.v1.StorageClass.StorageClass'>"


@pytest.mark.parametrize("package", _SMALL_PACKAGES)
@pytest.mark.parametrize("names", ["vars_of_star", "dir(package)"])
def test_the_whole_package_is_what_it_is_without_laziness(package: str, names: str) -> None:
    program = f"""
    import importlib, json
    star = {{}}
    exec("from {package} import *", star)
    vars_of_star = [name for name in star if not name.startswith("_")]
    package = importlib.import_module("{package}")
    own = [name for name in {names} if name not in ("_modules_to_load", "annotations")]
    shown = {{name: repr(getattr(package, name)).partition(" at 0x")[0] for name in own if not name.startswith("__")}}
    print(json.dumps(shown))
    """
    lazily, eagerly = json.loads(_run(program)), json.loads(_run(program, lazily=False))
    assert len(lazily) > 20
    assert lazily == eagerly


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    program = """
    from pulumi_aws import eks
    try:
        eks.NoSuchThing
    except AttributeError as error:
        print(error)
    """
    assert _run(program) == _run(program, lazily=False) == "module 'pulumi_aws.eks' has no attribute 'NoSuchThing'"


def test_a_package_that_no_generator_wrote_loads_as_always(tmp_path: Path) -> None:
    package = tmp_path / "pulumi_ours" / "parts"
    package.mkdir(parents=True)
    (tmp_path / "pulumi_ours" / "__init__.py").touch()
    (package / "__init__.py").write_text("from .one import *\n", encoding="utf-8")
    (package / "one.py").write_text("print('loaded')\n", encoding="utf-8")
    assert _run("sys.path[:0] = ['.']; import pulumi_ours.parts", folder=tmp_path) == "loaded"
