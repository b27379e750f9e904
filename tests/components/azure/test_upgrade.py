"""What AKS refuses of upgrades is refused at preview, with what to do instead."""

from __future__ import annotations

import pytest

from components.azure.upgrade import minor
from tests.components.azure.clusters import with_cluster
from tests.components.plans import changed, complaints


def test_the_preview_of_a_skipped_minor_fails_with_the_next_one() -> None:
    preview = changed(with_cluster(version="1.34"), with_cluster(version="1.36"))
    assert "write 1.35 and run `pulumi up`" in complaints(preview)


def test_the_preview_of_a_downgrade_fails() -> None:
    preview = changed(with_cluster(version="1.36"), with_cluster(version="1.35"))
    assert "goes back from 1.36 to 1.35" in complaints(preview)


def test_the_preview_of_the_next_minor_is_clean() -> None:
    assert complaints(changed(with_cluster(version="1.35"), with_cluster(version="1.36"))) == ""


@pytest.mark.parametrize(("version", "found"), [("1.35", "1.35"), ("1.35.4", "1.35")])
def test_a_patch_that_aks_brought_is_no_other_minor(version: str, found: str) -> None:
    assert minor(version) == found
