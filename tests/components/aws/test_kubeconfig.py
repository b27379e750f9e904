"""kubeconfigs that hold no credential."""

from __future__ import annotations

import json
from typing import Any

from components.aws.kubeconfig import exec_kubeconfig


def config(**more: Any) -> Any:
    text = exec_kubeconfig(
        cluster_name="c-1", api_url="https://api.example", ca_certificate="Q0E=", region="eu-west-1", **more
    )
    return json.loads(text)


def test_the_token_comes_from_the_aws_cli_for_this_cluster_and_region() -> None:
    command = config()["users"][0]["user"]["exec"]
    assert command["apiVersion"] == "client.authentication.k8s.io/v1beta1"
    assert [command["command"], *command["args"]] == [
        "aws", "eks", "get-token", "--cluster-name", "c-1", "--region", "eu-west-1",
    ]  # fmt: skip
    assert "env" not in command


def test_the_current_context_leads_to_the_cluster_and_its_user() -> None:
    found = config()
    context = next(entry for entry in found["contexts"] if entry["name"] == found["current-context"])["context"]
    cluster = next(entry for entry in found["clusters"] if entry["name"] == context["cluster"])["cluster"]
    assert cluster == {"server": "https://api.example", "certificate-authority-data": "Q0E="}
    assert context["user"] in [entry["name"] for entry in found["users"]]


def test_a_proxy_is_named_only_where_there_is_one() -> None:
    assert config(proxy_url="socks5://proxy:1080")["clusters"][0]["cluster"]["proxy-url"] == "socks5://proxy:1080"
    assert "proxy-url" not in config()["clusters"][0]["cluster"]
