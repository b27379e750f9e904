"""Takes plans out of an artifact that a pull request's own code wrote: a zip file from anyone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Final

MAX_ARTIFACT_MIB: Final = 20  # zipped; the dev stack's two plans take 50 KiB
MAX_FILES: Final = 400
MAX_UNPACKED_MIB: Final = 128
_LARGEST_KIB: Final = {"head/preview.acknowledgements.yaml": 256, "notes.json": 64}  # YAML is slow, a note is short

_WANTED: Final = re.compile(
    r"(?:base|head)/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json|head/preview\.acknowledgements\.yaml|notes\.json"
)


class ArtifactError(Exception):
    """The artifact is not what the preview writes."""


def unpack(content: bytes, folder: Path) -> None:
    """Write the plans and acknowledgements in a zip file to `folder`, and nothing else of it.

    A name that the preview does not write is refused, so that nothing lands outside of `folder`. Sizes are counted
    while unpacking: what the file says of itself is worth nothing.

    Raises:
        ArtifactError: it is no zip file, too large, or holds something else.
    """
    for side in ("base", "head"):
        (folder / side).mkdir(parents=True)
    left = MAX_UNPACKED_MIB * 2**20
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_FILES:
                raise ArtifactError(f"the artifact holds {len(members)} files; at most {MAX_FILES} are read")
            for member in members:
                if member.filename in ("base/", "head/"):
                    continue  # a folder's own entry, which some zip tools write
                if not _WANTED.fullmatch(member.filename):
                    raise ArtifactError(f"the artifact holds {member.filename[:120]!r}, which no preview writes")
                with archive.open(member) as file:
                    data = file.read(left + 1)
                left -= len(data)
                limit_kib = _LARGEST_KIB.get(member.filename)
                if limit_kib and len(data) > limit_kib * 2**10:
                    raise ArtifactError(f"the artifact's {member.filename} takes more than {limit_kib} KiB")
                if left < 0:
                    raise ArtifactError(f"the artifact holds more than {MAX_UNPACKED_MIB} MiB")
                (folder / member.filename).write_bytes(data)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ArtifactError(f"the artifact is no zip file that can be read: {error}") from error
