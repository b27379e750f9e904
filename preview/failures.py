"""The error that a monitor method answers with, in the shape that the SDK catches."""

from __future__ import annotations

import grpc


class MonitorError(grpc.RpcError):
    """A refused call. The SDK turns it into an exception of the program with `details()` as its text."""

    def __init__(self, details: str | None, code: grpc.StatusCode = grpc.StatusCode.UNKNOWN) -> None:
        super().__init__(details)
        self._details = details or code.name
        self._code = code

    def code(self) -> grpc.StatusCode:
        """Return the status with which the call was refused."""
        return self._code

    def details(self) -> str:
        """Return why it was refused."""
        return self._details
