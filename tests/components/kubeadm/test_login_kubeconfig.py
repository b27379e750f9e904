"""People who log in at an issuer have a kubeconfig that anybody may read."""

from __future__ import annotations

import base64
import json
from typing import Any

from components.kubeadm.kubeconfig import login_kubeconfig
from components.settings import LoginSettings

LOGIN = {"issuer": "https://login.example/realms/platform", "client_id": "kubernetes"}


def config(**login: Any) -> dict[str, Any]:
    """The kubeconfig of a cluster with this login."""
    text = login_kubeconfig(
        cluster_name="shop",
        api_url="https://k8s.example:6443",
        ca_certificate="Q0E=",
        login=LoginSettings.model_validate({**LOGIN, **login}),
    )
    found: dict[str, Any] = json.loads(text)
    return found


def words(**login: Any) -> list[str]:
    """What kubectl runs to get a token."""
    (user,) = config(**login)["users"]
    return [user["user"]["exec"]["command"], *user["user"]["exec"]["args"]]


def test_it_leads_to_the_cluster_and_holds_no_credential() -> None:
    found = config()
    assert found["clusters"][0]["cluster"] == {
        "server": "https://k8s.example:6443",
        "certificate-authority-data": "Q0E=",
    }
    assert list(found["users"][0]["user"]) == ["exec"]


def test_a_token_is_of_the_issuer_and_the_client_that_the_api_server_knows() -> None:
    assert words() == [
        "kubectl",
        "oidc-login",
        "get-token",
        "--oidc-issuer-url=https://login.example/realms/platform",
        "--oidc-client-id=kubernetes",
    ]


def test_scopes_and_the_issuers_own_ca_are_said_where_there_are_any() -> None:
    ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    given = words(scopes=["email", "groups"], ca=ca)
    assert given[5:7] == ["--oidc-extra-scope=email", "--oidc-extra-scope=groups"]
    assert given[7] == f"--certificate-authority-data={base64.b64encode(ca.encode()).decode()}"
