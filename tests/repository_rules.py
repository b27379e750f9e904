"""The house rules that no linter knows. Each takes one file's path and text and yields what breaks it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

FILE_LINES: Final = 250
FUNCTION_LINES: Final = 40
CONSTRUCTOR_LINES: Final = 60

# Who may import what; the folders of tests and of the bench may import all.
SDK_FOLDERS: Final = {
    "pulumi_aws": ("components/aws",),
    "pulumi_azure_native": ("components/azure",),
    "pulumi_gcp": ("components/gcp",),
    "pulumi_kubernetes": ("components/incluster",),
    "pulumi_command": ("components/azure", "components/kubeadm", "components/servers"),
}
_PROVIDERS: Final = ("aws", "azure", "gcp", "servers", "kubeadm", "incluster")
_FREE: Final = ("tests", "bench")
_ALONE: Final = ("policies", "preview")
# The stack's settings hold the model of a key that the policy pack reads, so that both refuse the same mistakes.
_SEAMS: Final = {("components/settings/stack.py", "policies.settings.PolicySettings")}

# Written in two halves, so that this file does not name what it forbids.
_REGISTRY_HOSTS: Final = tuple(
    f"{host}.{domain}"
    for host, domain in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("proxy.golang", "org"),
        ("sum.golang", "org"),
        ("static.crates", "io"),
        ("rubygems", "org"),
    )
)
_MACHINE_PATH: Final = re.compile(r"(?<![\w.$}-])/(?:work|root|tmp|home/\w+)/\w[\w./-]*")
_IGNORES: Final = (
    (re.compile(r"#\s*(ruff: )?noqa"), re.compile(r"noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*\W+\w.{7}")),
    (re.compile(r"#\s*pyrefly:"), re.compile(r"pyrefly: ignore\[[\w, -]+\]\W+\w.{7}")),
)


def long_file(path: PurePosixPath, text: str) -> Iterator[str]:
    """A file has one subject, and so at most 250 lines."""
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield f"{path}: {lines} lines, {FILE_LINES} are the limit: split it by subject"


def long_function(path: PurePosixPath, text: str) -> Iterator[str]:
    """A function has at most 40 lines and a constructor 60, its docstring not counted."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            limit = CONSTRUCTOR_LINES if node.name == "__init__" else FUNCTION_LINES
            lines = _length(node) - (_length(node.body[0]) if ast.get_docstring(node) else 0)
            if lines > limit:
                yield f"{path}:{node.lineno}: {node.name} has {lines} lines, {limit} are the limit: name its steps"


def uncollected_test(path: PurePosixPath, text: str) -> Iterator[str]:
    """Pytest collects `tests/**/test_*.py`, functions `test_*` and classes `Test*`; a test elsewhere never runs."""
    collected = path.parts[0] == "tests" and path.name.startswith("test_")
    tree = ast.parse(text)
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and not node.name.startswith("Test")]
    hidden = {test for node in classes for test in node.body} if collected else set(ast.walk(tree))
    for node in sorted(filter(_is_test, hidden), key=lambda node: getattr(node, "lineno", 0)):
        yield f"{path}:{ast.unparse(node).splitlines()[0]} pytest never runs it: name the file test_*.py, a class Test*"


def wrong_type_token(path: PurePosixPath, text: str) -> Iterator[str]:
    """A component's type token is `infraplatform:<folder>:<Class>`, written out where it is registered."""
    if path.parts[0] != "components":
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and any(_last_name(base) == "ComponentResource" for base in node.bases):
            want = f"infraplatform:{path.parts[1]}:{node.name}"
            calls = [call for call in ast.walk(node) if isinstance(call, ast.Call) and _is_super_init(call)]
            found = [ast.literal_eval(arg) for call in calls for arg in call.args[:1] if isinstance(arg, ast.Constant)]
            if found != [want]:
                yield f"{path}:{node.lineno}: {node.name} registers {found}, write super().__init__({want!r}, ...)"


def crossed_border(path: PurePosixPath, text: str) -> Iterator[str]:
    """An SDK is imported in its own folder; a provider's folder knows no other; only compose knows them all."""
    if path.parts[0] in _FREE:
        return
    for line, module in _imports(ast.parse(text)):
        package = module.split(".")[0]
        folders = SDK_FOLDERS.get(package)
        if folders and not any(path.is_relative_to(folder) for folder in folders):
            yield f"{path}:{line}: imports {package}, which belongs to {' and '.join(folders)}: go through the contract"
        if path.parts[0] == "components":
            yield from _crossed_inside_components(path, line, module)
        elif path.parts[0] in _ALONE and package in {"components", "preview", "policies"} - {path.parts[0]}:
            yield f"{path}:{line}: {path.parts[0]} serves any Pulumi program: it knows nothing of {package}"


def lookup(path: PurePosixPath, text: str) -> Iterator[str]:
    """Components look nothing up while they build resources: what must be looked up is config.

    Azure tells some facts of a resource by a list alone (`list_..._output`), which a resource's own output feeds.
    """
    if path.parts[0] != "components":
        return
    tree = ast.parse(text)
    sdks = {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).startswith("pulumi_")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            asks = name == "get" or name.startswith("get_") or (name.startswith("list_") and name[-7:] != "_output")
            if asks and _root_name(node.func) in sdks:
                yield f"{path}:{node.lineno}: {ast.unparse(node.func)} asks the cloud: take it from the settings"


def unexplained_exception(path: PurePosixPath, text: str) -> Iterator[str]:
    """An ignore names its rule and has its reason beside it; types are ignored in pyrefly's own words only."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        where, comment = f"{path}:{token.start[0]}", token.string
        if re.search(r"#\s*(type|pyright|mypy):\s*ignore", comment):
            yield f"{where}: write `# pyrefly: ignore[kind]  # the reason`"
        for marker, explained in _IGNORES:
            if marker.search(comment) and not explained.search(comment):
                yield f"{where}: `{comment}` names no rule or no reason: `# noqa: RULE  why it is right here`"


def machine_detail(path: PurePosixPath, text: str) -> Iterator[str]:
    """No file names a package registry's host or a path that only one machine has."""
    for number, line in enumerate(text.splitlines(), start=1):
        for host in _REGISTRY_HOSTS:
            if host in line:
                yield f"{path}:{number}: names the package registry {host}: the machine's own settings know it"
        found = _MACHINE_PATH.search(line)
        if found:
            yield f"{path}:{number}: {found.group()} is a path of one machine"


def _crossed_inside_components(path: PurePosixPath, line: int, module: str) -> Iterator[str]:
    package, _, rest = module.partition(".")
    if package in {"preview", "tests", "policies", "bench"} and (str(path), module) not in _SEAMS:
        yield f"{path}:{line}: components know nothing of {package}"
    provider = rest.split(".")[0] if package == "components" else ""
    is_compose = path.name == "compose.py" or path.is_relative_to("components/compose")
    shared = path.parts[1] in _PROVIDERS and (
        provider == "incluster" or (provider == "kubeadm" and path.name == "platform.py")
    )
    if provider in _PROVIDERS and not is_compose and path.parts[1] != provider and not shared:
        yield f"{path}:{line}: imports components.{provider}: only compose knows them all; go through the contract"


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")


def _length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).split("[")[0].split(".")[-1]


def _root_name(node: ast.expr) -> str:
    return ast.unparse(node).split(".")[0]


def _is_super_init(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "super().__init__"
