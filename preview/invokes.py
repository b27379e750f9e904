"""What an offline preview answers to questions about the world: checked-in fixtures, or "unknown".

`preview.fixtures.yaml` beside `Pulumi.yaml`:

    invokes:
      aws:index/getRegion:getRegion:
        - result: {name: us-east-1}                        # for any arguments
      aws:ec2/getAmi:getAmi:
        - args: {owners: [amazon]}                         # these arguments, whatever else is asked
          result: {id: ami-0123}
    stack_references:
      organization/network/dev:
        outputs: {vpc_id: vpc-0123, token: unknown}
        secret_outputs: [token]                            # their values are always unknown here
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from preview.documents import read_mapping
from preview.errors import PreviewError
from preview.plan import Secret
from preview.wire import UNKNOWN_TEXT

FIXTURES_FILE: Final = "preview.fixtures.yaml"
_SECTIONS: Final = ("invokes", "stack_references")


class Fixtures:
    """The recorded answers of one project."""

    def __init__(self, invokes: Mapping[str, list[Mapping[str, Any]]], stacks: Mapping[str, Mapping[str, Any]]) -> None:
        self._invokes = invokes
        self._stacks = stacks

    @classmethod
    def load(cls, directory: Path) -> Fixtures:
        """Read the fixtures of a project; there may be none.

        Raises:
            PreviewError: the file is not in the form above.
        """
        path = directory / FIXTURES_FILE
        if not path.is_file():
            return cls({}, {})
        document = read_mapping(path)
        problems = [
            f"{path}: {key}: is unknown; write {' or '.join(_SECTIONS)}" for key in document if key not in _SECTIONS
        ]
        invokes = _mapping(document.get("invokes"), f"{path}: invokes", problems)
        stacks = _mapping(document.get("stack_references"), f"{path}: stack_references", problems)
        for token, entries in invokes.items():
            if not _are_results(entries):
                problems.append(f"{path}: invokes: {token}: write a list of `- args: {{...}}` and `result: {{...}}`")
        for stack, entry in stacks.items():
            if not isinstance(entry, dict) or not isinstance(cast("dict[str, Any]", entry).get("outputs"), dict):
                problems.append(f"{path}: stack_references: {stack}: write `outputs: {{...}}` below it")
        if problems:
            raise PreviewError("\n".join(problems))
        return cls(invokes, stacks)

    def invoke(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the first recorded result whose arguments are among `args`; None where there is none."""
        for entry in self._invokes.get(token, ()):
            wanted: Mapping[str, Any] = entry.get("args") or {}
            if all(key in args and args[key] == value for key, value in wanted.items()):
                return cast("Mapping[str, Any]", entry["result"])
        return None

    def stack_outputs(self, stack: str) -> Mapping[str, Any] | None:
        """Return what a StackReference to `stack` gives, `outputs` and `secretOutputNames`; None if unknown."""
        entry = self._stacks.get(stack)
        if entry is None:
            return None
        secret = [str(name) for name in entry.get("secret_outputs") or ()]
        outputs: dict[str, Any] = dict(entry["outputs"])
        # One unknown output makes the SDK take all for unknown. This text it takes for known, `wire.py` for unknown.
        outputs.update({name: Secret(f"secret-{UNKNOWN_TEXT}") for name in secret})
        return {"name": stack, "outputs": outputs, "secretOutputNames": sorted(secret)}


def _mapping(section: Any, where: str, problems: list[str]) -> dict[str, Any]:
    if section is None:
        return {}
    if isinstance(section, dict):
        return cast("dict[str, Any]", section)
    problems.append(f"{where}: holds a {type(section).__name__}; write `name: ...` lines below it")
    return {}


def _are_results(entries: Any) -> bool:
    return isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("result"), dict) and isinstance(entry.get("args", {}), dict)
        for entry in cast("list[dict[str, Any]]", entries)
    )
