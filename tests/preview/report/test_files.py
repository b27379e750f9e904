"""Which stacks a checkout has, and whether two checkouts must plan one alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from preview.errors import PreviewError
from preview.report.files import Manifest, Tree, may_differ, plans_alike

FILES = {
    "Pulumi.yaml": "name: demo",
    "Pulumi.dev.yaml": "dev",
    "examples/Pulumi.prod.yaml": "prod",
    "__main__.py": "import lib",
    "lib.py": "x = 1",
    "unused.py": "y = 1",
    "requirements.txt": "pulumi==1",
}
STACK = "Pulumi.dev.yaml"


def _tree(folder: Path, **changed: str | None) -> Tree:
    names = {name.replace("/", "_").replace(".", "_"): name for name in FILES}
    files: dict[str, str | None] = {**FILES, **{names.get(key, key): text for key, text in changed.items()}}
    for name, text in files.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return Tree(folder, folder)


def _manifest(tree: Tree, *names: str, folders: tuple[str, ...] = (), elsewhere: tuple[str, ...] = ()) -> Manifest:
    seen: dict[str, Any] = {
        "files": [str(tree.root / name) for name in names or ("__main__.py", "lib.py")],
        "folders": [str(tree.root / name) for name in folders],
        "elsewhere": list(elsewhere),
    }
    return Manifest.of(seen, tree)


@pytest.fixture
def base(tmp_path: Path) -> Tree:
    return _tree(tmp_path / "base")


def test_stack_files_are_found_beside_the_project_file_and_below(base: Tree) -> None:
    assert base.stacks == {"dev": "Pulumi.dev.yaml", "prod": "examples/Pulumi.prod.yaml"}


def test_another_project_below_has_its_own_stacks(base: Tree) -> None:
    (base.root / "other").mkdir()
    (base.root / "other" / "Pulumi.yaml").write_text("name: other")
    (base.root / "other" / "Pulumi.theirs.yaml").write_text("")
    assert "theirs" not in base.stacks


def test_two_files_of_one_stack_are_refused(base: Tree) -> None:
    (base.root / "examples" / "Pulumi.dev.yaml").write_text("")
    with pytest.raises(PreviewError, match="is of stack dev, too"):
        _ = base.stacks


def test_the_same_files_give_the_same_plan(base: Tree, tmp_path: Path) -> None:
    assert plans_alike(STACK, _manifest(base), base, _tree(tmp_path / "head"))


@pytest.mark.parametrize(
    "changed",
    [
        {"lib_py": "x = 2"},
        {"__main___py": "import lib  # again"},
        {"Pulumi_dev_yaml": "other"},
        {"Pulumi_yaml": "name: other"},
        {"requirements_txt": "pulumi==2"},
    ],
)
def test_a_changed_file_that_was_loaded_or_locks_packages_does_not(
    base: Tree, tmp_path: Path, changed: dict[str, str]
) -> None:
    assert not plans_alike(STACK, _manifest(base), base, _tree(tmp_path / "head", **changed))


@pytest.mark.parametrize("changed", [{"unused_py": "y = 2"}, {"examples_Pulumi_prod_yaml": "other"}])
def test_a_changed_file_that_was_not_loaded_does(base: Tree, tmp_path: Path, changed: dict[str, str]) -> None:
    assert plans_alike(STACK, _manifest(base), base, _tree(tmp_path / "head", **changed))


def test_a_new_module_that_could_shadow_another_does_not(base: Tree, tmp_path: Path) -> None:
    head = _tree(tmp_path / "head")
    (head.root / "yaml.py").write_text("")
    assert not plans_alike(STACK, _manifest(base), base, head)


def test_a_file_that_is_gone_does_not(base: Tree, tmp_path: Path) -> None:
    assert not plans_alike(STACK, _manifest(base), base, _tree(tmp_path / "head", unused_py=None))


def test_a_file_that_was_looked_for_and_has_come_does_not(base: Tree, tmp_path: Path) -> None:
    head = _tree(tmp_path / "head")
    (head.root / "data.yaml").write_text("")
    assert not plans_alike(STACK, _manifest(base, "__main__.py", "data.yaml"), base, head)


def test_another_stacks_file_that_moved_matters_only_to_a_program_that_lists_folders(
    base: Tree, tmp_path: Path
) -> None:
    head = _tree(tmp_path / "head", examples_Pulumi_prod_yaml=None)
    (head.root / "moved").mkdir()
    (head.root / "moved" / "Pulumi.prod.yaml").write_text("prod")
    assert plans_alike(STACK, _manifest(base), base, head)
    assert not plans_alike(STACK, _manifest(base, folders=("examples",)), base, head)


def test_what_asked_something_else_than_files_is_planned_again(base: Tree, tmp_path: Path) -> None:
    head = _tree(tmp_path / "head")
    assert not plans_alike(STACK, _manifest(base, elsewhere=("subprocess.Popen",)), base, head)


def test_what_read_a_file_beside_the_checkout_is_planned_again(base: Tree, tmp_path: Path) -> None:
    manifest = _manifest(base, "lib.py", str(tmp_path / "beside" / "lib.py"))
    assert manifest.files is None
    assert not plans_alike(STACK, manifest, base, _tree(tmp_path / "head"))


def test_a_link_to_a_device_is_no_file(base: Tree) -> None:
    (base.root / "endless").symlink_to("/dev/zero")
    assert base.content("endless") is None


def test_environments_caches_and_bytecode_are_no_files_of_a_checkout(base: Tree) -> None:
    for name in (
        ".cache/CACHEDIR.TAG",
        ".cache/x",
        ".venv/pyvenv.cfg",
        ".venv/lib/x.py",
        "__pycache__/lib.cpython-311.pyc",
        ".git/HEAD",
    ):
        (base.root / name).parent.mkdir(parents=True, exist_ok=True)
        (base.root / name).write_text("")
    assert base.names == set(FILES)


def test_a_stack_need_not_be_looked_at_where_only_another_stacks_file_changed(base: Tree, tmp_path: Path) -> None:
    head = _tree(tmp_path / "head", examples_Pulumi_prod_yaml="other")
    assert not may_differ(STACK, base, head)
    assert may_differ("examples/Pulumi.prod.yaml", base, head)


@pytest.mark.parametrize("changed", [{"unused_py": "y = 2"}, {"unused_py": None}])
def test_a_stack_is_looked_at_where_any_other_file_changed(
    base: Tree, tmp_path: Path, changed: dict[str, str | None]
) -> None:
    assert may_differ(STACK, base, _tree(tmp_path / "head", **changed))
