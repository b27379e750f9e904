"""Fixtures of the live tests: a site per module, made only where this machine can have one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.obstacles import obstacles
from tests.live.site import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site without hosts; its hosts are gone afterwards, whatever the tests did."""
    if found := obstacles():
        pytest.skip("; ".join(found))
    made = Site(_folder(tmp_path_factory))
    try:
        yield made
    finally:
        made.remove()


def _folder(factory: pytest.TempPathFactory) -> Path:
    """Not below a temporary file system: containerd's own overlays need a real one."""
    return factory.mktemp("site")
