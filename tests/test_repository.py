"""The whole repository keeps its rules, and each rule catches what breaks it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import repository_rules as rules

ROOT = Path(__file__).parent.parent
_HIDDEN_OF_OURS = {".ci", ".github"}
_NOT_OURS = {"__pycache__", "build", "node_modules"}
_TEXT_SUFFIXES = {"", ".cfg", ".ini", ".json", ".md", ".mod", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml"}

_TYPE_TOKEN = re.compile(r'super\(\).__init__\(\s*"([\w:]+)"')
_COMPONENT = """
class AwsNetwork(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("{token}", "n")
"""

Rule = Callable[[PurePosixPath, str], Iterator[str]]

PYTHON_RULES: list[Rule] = [
    rules.long_file,
    rules.long_function,
    rules.uncollected_test,
    rules.wrong_type_token,
    rules.crossed_border,
    rules.lookup,
    rules.unexplained_exception,
]


def _files(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            foreign = path.name.startswith(".") and path.name not in _HIDDEN_OF_OURS
            if not foreign and path.name not in _NOT_OURS:
                yield from _files(path)
        elif path.suffix in _TEXT_SUFFIXES and path.name != ".git":  # in a worktree .git is a file
            yield path


def _broken(rule: Rule, suffix: str | None = None) -> list[str]:
    return [
        complaint
        for path in _files()
        if suffix is None or path.suffix == suffix
        for complaint in rule(PurePosixPath(path.relative_to(ROOT).as_posix()), path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("rule", PYTHON_RULES, ids=lambda rule: rule.__name__)
def test_every_python_file_keeps_the_rule(rule: Rule) -> None:
    complaints = _broken(rule, ".py")
    assert not complaints, "\n".join(complaints)


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    complaints = _broken(rules.machine_detail)
    assert not complaints, "\n".join(complaints)


def test_no_two_components_share_a_type_token() -> None:
    tokens = Counter(
        token
        for path in _files(ROOT / "components")
        if path.suffix == ".py"
        for token in _TYPE_TOKEN.findall(path.read_text(encoding="utf-8"))
    )
    assert [token for token, uses in tokens.items() if uses > 1] == []


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.long_file, "preview/a.py", "\n" * 251),
        (rules.long_function, "preview/a.py", "def f():\n" + "    x = 1\n" * 40),
        (rules.long_function, "preview/a.py", "class A:\n    def __init__(self):\n" + "        x = 1\n" * 60),
        (rules.uncollected_test, "tests/preview/helpers.py", "def test_it(): ..."),
        (rules.uncollected_test, "preview/test_it.py", "def test_it(): ..."),
        (rules.uncollected_test, "tests/test_a.py", "class Checks:\n    def test_it(self): ..."),
        (
            rules.wrong_type_token,
            "components/aws/network.py",
            _COMPONENT.format(token="infraplatform:aws:Network"),
        ),
        (rules.wrong_type_token, "components/aws/network.py", "class AwsNetwork(ComponentResource): ..."),
        (rules.crossed_border, "components/azure/network.py", "import pulumi_aws as aws"),
        (rules.crossed_border, "components/kubeadm/cluster.py", "from pulumi_gcp import compute"),
        (rules.crossed_border, "preview/check.py", "def f():\n    import pulumi_kubernetes.core"),
        (rules.crossed_border, "components/azure/network.py", "from components.aws import network"),
        (rules.crossed_border, "components/contract.py", "import components.aws.network"),
        (rules.crossed_border, "components/servers/machines.py", "from components.kubeadm import cluster"),
        (rules.crossed_border, "components/naming.py", "from preview import plan"),
        (rules.crossed_border, "components/settings/stack.py", "from policies.catalogue import CATALOGUE"),
        (rules.crossed_border, "policies/rules/aws_nodes.py", "from components import versions"),
        (rules.crossed_border, "preview/policies.py", "import policies.catalogue"),
        (rules.lookup, "components/aws/network.py", "import pulumi_aws as aws\naws.ec2.get_vpc(id='x')"),
        (rules.lookup, "components/aws/network.py", "from pulumi_aws import ec2\nec2.Vpc.get('a', 'vpc-1')"),
        (rules.lookup, "components/azure/a.py", "from pulumi_azure_native import web\nweb.list_keys(name='a')"),
        (rules.unexplained_exception, "preview/a.py", "x = 1  # noqa"),
        (rules.unexplained_exception, "preview/a.py", "x = 1  # noqa: E501"),
        (rules.unexplained_exception, "preview/a.py", "x = 1  # type: " + "ignore[assignment]  # it is so"),
        (rules.unexplained_exception, "preview/a.py", "x = 1  # pyrefly: ignore"),
        (rules.unexplained_exception, "preview/a.py", "x = 1  # pyrefly: ignore[bad-return]"),
        (rules.machine_detail, "README.md", "get it from https://" + "pypi" + ".org/simple"),
        (rules.machine_detail, "docs/a.md", "see " + "/root" + "/notes.md"),
    ],
)
def test_a_rule_catches_what_breaks_it(rule: Rule, path: str, text: str) -> None:
    complaints = list(rule(PurePosixPath(path), text))
    assert len(complaints) == 1
    assert complaints[0].startswith(path)


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.long_function, "preview/a.py", 'def f():\n    """Says' + "\n" * 60 + '    much."""\n    return 1'),
        (
            rules.wrong_type_token,
            "components/aws/network.py",
            _COMPONENT.format(token="infraplatform:aws:AwsNetwork"),
        ),
        (rules.crossed_border, "components/aws/network.py", "import pulumi_aws as aws"),
        (rules.crossed_border, "components/settings/stack.py", "from policies.settings import PolicySettings"),
        (rules.crossed_border, "policies/__main__.py", "from policies.server import serve"),
        (rules.crossed_border, "components/aws/addons.py", "from components.incluster import charts"),
        (rules.crossed_border, "components/compose.py", "def f():\n    from components.aws.network import AwsNetwork"),
        (rules.lookup, "components/aws/network.py", "import pulumi_aws as aws\n{}.get('a')\naws.ec2.Vpc('a')"),
        (
            rules.lookup,
            "components/azure/a.py",
            "from pulumi_azure_native import web\nweb.list_keys_output(name=a)",
        ),
        (rules.unexplained_exception, "preview/a.py", "x = 1  # noqa: BLE001  the program may raise anything"),
        (rules.unexplained_exception, "preview/a.py", "x = 1  # pyrefly: ignore[bad-return]  # its stub is wrong"),
        (rules.machine_detail, "docs/a.md", "registry.k8s.io/pause and $HOME/tmp/x and .venv/root/x"),
    ],
)
def test_a_rule_leaves_alone_what_keeps_it(rule: Rule, path: str, text: str) -> None:
    assert list(rule(PurePosixPath(path), text)) == []


def _requirement_lines(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


def _pins(*names: str) -> dict[str, Requirement]:
    requirements = [Requirement(line.split("#")[0]) for name in names for line in _requirement_lines(name)]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_to_one_version(name: str) -> None:
    loose = [line for line in _requirement_lines(name) if not re.match(r"[\w.-]+==[\w.]+(?: ;.*)?(?:\s+#.*)?$", line)]
    assert loose == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_that_we_chose_has_its_reason_beside_it(name: str) -> None:
    chosen = (ROOT / name).read_text(encoding="utf-8").split("# Needed by")[0].splitlines()
    assert [line for line in chosen if "==" in line and not re.search(r"\s# \w+", line)] == []


@pytest.mark.parametrize("names", [("requirements.txt",), ("requirements.txt", "requirements-dev.txt")])
def test_what_a_pinned_package_needs_is_pinned_too_and_fits(names: tuple[str, ...]) -> None:
    pins = _pins(*names)
    faults = []
    for name, pin in pins.items():
        if pin.marker and not pin.marker.evaluate():
            continue
        installed = metadata.distribution(name)
        if not pin.specifier.contains(installed.version, prereleases=True):
            faults.append(f"{pin} is pinned, {installed.version} is installed")
        for need in map(Requirement, installed.requires or []):
            if need.marker and not need.marker.evaluate({"extra": ""}):
                continue
            have = pins.get(canonicalize_name(need.name))
            if have is None:
                faults.append(f"{name} needs {need.name}, which is not pinned")
            elif not need.specifier.contains(next(iter(have.specifier)).version, prereleases=True):
                faults.append(f"{name} needs {need}, but {have} is pinned")
    assert faults == []
