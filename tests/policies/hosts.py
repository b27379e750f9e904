"""What is sent to a host, changed in one place: as text, the way a rule gets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import yaml

from policies.properties import Properties

PROGRAM: Final = "#!/bin/bash\n# --- this is no file 0644\nmain\n#--- end of the program\n"
FOLDER: Final = "/etc/infraplatform"


@dataclass(frozen=True)
class Change:
    """A change to what is sent, and the words for it, by which a test is named."""

    said: str
    make: Callable[[str], str] = field(repr=False)

    def __call__(self, text: str) -> Sent:
        """The text with the change."""
        return Sent(self.make(text), self.said)

    def __repr__(self) -> str:
        return self.said


class Sent(str):
    """A text that a test's name shows by what was changed in it."""

    __slots__ = ("said",)
    said: str

    def __new__(cls, text: str, said: str) -> Sent:
        """The text, and the words for it."""
        made = super().__new__(cls, text)
        made.said = said
        return made

    def __repr__(self) -> str:
        return self.said


def sent(files: Mapping[str, list[dict[str, Any]] | str]) -> str:
    """Files as a command sends them, by their path below the public folder or from the root."""
    return PROGRAM + "".join(_block(path, content) for path, content in files.items())


def without(path: str) -> Change:
    """Without one file."""

    def change(text: str) -> str:
        return text.replace(_found(path, text), "")

    return Change(f"no {path}", change)


def with_file(path: str, content: list[dict[str, Any]] | str) -> Change:
    """With one file, in place of that which is there by the path."""

    def change(text: str) -> str:
        held = re.search(_pattern(path), text, re.MULTILINE | re.DOTALL)
        rest = text if held is None else text.replace(held.group(), "")
        return rest + _block(path, content)

    return Change(f"{path}: {str(content)[:60]}", change)


def replacing(old: str, new: str) -> Change:
    """With one piece of text in place of another."""

    def change(text: str) -> str:
        assert old in text, f"{old} is not there"
        return text.replace(old, new)

    return Change(f"{new} for {old}", change)


def setting(path: str, kind: str, *steps: str | int, to: Any) -> Change:
    """With one setting of the document of a kind in a file; without it where it is None."""

    def change(text: str) -> str:
        documents = _documents(path, text)
        (document,) = (document for document in documents if document["kind"] == kind)
        holder: Any = cast("Any", document)
        *above, last = steps
        for step in above:
            holder = holder[step] if isinstance(step, int) else holder.setdefault(step, {})
        if to is None:
            holder.pop(last)
        else:
            holder[last] = to
        return with_file(path, documents)(text)

    return Change(f"{'.'.join(map(str, steps))}={to}", change)


def flag(component: str, name: str, value: str | None) -> Change:
    """With one flag of a component, in place of that which is there; without it where it is None."""

    def change(text: str) -> str:
        documents = _documents("init.yaml", text)
        (cluster,) = (document for document in documents if document["kind"] == "ClusterConfiguration")
        holder = cluster
        for step in component.split("."):
            holder = holder.setdefault(step, {})
        others = [each for each in holder.get("extraArgs", []) if each["name"] != name]
        assert value is not None or others != holder.get("extraArgs"), f"{name} is not set, so nothing would change"
        holder["extraArgs"] = others if value is None else [*others, {"name": name, "value": value}]
        return with_file("init.yaml", documents)(text)

    return Change(f"{component} {name}={value}", change)


def _documents(path: str, text: str) -> list[dict[str, Any]]:
    file = Properties({"stdin": text}).blocks("stdin")[_whole(path)]
    return list(yaml.safe_load_all(file.get()))


def _block(path: str, content: list[dict[str, Any]] | str) -> str:
    text = content if isinstance(content, str) else "---\n".join(yaml.safe_dump(document) for document in content)
    return f"--- {_whole(path)} 0644\n{text.rstrip()}\n"


def _found(path: str, text: str) -> str:
    found = re.search(_pattern(path), text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{path} is not there"
    return found.group()


def _pattern(path: str) -> str:
    return rf"^--- {re.escape(_whole(path))} 0644\n.*?(?=^--- /|\Z)"


def _whole(path: str) -> str:
    return path if path.startswith("/") else f"{FOLDER}/{path}"
