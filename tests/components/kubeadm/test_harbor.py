"""Harbor is installed with secrets that are made once, answers by TLS of the cluster's CA, and keeps its images."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bcrypt
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from components.kubeadm.charts import chart_files
from components.kubeadm.cluster import KubeadmCluster
from components.kubeadm.harbor import harbor_chart, harbor_manifest, harbor_secret_values
from components.kubeadm.harbor_secrets import make_secrets
from components.kubeadm.pem import load_key
from components.kubeadm.pki import make_pki
from components.kubeadm.program import Block, blocks
from components.settings import HarborRegistrySettings, ProtectionSettings, SelfHostedRegistrySettings
from preview.plan import Operation, Secret
from tests.components.kubeadm.fake_host import FakeHost
from tests.components.kubeadm.test_cluster import command, found, in_the_open, one_and_two, touched
from tests.components.plans import changed, complaints, planned
from tests.contract.servers import cluster, provider
from tools.bundle.contents import blocks_of, images_of

HOST = "registry.cluster.internal:30500"
SECRETS = make_secrets(datetime(2026, 11, 29, tzinfo=UTC))
VALUES = "/etc/infraplatform/secrets/charts/harbor.yaml"


def with_harbor(**settings: Any) -> KubeadmCluster:
    """One control plane, two workers and Harbor in the cluster."""
    return cluster(provider(), registry=HarborRegistrySettings.model_validate(settings))


def told(host: str, **settings: Any) -> dict[str, str]:
    """The public configuration of a host."""
    return blocks_of(command(planned(lambda: with_harbor(**settings)), f"{host}-program").inputs["stdin"])


def values(**settings: Any) -> dict[str, Any]:
    """What the chart is told in the open."""
    text = told("cp-1", **settings)["charts/10-harbor/values.yaml"]
    made: dict[str, Any] = yaml.safe_load(text)
    return made


def member_input(name: str) -> str:
    """The secret blocks that a member is sent."""
    text = command(found(with_harbor), f"{name}-member").inputs["stdin"]
    assert isinstance(text, Secret)
    return text.value


def test_no_secret_of_it_is_in_the_open_anywhere() -> None:
    made_up = tuple(f"made up {name}" for name in SECRETS if name != "username")
    assert in_the_open(found(with_harbor), made_up) == []
    sent = member_input("cp-1")
    assert [text for text in made_up if text not in sent] == [], "all of them reach the control plane"


def test_control_planes_alone_have_its_secrets() -> None:
    assert f"--- {VALUES} 0600\n" in member_input("cp-1")
    assert "--- /etc/infraplatform/secrets/manifests/30-registry-users.yaml 0600\n" in member_input("cp-1")
    assert "made up password" not in member_input("worker-1")


def test_nodes_trust_it_without_the_administrators_password() -> None:
    for name in ("cp-1", "worker-1"):
        text = told(name)[f"containerd/certs.d/{HOST}/hosts.toml"]
        assert text.splitlines() == [f'server = "https://{HOST}"', 'ca = "/etc/kubernetes/pki/ca.crt"']
        assert f"secrets/certs.d/{HOST}" not in member_input(name)


def test_all_that_the_chart_would_make_anew_is_given() -> None:
    given = yaml.safe_load(harbor_secret_values(SECRETS))
    assert len(given["secretKey"]) == 16, "a key of AES-128"
    assert len(given["core"]["xsrfKey"]) == 32
    assert given["core"]["secret"]
    assert given["jobservice"]["secret"]
    assert given["registry"]["secret"]
    assert given["database"]["internal"]["password"]
    assert len({*SECRETS.values()}) == len(SECRETS), "no secret is another's"


def test_its_parts_log_in_at_its_registry_by_the_password_that_the_hash_is_of() -> None:
    login = yaml.safe_load(harbor_secret_values(SECRETS))["registry"]["credentials"]
    name, _, hashed = login["htpasswdString"].partition(":")
    assert name == login["username"]
    assert bcrypt.checkpw(login["password"].encode(), hashed.encode())


def test_tokens_are_signed_by_a_key_of_rsa_that_its_certificate_is_of() -> None:
    core = yaml.safe_load(harbor_secret_values(SECRETS))["core"]
    key = load_key(core["tokenKey"])
    assert isinstance(key, rsa.RSAPrivateKey)
    assert x509.load_pem_x509_certificate(core["tokenCert"].encode()).public_key() == key.public_key()


def test_no_two_clusters_have_one_secret() -> None:
    other = make_secrets(datetime(2026, 11, 29, tzinfo=UTC))
    assert {name for name, text in SECRETS.items() if other[name] == text} == {"username", "registry_username"}


def test_the_administrators_first_password_is_in_the_namespace_before_the_chart() -> None:
    namespace, admin = yaml.safe_load_all(harbor_manifest(SECRETS))
    assert namespace == yaml.safe_load(told("cp-1")["charts/10-harbor/namespace.yaml"]), "neither changes the other"
    assert admin["stringData"] == {"HARBOR_ADMIN_PASSWORD": SECRETS["password"]}
    assert values()["existingSecretAdminPassword"] == admin["metadata"]["name"]


def test_one_port_of_nodes_leads_to_it_and_it_speaks_tls() -> None:
    (service,) = yaml.safe_load_all(told("cp-1", node_port=30600)["charts/10-harbor-objects/templates/objects.yaml"])
    assert [port["nodePort"] for port in service["spec"]["ports"]] == [30600]
    expose = values(node_port=30600)["expose"]
    assert expose["type"] == "clusterIP", "the chart's own service would have a port without TLS"
    assert expose["tls"]["secret"]["secretName"] == "registry-certificate"
    assert values(node_port=30600)["externalURL"] == "https://registry.cluster.internal:30600"
    assert (
        "REGISTRY='registry.cluster.internal:30600'\nREGISTRY_NAMESPACE='harbor'\n"
        in (told("cp-1", node_port=30600)["node.env"])
    )


def test_its_volumes_are_of_the_settings_sizes_and_class() -> None:
    claims = values(size_gib=30, database_size_gib=3, storage_class="fast")["persistence"]["persistentVolumeClaim"]
    assert (claims["registry"]["size"], claims["database"]["size"]) == ("30Gi", "3Gi")
    classes = [claims[part]["storageClass"] for part in ("registry", "database", "redis", "trivy")]
    assert [*classes, claims["jobservice"]["jobLog"]["storageClass"]] == ["fast"] * 5
    assert "storageClass" not in values()["persistence"]["persistentVolumeClaim"]["registry"]


def test_a_bundle_has_all_of_its_images_and_the_scanners_only_with_it() -> None:
    with_it = {image for image in images_of(told("cp-1")) if image.startswith("docker.io/goharbor/")}
    without = {image for image in images_of(told("cp-1", scanner=False)) if image.startswith("docker.io/goharbor/")}
    assert len(with_it) == 9
    assert with_it - without == {"docker.io/goharbor/trivy-adapter-photon:v2.15.1"}
    assert values(scanner=False)["trivy"]["enabled"] is False


def test_it_reaches_others_by_the_hosts_proxy() -> None:
    proxies = {"HTTP_PROXY": "", "HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "10.0.0.0/24,.svc"}
    made = harbor_chart(HarborRegistrySettings(), HOST, proxies).values["proxy"]
    assert made == {"httpsProxy": "http://proxy:3128", "noProxy": "10.0.0.0/24,.svc"}
    proxied = planned(
        lambda: cluster(provider(), registry=HarborRegistrySettings(), proxy={"https": "http://proxy:3128"})
    )
    text = blocks_of(command(proxied, "cp-1-program").inputs["stdin"])["charts/10-harbor/values.yaml"]
    assert yaml.safe_load(text)["proxy"]["httpsProxy"] == "http://proxy:3128"


@pytest.mark.parametrize("changes", [{"size_gib": 30}, {"database_size_gib": 30}, {"storage_class": "fast"}])
def test_it_keeps_its_volumes(changes: dict[str, Any]) -> None:
    preview = changed(with_harbor, lambda: with_harbor(**changes))
    assert f"cp-1: registry.{next(iter(changes))} would change" in complaints(preview)


def self_hosted() -> KubeadmCluster:
    """The same cluster with distribution."""
    return cluster(provider(), registry=SelfHostedRegistrySettings())


def test_it_comes_later_and_is_neither_taken_away_nor_another() -> None:
    assert complaints(changed(one_and_two, with_harbor)) == ""
    for after in (one_and_two, self_hosted):
        assert "cp-1: registry.kind would change" in complaints(changed(with_harbor, after))
    assert "cp-1: registry.kind would change" in complaints(changed(self_hosted, with_harbor))


def test_its_secrets_are_never_made_anew_and_are_protected_like_the_clusters() -> None:
    done = touched(changed(with_harbor, lambda: with_harbor(node_port=30600)))
    assert "cluster-registry" not in done
    assert done["cp-1-program"] is Operation.UPDATE

    def protected() -> KubeadmCluster:
        return cluster(provider(), ProtectionSettings(protect=True), HarborRegistrySettings())

    assert command(found(protected), "cluster-registry").protect
    assert not command(found(with_harbor), "cluster-registry").protect


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    """A control plane with the chart downloaded and its secrets received."""
    made = FakeHost(tmp_path, NODE_NAME="c1", NODE_ROLE="control-plane")
    made.stand_in("kubectl", "")
    made.stand_in("helm", "")
    chart = harbor_chart(HarborRegistrySettings(), HOST, {})
    made.configure(*(Block(f"/etc/infraplatform/{name}", text) for name, text in chart_files([chart]).items()))
    receive(made, "a: 1")
    return made


def receive(host: FakeHost, text: str) -> None:
    """Send the secret values."""
    host.call("receive_secrets install_blocks", given=blocks([Block(VALUES, text, "0600")]))


def installed(host: FakeHost) -> list[str]:
    """What the list says of Harbor, oldest first."""
    calls = [call.partition("--patch ")[2] for call in host.calls("kubectl") if "--patch" in call]
    return [call for call in calls if '"harbor"' in call]


def test_the_secret_values_go_by_a_file_over_the_others(host: FakeHost) -> None:
    ran = host.call("install_charts later")
    assert ran.status == 0
    upgrade, objects = (call for call in host.calls("helm") if " upgrade " in call)
    words = upgrade.split()
    assert words[words.index("--values") + 1].endswith("/charts/10-harbor/values.yaml")
    assert words[words.index("--values") + 2] == f"--values={host.root}{VALUES}"
    assert "secrets" not in objects
    assert "a: 1" not in "".join([*host.calls("helm"), *host.calls("kubectl"), ran.said])


def test_other_secret_values_are_another_installation_and_the_same_are_none(host: FakeHost) -> None:
    host.call("install_charts later")
    host.call("install_charts later")
    same, again = installed(host)
    assert same == again
    receive(host, "a: 2")
    host.call("install_charts later")
    assert installed(host)[-1] != same


def test_its_certificate_is_in_its_own_namespace_and_its_nginx_reads_it_anew(host: FakeHost) -> None:
    host.configure(REGISTRY=HOST, REGISTRY_NAMESPACE="harbor", REGISTRY_DEPLOYMENT="harbor-nginx")
    host.stand_in("kubectl", "[[ $* != *'get secret'* ]] || echo b2xk\n")
    for name, text in make_pki(datetime.now(tz=UTC)).items():
        host.write(f"etc/kubernetes/pki/{name}", text)
    assert host.call("registry_certificate").status == 0
    calls = [call for call in host.calls("kubectl") if "registry-certificate" in call or "restart" in call]
    assert calls
    assert all("-n harbor " in call for call in calls)
    assert "rollout restart deployment harbor-nginx" in calls[-1]
