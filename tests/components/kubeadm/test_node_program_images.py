"""Images that come as archives: no registry has them, so hosts keep them as long as they are wanted."""

from __future__ import annotations

import hashlib
from pathlib import Path

from components.kubeadm.program import Block
from tests.components.kubeadm.fake_host import FakeHost


def test_containerd_keeps_what_came_as_an_archive_until_the_configuration_names_it_no_more(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    host.stand_in("ctr", "[[ $* != *list* ]] || echo web/app:1")
    archive = host.write("srv/app.tar", "an image")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    host.configure(Block("/etc/infraplatform/images", f"web/app:1 {digest} file://{archive}"))
    host.run("install")
    assert labelled(host) == ["web/app:1 io.cri-containerd.pinned=pinned"]
    host.configure(Block("/etc/infraplatform/images", ""))
    host.run("install")
    assert labelled(host)[1:] == ["web/app:1 io.cri-containerd.pinned="]
    host.run("install")
    assert len(labelled(host)) == 2


def labelled(host: FakeHost) -> list[str]:
    """What containerd was told to label, and how."""
    start = "-n k8s.io images label "
    return [call.removeprefix(start) for call in host.calls("ctr") if call.startswith(start)]
