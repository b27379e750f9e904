"""What came encrypted is in no message."""

from __future__ import annotations

from tests.components.settings.configurations import Changes, mistakes

SECRET_NETWORK = {"cidr": "10.77.0.0/16", "egresss": "hidden-word", "flow_log_retention_days": 8}


def test_a_mistake_in_an_encrypted_part_says_only_where_it_is() -> None:
    found = mistakes({("network",): SECRET_NETWORK}, ["infraplatform:network"])
    assert [line.partition(":")[0] for line in found] == ["network.egresss", "network.flow_log_retention_days"]
    assert not any(word in line for line in found for word in ("hidden-word", "8 days", "14"))


def test_a_mistake_elsewhere_shows_no_value_of_an_encrypted_part() -> None:
    changes: Changes = {("network",): {"cidr": "10.77.0.0/16"}, ("cluster", "service_cidr"): "10.77.5.0/24"}
    assert "10.77.0.0/16" in mistakes(changes)[0]
    (found,) = mistakes(changes, ["infraplatform:network"])
    assert "10.77.0.0/16" not in found
    assert "overlaps the network's [secret]" in found


def test_nothing_is_masked_where_nothing_came_encrypted() -> None:
    assert mistakes({("network", "cidr"): "8.8.0.0/16"}, ["infraplatform:pull_through_credentials"]) == [
        "network.cidr: 8.8.0.0/16 is not a private range; write a range inside 10.0.0.0/8, as 10.20.0.0/16"
    ]
