"""`make record`: records every stack's plan as this version makes it, at each release.

A version that was released is never recorded again: `python -m tests.recorded` refuses where the plans would change,
unless `--again` says that the version is not out yet.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

from preview.report.planning import write_plan
from preview.runner import preview
from tests.recorded.gate import Recorded, compact
from tests.stacks.stack_files import STACK_FILES
from tests.support import ROOT


def main(arguments: list[str]) -> int:
    """Write the plans of all stack files; return the exit code."""
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    folder = Recorded(version, "").folder
    with TemporaryDirectory() as temporary:
        fresh = Path(temporary) / version
        fresh.mkdir()
        for stack, stack_file in STACK_FILES.items():
            recorded = Recorded(version, stack)
            shutil.copyfile(stack_file, fresh / recorded.stack_file.name)
            plan = preview(ROOT, stack, config_file=stack_file)
            if plan.failed:
                print(
                    f"error: {stack} cannot be planned: {[item.message for item in plan.diagnostics]}", file=sys.stderr
                )
                return 1
            write_plan(compact(plan), fresh / recorded.plan_file.name)
        if folder.exists() and _differ(folder, fresh) and "--again" not in arguments:
            print(f"error: {version} is recorded already; raise the version in pyproject.toml first", file=sys.stderr)
            return 1
        folder.mkdir(exist_ok=True)
        for file in sorted(fresh.iterdir()):
            shutil.copyfile(file, folder / file.name)
    print(f"recorded {len(STACK_FILES)} stacks of {version}")
    return 0


def _differ(old: Path, new: Path) -> bool:
    return any(
        not (old / file.name).exists() or (old / file.name).read_bytes() != file.read_bytes() for file in new.iterdir()
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
