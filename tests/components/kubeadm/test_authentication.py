"""People log in by an issuer's tokens; strangers still get no further than the health paths."""

from __future__ import annotations

from typing import Any

import yaml

from tests.components.kubeadm.test_node_files import CONTROL_PLANE, WORKER, files

LOGIN: dict[str, Any] = {"issuer": "https://login.example/realms/platform", "client_id": "kubernetes"}


def authentication(**login: Any) -> dict[str, Any]:
    """What the API server reads."""
    found: dict[str, Any] = yaml.safe_load(files(CONTROL_PLANE, login={**LOGIN, **login})["authentication.yaml"])
    return found


def test_strangers_get_no_further_with_logins_than_without() -> None:
    without = yaml.safe_load(files(CONTROL_PLANE)["authentication.yaml"])
    assert authentication()["anonymous"] == without["anonymous"]
    assert "jwt" not in without


def test_users_and_groups_have_a_prefix_that_no_name_of_kubernetes_has() -> None:
    (issuer,) = authentication()["jwt"]
    assert issuer["claimMappings"] == {
        "username": {"claim": "sub", "prefix": "oidc:"},
        "groups": {"claim": "groups", "prefix": "oidc:"},
    }


def test_tokens_for_the_client_alone_are_taken() -> None:
    assert authentication()["jwt"][0]["issuer"] == {"url": LOGIN["issuer"], "audiences": ["kubernetes"]}


def test_more_audiences_are_any_of_them() -> None:
    issuer = authentication(audiences=["ci"])["jwt"][0]["issuer"]
    assert (issuer["audiences"], issuer["audienceMatchPolicy"]) == (["kubernetes", "ci"], "MatchAny")


def test_an_issuer_without_groups_maps_none() -> None:
    assert "groups" not in authentication(groups_claim=None)["jwt"][0]["claimMappings"]


def test_the_issuers_own_authority_is_trusted_for_it() -> None:
    pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    assert authentication(ca=pem)["jwt"][0]["issuer"]["certificateAuthority"] == pem


def test_workers_are_not_told() -> None:
    assert "authentication.yaml" not in files(WORKER, login=LOGIN)
