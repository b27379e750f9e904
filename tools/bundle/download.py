"""Files by address and sum: resumed where they broke off, in their place only when they are whole and right."""

from __future__ import annotations

import hashlib
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Final

from tools.bundle.contents import BundleError

TIMEOUT_SECONDS: Final = 60
TRIES: Final = 3
_PIECE: Final = 1 << 20
_PART: Final = ".part"


def fetch(url: str, sha256: str, target: Path, headers: Mapping[str, str] | None = None) -> bool:
    """Have a file at its place; whether it was fetched now.

    What is there is taken as right: nothing else puts a file there. The headers are not sent on to where a server
    redirects to.

    Raises:
        BundleError: it cannot be had, or has another sum; then nothing of it stays.
    """
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + _PART)
    _receive_with_patience(url, part, headers or {})
    with part.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != sha256:
        part.unlink()
        raise BundleError(f"{url} has sha256 {actual}, not {sha256}; find out why before you write that one")
    part.rename(target)
    return True


def _receive_with_patience(url: str, part: Path, headers: Mapping[str, str]) -> None:
    """Each try goes on where the last one ended."""
    for left in reversed(range(TRIES)):
        try:
            _receive(url, part, headers)
        except urllib.error.HTTPError as error:
            raise BundleError(f"{url} answers {error.code} {error.reason}") from error
        except (urllib.error.URLError, HTTPException, OSError) as error:
            if not left:
                reason = getattr(error, "reason", error)
                raise BundleError(
                    f"{url} cannot be fetched ({reason}); run this again, it goes on from here"
                ) from error
            time.sleep(1)
        else:
            return


def _receive(url: str, part: Path, headers: Mapping[str, str]) -> None:
    size = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url)  # noqa: S310  the settings allow http, https and file
    for name, value in headers.items():
        request.add_unredirected_header(name, value)
    if size and url.startswith("http"):
        request.add_header("Range", f"bytes={size}-")
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)  # noqa: S310  as above
    except urllib.error.HTTPError as error:
        if error.code == 416 and size:  # nothing is beyond: the part is whole, and its sum is looked at
            return
        raise
    with answer, part.open("ab" if answer.status == 206 else "wb") as file:
        expected = answer.headers.get("Content-Length")
        received = 0
        while piece := answer.read(_PIECE):
            file.write(piece)
            received += len(piece)
    if expected is not None and received != int(expected):
        raise OSError(f"{received} of {expected} bytes came")
