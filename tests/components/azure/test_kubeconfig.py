"""kubeconfigs by kubelogin, and what is read of Azure's own answer."""

from __future__ import annotations

import base64
import json

import pytest

from components.azure.kubeconfig import Endpoint, exec_kubeconfig, read_endpoint
from components.errors import PlatformError
from tests.components.azure.parts import PROVIDER, TENANT

WHERE = Endpoint("https://cluster.hcp.westeurope.azmk8s.io:443", "Y2E=")
ANSWER = """
apiVersion: v1
clusters:
- name: cluster
  cluster: {server: "https://cluster.hcp.westeurope.azmk8s.io:443", certificate-authority-data: Y2E=}
users:
- name: clusterUser
  user: {token: very-secret}
"""


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_token_comes_from_kubelogin_by_the_azure_clis_login() -> None:
    kubeconfig = json.loads(exec_kubeconfig(cluster_name="cluster-1", where=WHERE, provider=PROVIDER))
    (user,) = kubeconfig["users"]
    command = user["user"]["exec"]
    assert command["command"] == "kubelogin"
    assert command["args"] == [
        "get-token",
        "--login",
        "azurecli",
        "--server-id",
        "6dae42f8-4368-4678-94ff-3960e28e3630",
        "--tenant-id",
        TENANT,
    ]
    assert kubeconfig["current-context"] == "cluster-1"


def test_of_azures_answer_address_and_authority_are_taken_and_nothing_else() -> None:
    assert read_endpoint([encoded(ANSWER)]) == WHERE


@pytest.mark.parametrize(
    "answer",
    [[], ["!"], [encoded("a: [")], [encoded("clusters: []")], [encoded("clusters: [{cluster: {}}]")], [encoded("1")]],
)
def test_an_answer_that_is_no_kubeconfig_is_an_error(answer: list[str]) -> None:
    with pytest.raises(PlatformError, match="holds no kubeconfig"):
        read_endpoint(answer)
