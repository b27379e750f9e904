"""Where own servers get their binaries from, and through what: wrong values, and what is read of them."""

from __future__ import annotations

import pytest

from components.settings import KubeadmClusterSettings
from tests.components.settings.configurations import SOUND_SERVERS, loaded, mistakes


def test_the_password_of_a_proxy_is_refused_and_not_shown() -> None:
    (found,) = mistakes({("cluster", "proxy"): {"https": "http://me:hunter2@proxy.example:3128"}}, sound=SOUND_SERVERS)
    assert found == (
        "cluster.proxy.https: has a user and a password, which every program on the hosts would show; let the proxy "
        "know the hosts by address, and write its address alone"
    )


@pytest.mark.parametrize("url", ["proxy.example:3128", "socks5://proxy.example", "http://proxy.example/path", ""])
def test_what_is_no_proxy_is_refused(url: str) -> None:
    (found,) = mistakes({("cluster", "proxy"): {"http": url}}, sound=SOUND_SERVERS)
    assert found.startswith("cluster.proxy.http: ")


@pytest.mark.parametrize("url", ["https://mirror.example/", "ftp://mirror.example", "https://me:word@mirror.example/a"])
def test_what_is_no_mirror_is_refused(url: str) -> None:
    (found,) = mistakes({("cluster", "download_mirror"): url}, sound=SOUND_SERVERS)
    assert found.startswith("cluster.download_mirror: ")


@pytest.mark.parametrize("url", ["https://mirror.example", "http://10.0.0.9:8080/files/a", "file:///srv/mirror"])
def test_mirrors_are_servers_and_folders_of_the_hosts(url: str) -> None:
    cluster = loaded({("cluster", "download_mirror"): url}, sound=SOUND_SERVERS).cluster
    assert isinstance(cluster, KubeadmClusterSettings)
    assert cluster.download_mirror == url
