"""A GitHub of the tests' own: the few paths of its API that the workflows ask, over HTTP on the loopback interface."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from tools.comment import Page
from tools.github import GitHub

TOKEN: Final = "the-jobs-token"
REPOSITORY: Final = "acme/platform"


HEAD: Final = "a" * 40
RUN: Final[dict[str, Any]] = {
    "id": 11,
    "event": "pull_request",
    "head_sha": HEAD,
    "head_branch": "proposed",
    "head_repository": {"id": 5, "owner": {"login": "someone"}},
}
PAGE: Final = Page(Path(os.devnull), "https://forge.example/acme/platform/actions/runs/12")


class Forge:
    """What GitHub knows, and what it was told."""

    def __init__(self) -> None:
        self.pulls: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.artifacts: list[dict[str, Any]] = []
        self.runs: list[dict[str, Any]] = []
        self.jobs: dict[str, list[dict[str, Any]]] = {}
        self.content = b""
        self.storage_saw_token = False
        self.written: list[tuple[str, str, str]] = []  # the method, the path, the comment's text
        self.github = GitHub(repository=REPOSITORY, token=TOKEN)

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: dict[str, str] | None) -> Any:
        if method != "GET":
            self.written.append((method, path, (body or {})["body"]))
            return None
        page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["30"])[0])
        lists: dict[str, list[dict[str, Any]]] = {
            "pulls": [item for item in self.pulls if item["branch"] == query.get("head", [""])[0]],
            "issues/7/comments": self.comments,
        }
        if path in lists:
            return lists[path][(page - 1) * size : page * size]
        parts = path.split("/")
        if parts[:2] == ["actions", "runs"]:
            run, kind = parts[2], parts[3]
            return {kind: self.artifacts if kind == "artifacts" else self.jobs[run]}
        return {"workflow_runs": self.runs}


class _Server(ThreadingHTTPServer):
    def __init__(self, forge: Forge) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.forge = forge
        self.address = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that has read enough hangs up."""


class _Handler(BaseHTTPRequestHandler):
    def _handle(self) -> None:
        server, url = cast("_Server", self.server), urlsplit(self.path)
        forge = server.forge
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        path = url.path.removeprefix(f"/repos/{REPOSITORY}/")
        if url.path == "/storage":
            forge.storage_saw_token = "Authorization" in self.headers
            self._send(200, forge.content)
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, b"{}")
        elif path.endswith("/zip"):
            self._send(302, b"", f"{server.address}/storage")
        else:
            self._send(200, json.dumps(forge.answer(self.command, path, parse_qs(url.query), body)).encode())

    do_GET = do_POST = do_PATCH = _handle  # noqa: N815  the library's names

    def _send(self, status: int, content: bytes, location: str | None = None) -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Say nothing."""


@contextmanager
def served() -> Iterator[Forge]:
    """Yield a forge that answers until the end."""
    forge = Forge()
    server = _Server(forge)
    forge.github = GitHub(repository=REPOSITORY, token=TOKEN, api=server.address)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pull(number: int, *, sha: str = HEAD, repository: int = 5, branch: str = "someone:proposed") -> dict[str, Any]:
    return {"number": number, "branch": branch, "head": {"sha": sha, "repo": {"id": repository}}}


def upload(forge: Forge, content: bytes) -> None:
    forge.content = content
    forge.artifacts = [{"id": 3, "size_in_bytes": len(content)}]
