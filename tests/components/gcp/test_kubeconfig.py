"""kubeconfigs for GKE ask for a token each time and say nothing of whoever made them."""

from __future__ import annotations

import json

from components.gcp.kubeconfig import exec_kubeconfig

TEXT = exec_kubeconfig(cluster_name="dev-1a2b3c4", api_url="https://gke-1.europe-west3.gke.goog", ca_certificate=None)


def test_the_token_is_asked_for_with_the_credentials_that_pulumi_has() -> None:
    command = json.loads(TEXT)["users"][0]["user"]["exec"]
    assert command["command"] == "gke-gcloud-auth-plugin"
    assert command["args"] == ["--use_application_default_credentials"]
    assert command["interactiveMode"] == "IfAvailable"


def test_verification_is_never_turned_off() -> None:
    assert "insecure" not in TEXT


def test_the_current_context_is_the_clusters() -> None:
    config = json.loads(TEXT)
    assert config["current-context"] == config["contexts"][0]["name"] == "dev-1a2b3c4"


def test_the_same_parts_give_the_same_text() -> None:
    again = exec_kubeconfig(
        cluster_name="dev-1a2b3c4", api_url="https://gke-1.europe-west3.gke.goog", ca_certificate=None
    )
    assert again == TEXT
