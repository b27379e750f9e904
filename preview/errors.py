"""What ends a preview before anything is planned.

PreviewError                exit code 1
+-- StackNotFound           exit code 6
"""

from __future__ import annotations

from typing import ClassVar


class PreviewError(Exception):
    """The preview cannot start: a file is missing or broken, or a setting contradicts the project's declaration."""

    exit_code: ClassVar[int] = 1


class StackNotFound(PreviewError):
    """No stack was named and none is the obvious one, or the named one has no file."""

    exit_code: ClassVar[int] = 6
