"""The user's own line behind a registration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from preview.plan import SourcePosition

if TYPE_CHECKING:
    from pulumi.runtime.proto.resource_pb2 import ReadResourceRequest, RegisterResourceRequest
    from pulumi.runtime.proto.source_pb2 import SourcePosition as WirePosition


class Sources:
    """Turns the positions that the SDK sends into lines of the project."""

    def __init__(self, root: Path) -> None:
        self._prefix = root.as_uri() + "/"

    def of(self, request: RegisterResourceRequest | ReadResourceRequest) -> SourcePosition | None:
        """Return the innermost line of the project itself, else the line that called the SDK; None for the stack."""
        for frame in request.stackTrace.frames:
            if self._is_own(frame.pc.uri):
                return self._position(frame.pc)
        return self._position(request.sourcePosition) if request.HasField("sourcePosition") and request.parent else None

    def _is_own(self, uri: str) -> bool:
        return uri.startswith(self._prefix) and "/site-packages/" not in uri

    def _position(self, position: WirePosition) -> SourcePosition:
        uri = position.uri
        file = uri.removeprefix(self._prefix) if self._is_own(uri) else urlsplit(uri).path
        return SourcePosition(unquote(file), position.line)
