"""The network of a kubeadm cluster: wrong values, and what is read of them."""

from __future__ import annotations

import pytest

from tests.components.settings.configurations import SOUND_SERVERS, loaded, mistakes


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("192.0.2.9-192.0.2.5", "ends before it begins; write 192.0.2.5-192.0.2.9"),
        ("192.0.2.5-", "is no range of IPv4 addresses"),
        ("192.0.2.5/24", "is no range of IPv4 addresses"),
        ("lb.example", "is no range of IPv4 addresses"),
    ],
)
def test_what_is_no_range_of_addresses_is_refused(text: str, problem: str) -> None:
    (found,) = mistakes({("cluster", "load_balancer"): {"pools": {"web": [text]}}}, sound=SOUND_SERVERS)
    assert found.startswith("cluster.load_balancer.pools.web[0]: ")
    assert problem in found


@pytest.mark.parametrize("text", ["10.0.0.240/28", "10.0.0.240-10.0.0.250", "10.0.0.240"])
def test_a_range_is_written_either_way(text: str) -> None:
    loaded({("cluster", "load_balancer"): {"pools": {"web": [text]}}}, sound=SOUND_SERVERS)


def test_a_chart_may_come_from_elsewhere_where_there_is_one() -> None:
    entry = {"metallb-chart": {"url": "https://mirror.example/metallb.tgz", "sha256": "0" * 64}}
    pools = {"pools": {"web": ["10.0.0.240"]}}
    loaded({("cluster", "downloads"): entry, ("cluster", "load_balancer"): pools}, sound=SOUND_SERVERS)
    assert mistakes({("cluster", "downloads"): entry}, sound=SOUND_SERVERS) == [
        "cluster.downloads.metallb-chart: is downloaded by no host; remove it"
    ]


LOGIN = {"issuer": "https://login.example", "client_id": "kubernetes"}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"issuer": "http://login.example"}, "issuer"),
        ({"issuer": "https://me:word@login.example"}, "issuer"),
        ({"prefix": ""}, "prefix"),
        ({"username_claim": "a claim"}, "username_claim"),
        ({"ca": "MIIB"}, "ca"),
    ],
)
def test_a_login_that_the_api_server_would_not_take_is_refused(changes: dict[str, str], key: str) -> None:
    (found,) = mistakes({("cluster", "login"): {**LOGIN, **changes}}, sound=SOUND_SERVERS)
    assert found.startswith(f"cluster.login.{key}: ")


def test_cilium_is_known_and_the_sums_of_calicos_charts_are_asked_for() -> None:
    loaded({("cluster", "pod_network"): {"kind": "cilium"}}, sound=SOUND_SERVERS)
    found = mistakes({("cluster", "pod_network"): {"kind": "calico"}}, sound=SOUND_SERVERS)
    assert [line.partition(": is missing")[0] for line in found] == [
        "cluster.downloads.calico-chart",
        "cluster.downloads.calico-crds-chart",
    ]
