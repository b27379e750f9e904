"""The fields' docstrings, which are the text of messages, of `docs/settings.md` and of the JSON schema.

They are read from the source only when somebody asks: pydantic's `use_attribute_docstrings` reads it at every import,
which costs each preview more than all the rest of loading the settings.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache

from components.settings.base import Settings


@cache
def descriptions(model: type[Settings]) -> dict[str, str]:
    """What each field of a model means, by its name."""
    body = ast.parse(inspect.getsource(model)).body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(f"{model.__name__} is no class")
    found: dict[str, str] = {}
    for statement, following in zip(body.body, body.body[1:], strict=False):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        match following:
            case ast.Expr(value=ast.Constant(value=str(text))):
                found[statement.target.id] = inspect.cleandoc(text)
            case _:
                pass
    return found


def described(model: type[Settings], name: str) -> str:
    """What a field means. Every field has a docstring; a test holds that."""
    return descriptions(model).get(name, "")
