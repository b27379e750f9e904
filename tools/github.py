"""The few calls of GitHub's REST API that the workflows need, with nothing but the standard library.

Source: docs.github.com/en/rest (pulls, issues/comments, actions/artifacts, actions/workflow-runs), read 2026-11-29.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_TIMEOUT_SECONDS: Final = 60
_PAGE: Final = 100
_REDIRECTIONS: Final = (301, 302, 303, 307, 308)


class GitHubError(Exception):
    """GitHub said no, or could not be reached."""


@dataclass(frozen=True)
class GitHub:
    """One repository, seen with one token."""

    repository: str
    token: str
    api: str = "https://api.github.com"

    @classmethod
    def of_job(cls) -> GitHub:
        """Return the repository of the job that this runs in."""
        environment = os.environ
        return cls(
            repository=environment["GITHUB_REPOSITORY"],
            token=environment["GITHUB_TOKEN"],
            api=environment.get("GITHUB_API_URL", cls.api),
        )

    def get(self, path: str, **query: str | int) -> Any:
        """Return what is at a path below the repository."""
        return json.loads(self._send("GET", f"{path}?{urllib.parse.urlencode(query)}"))

    def pages(self, path: str, **query: str | int) -> Iterator[Any]:
        """Yield the items of a list, page by page."""
        page = 1
        while True:
            items: list[Any] = self.get(path, per_page=_PAGE, page=page, **query)
            yield from items
            if len(items) < _PAGE:
                return
            page += 1

    def post(self, path: str, body: Mapping[str, str]) -> None:
        """Create something."""
        self._send("POST", path, body)

    def patch(self, path: str, body: Mapping[str, str]) -> None:
        """Change something."""
        self._send("PATCH", path, body)

    def download(self, path: str, at_most: int) -> bytes:
        """Return a file that GitHub redirects to; the storage that holds it is not shown the token.

        Raises:
            GitHubError: it is larger than `at_most` bytes.
        """
        with _without_redirection().open(self._request("GET", path, None), timeout=_TIMEOUT_SECONDS) as answer:
            status, location = answer.status, answer.headers.get("Location", "")
        if status not in _REDIRECTIONS or not location.startswith(("https://", f"{self.api}/")):
            raise GitHubError(f"{path}: {status} instead of the place of the file")
        return _read(urllib.request.Request(location), at_most)  # noqa: S310  the scheme is checked above

    def _send(self, method: str, path: str, body: Mapping[str, str] | None = None) -> bytes:
        return _read(self._request(method, path, body), at_most=16 * 2**20)

    def _request(self, method: str, path: str, body: Mapping[str, str] | None) -> urllib.request.Request:
        return urllib.request.Request(  # noqa: S310  the address is the job's own
            f"{self.api}/repos/{self.repository}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )


def _without_redirection() -> urllib.request.OpenerDirector:
    """Return an opener that hands a redirection over as it is."""
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
        opener.add_handler(handler)
    return opener


def _read(request: urllib.request.Request, at_most: int) -> bytes:
    """Return an answer's body."""
    shown = f"{request.get_method()} {urllib.parse.urlsplit(request.full_url).path}"
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310  as where it is made
            content: bytes = answer.read(at_most + 1)
    except urllib.error.HTTPError as error:
        raise GitHubError(f"{shown}: {error.code} {error.read(500).decode('utf-8', 'replace')}") from None
    except OSError as error:
        raise GitHubError(f"{shown}: {error}") from None
    if len(content) > at_most:
        raise GitHubError(f"{shown}: more than {at_most / 2**20:.0f} MiB")
    return content
