"""`python -m tools.bundle --stack <stack>`: writes a bundle, or says all that it lacks and goes on at the next call."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from preview.documents import read_mapping
from preview.errors import PreviewError
from preview.runner import preview
from tools.bundle.archive import file_name, write_archive
from tools.bundle.contents import Binary, BundleError, Contents, contents_of
from tools.bundle.download import fetch
from tools.bundle.fragment import fragment
from tools.bundle.registry import Registry

ROOT: Final = Path(__file__).resolve().parents[2]
SUMS: Final = "SHA256SUMS"
DEFAULT_URL: Final = "file:///srv/infraplatform"
AT_A_TIME: Final = 4
_SITES_OWN: Final = ("download_mirror", "image_archives", "proxy")
"""What the settings of a site say of a bundle that it has already; the next one comes from upstream again."""


@dataclass(frozen=True)
class Bundle:
    """A bundle's folder, and where the site will have it."""

    folder: Path
    url: str = DEFAULT_URL
    plain: Sequence[str] = ()

    def write(self, contents: Contents) -> list[str]:
        """Write it; what cannot be had is returned, a line each, and then the bundle has no SHA256SUMS.

        What is there is kept, so that the next call goes on.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / SUMS).unlink(missing_ok=True)
        blobs = self.folder / ".blobs"
        (self.folder / "images.txt").write_text("".join(f"{name}\n" for name in contents.images), encoding="utf-8")
        registry = Registry(blobs, self.plain)
        missing = _all(partial(self._binary), contents.binaries)
        missing += _all(partial(self._image, registry, contents.architectures), contents.images)
        if missing:
            return missing
        sums = {
            name: (path, _sum(self.folder / path)) for name in contents.images for path in [f"images/{file_name(name)}"]
        }
        (self.folder / "settings.yaml").write_text(fragment(self.url, contents.binaries, sums), encoding="utf-8")
        self._remove_others(
            {f"binaries/{binary.path}" for binary in contents.binaries} | {path for path, _ in sums.values()}
        )
        shutil.rmtree(blobs, ignore_errors=True)
        self._sum_up()
        return []

    def _binary(self, binary: Binary) -> None:
        if fetch(binary.url, binary.sha256, self.folder / "binaries" / binary.path):
            print(f"fetched {binary.path}", flush=True)

    def _image(self, registry: Registry, architectures: Sequence[str], name: str) -> None:
        target = self.folder / "images" / file_name(name)
        if not target.exists():
            write_archive(registry, registry.image(name, architectures), target)
            print(f"pulled {name}", flush=True)

    def _remove_others(self, ours: set[str]) -> None:
        """What an earlier version of the stack needed is no part of this one."""
        for kind in ("binaries", "images"):
            for path in sorted((self.folder / kind).rglob("*")):
                if path.is_file() and path.relative_to(self.folder).as_posix() not in ours:
                    path.unlink()

    def _sum_up(self) -> None:
        """The sums of all files, last: a bundle without them is not whole."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        lines = [f"{_sum(path)}  {path.relative_to(self.folder).as_posix()}\n" for path in files]
        unfinished = self.folder / f".{SUMS}"
        unfinished.write_text("".join(lines), encoding="utf-8")
        unfinished.rename(self.folder / SUMS)


def contents_of_stack(stack: str, config_file: Path) -> Contents:
    """What the hosts of a stack need, from upstream, whatever mirror its settings name.

    Raises:
        BundleError, PreviewError: the stack cannot be planned, or has no hosts.
    """
    document: dict[str, Any] = read_mapping(config_file)
    cluster = document.get("config", {}).get("infraplatform:cluster", {})
    if isinstance(cluster, dict):
        for key in _SITES_OWN:
            cluster.pop(key, None)
    with tempfile.TemporaryDirectory() as folder:
        upstream = Path(folder) / config_file.name
        upstream.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return contents_of(preview(ROOT, stack, config_file=upstream))


def main(arguments: list[str] | None = None) -> int:
    """Write the bundle of a stack."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=__doc__)
    parser.add_argument("--stack", required=True, help="the stack, or an example's name")
    parser.add_argument("--config-file", type=Path, help="its file, if not Pulumi.<stack>.yaml")
    parser.add_argument("--url", default=DEFAULT_URL, help="where the hosts will find the folder (%(default)s)")
    parser.add_argument("--folder", type=Path, help="what to write (build/bundle-<stack>)")
    parser.add_argument("--plain-http", action="append", default=[], metavar="HOST", help="a registry without TLS")
    given = parser.parse_args(arguments)
    folder = given.folder or ROOT / "build" / f"bundle-{given.stack}"
    try:
        contents = contents_of_stack(given.stack, given.config_file or ROOT / f"Pulumi.{given.stack}.yaml")
        print(
            f"{len(contents.binaries)} binaries, {len(contents.images)} images, for {', '.join(contents.architectures)}"
        )
        missing = Bundle(folder, given.url.rstrip("/"), given.plain_http).write(contents)
    except (BundleError, PreviewError) as error:
        print(error, file=sys.stderr)
        return 1
    if missing:
        _tell_what_is_missing(folder, missing)
        return 1
    print(f"{folder} is whole: see that by `sha256sum --check {SUMS}` in it, at the site too;")
    print(f"have it at {given.url}, and put its settings.yaml into the stack's file")
    return 0


def _tell_what_is_missing(folder: Path, missing: Sequence[str]) -> None:
    listed = "\n".join(f"  - {line}" for line in missing)
    print(f"{folder} is not whole, and keeps what it has; missing:\n{listed}", file=sys.stderr)
    print("Run this again where those can be reached. An image may also be put there by hand:", file=sys.stderr)
    print(
        "  skopeo copy docker://NAME oci-archive:images/FILE.tar:NAME   (FILE: NAME with _ for / and :)",
        file=sys.stderr,
    )


def _all(work: Callable[[Any], None], items: Iterable[Any]) -> list[str]:
    """Do the work for all, some at a time; what is wrong with any."""

    def done(item: Any) -> str | None:
        try:
            work(item)
        except BundleError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(max_workers=AT_A_TIME) as pool:
        return [problem for problem in pool.map(done, items) if problem is not None]


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
