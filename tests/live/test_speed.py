"""How long `up` takes over the same steps by hand, on hosts that are alike and fresh, one after the other."""

from __future__ import annotations

from typing import Final

import pytest

from tests.live import figures
from tests.live.by_hand import ByHand
from tests.live.site import Site

pytestmark = pytest.mark.live

HOSTS: Final = ("cp-1", "worker-1")


def test_up_and_kubeadm_by_hand_make_the_same_nodes(site: Site) -> None:
    control_plane, worker = site.add(*HOSTS)
    person = ByHand(site.folder / "id", site.settings()["cluster"])
    figures.timed(figures.BY_HAND, lambda: person.make(control_plane, worker))
    for name in HOSTS:
        site.hosts.pop(name).remove()
    site.add(*HOSTS)
    site.configure(*HOSTS)
    figures.timed(figures.ONE_AND_ONE, site.stack.up)
    assert site.cluster().nodes() == dict.fromkeys(HOSTS, True)
