"""Writes `docs/settings.md` and its JSON schema anew from the models, or checks that they are current.

python -m components.settings [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from components.settings.document import ROOT, documents


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the documents below `root`, or name those that are not current."""
    parser = argparse.ArgumentParser(prog="python -m components.settings", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a document is not current")
    check = parser.parse_args(arguments).check
    stale = 0
    for name, text in documents().items():
        path = root / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if not check:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}: {'is not current; run `make generate`' if check else 'written'}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
