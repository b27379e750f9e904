"""The cluster's own registry: its user, its manifests, and what the node program does for it on a host."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bcrypt
import pytest
import yaml

from components.kubeadm import registry_user
from components.kubeadm.pki import make_pki
from components.kubeadm.program import Block, blocks
from components.kubeadm.registry import NAMESPACE, manifest_text, own_registry, users_manifest
from components.settings import SelfHostedRegistrySettings
from tests.components.kubeadm.fake_host import FakeHost

HOST = "registry.lab.internal:30500"
PUBLIC = "/etc/infraplatform/containerd/certs.d/docker.io/hosts.toml"
SECRET = "/etc/infraplatform/secrets/certs.d/docker.io/hosts.toml"
READ = "etc/containerd/certs.d/docker.io/hosts.toml"


def new_user(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What the program prints."""
    registry_user.main()
    user: dict[str, str] = json.loads(capsys.readouterr().out)
    return user


def test_a_user_s_password_is_the_one_that_the_hash_is_of(capsys: pytest.CaptureFixture[str]) -> None:
    user = new_user(capsys)
    name, _, hashed = user["htpasswd"].partition(":")
    assert name == user["username"] == "platform"
    assert bcrypt.checkpw(user["password"].encode(), hashed.encode())
    assert len(user["password"]) >= 43, "as many bits as a key has"


def test_no_two_users_have_one_password(capsys: pytest.CaptureFixture[str]) -> None:
    assert new_user(capsys)["password"] != new_user(capsys)["password"]


def test_the_registry_has_the_clusters_name_or_one_of_the_users_choice() -> None:
    assert own_registry(SelfHostedRegistrySettings(), "lab").host == HOST
    settings = SelfHostedRegistrySettings(host="images.example.com", node_port=31000)
    assert own_registry(settings, "lab").host == "images.example.com:31000"


def objects() -> dict[str, dict[str, Any]]:
    """The registry's objects by kind, the secret ones too."""
    texts = f"{manifest_text().replace('${STORAGE_CLASS}', '')}\n---\n{users_manifest('platform:hash')}"
    return {each["kind"]: each for each in yaml.safe_load_all(texts)}


def test_all_of_it_is_in_one_namespace_whose_pods_have_no_rights_on_the_host() -> None:
    found = objects()
    namespace = found.pop("Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert {each["metadata"]["namespace"] for each in found.values()} == {NAMESPACE}
    assert namespace["metadata"]["name"] == NAMESPACE
    assert found["Secret"]["stringData"] == {"htpasswd": "platform:hash"}


def test_the_registry_asks_for_a_password_and_speaks_tls_alone() -> None:
    configuration = yaml.safe_load(objects()["ConfigMap"]["data"]["config.yml"])
    assert configuration["auth"]["htpasswd"]["path"] == "/users/htpasswd"
    assert configuration["http"]["tls"]["certificate"] == "/certificate/tls.crt"
    pod = objects()["Deployment"]["spec"]["template"]["spec"]
    mounts = {mount["name"]: mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert volumes["users"]["secret"]["secretName"] == "registry-users"
    assert volumes["certificate"]["secret"]["secretName"] == "registry-certificate"
    assert mounts["images"] == configuration["storage"]["filesystem"]["rootdirectory"]


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def mode(host: FakeHost, name: str) -> int:
    """A file's permissions."""
    return (host.root / name).stat().st_mode & 0o777


def test_how_a_registry_is_reached_is_where_containerd_reads_it(host: FakeHost) -> None:
    host.configure(Block(PUBLIC, "server = 'public'"))
    assert host.call("registry_hosts").status == 0
    assert host.read(READ) == "server = 'public'\n"
    assert mode(host, READ) == 0o644


def test_a_file_with_a_password_stands_before_the_public_one_and_is_roots_alone(host: FakeHost) -> None:
    host.configure(Block(PUBLIC, "server = 'public'"))
    host.call("receive_secrets install_blocks", given=blocks([Block(SECRET, "a password", "0600")]))
    host.call("registry_hosts")
    assert host.read(READ) == "a password\n"
    assert mode(host, READ) == 0o600


def test_a_registry_that_is_named_no_more_is_forgotten_and_others_of_the_host_stay(host: FakeHost) -> None:
    host.configure()
    host.call("receive_secrets install_blocks", given=blocks([Block(SECRET, "a password", "0600")]))
    host.call("registry_hosts")
    host.write("etc/containerd/certs.d/quay.io/hosts.toml", "the user's own")
    assert "removed /etc/infraplatform/secrets" in host.call("receive_secrets install_blocks").said
    assert "forgot the registry docker.io" in host.call("registry_hosts").said
    assert not (host.root / READ).exists()
    assert host.read("etc/containerd/certs.d/quay.io/hosts.toml") == "the user's own"


def test_what_a_member_is_sent_later_reaches_containerd_too(host: FakeHost) -> None:
    host.configure()
    host.write("var/lib/infraplatform/member", "1.36.3\n")
    join = "/etc/infraplatform/secrets/discovery.conf"
    sent = blocks([Block(SECRET, "a password", "0600"), Block(join, "a key", "0600")])
    host.call("receive_secrets take_secrets_of_member", given=sent)
    assert host.read(SECRET.lstrip("/")) == "a password\n"
    assert not (host.root / join.lstrip("/")).exists()


def test_a_second_look_at_registries_changes_nothing(host: FakeHost) -> None:
    host.configure(Block(PUBLIC, "server = 'public'"), REGISTRY=HOST)
    host.call("registry_hosts")
    assert host.call("registry_hosts").said == ""


def test_the_registrys_name_means_the_host_itself_until_there_is_none(host: FakeHost) -> None:
    host.configure(REGISTRY=HOST)
    host.call("registry_hosts")
    assert "10.0.0.11 registry.lab.internal # infraplatform: the registry" in host.read("etc/hosts")
    host.variables.pop("REGISTRY")
    host.configure()
    host.call("registry_hosts")
    assert "registry.lab" not in host.read("etc/hosts")
    assert "127.0.0.1 localhost" in host.read("etc/hosts")


_KUBECTL = """
stored=$INFRAPLATFORM_ROOT/stored.crt
case "$*" in
*'get secret'*) [[ ! -f $stored ]] || base64 -w 0 "$stored" ;;
*'create secret'*) for word; do [[ ${before:-} != --cert ]] || cp "$word" "$stored"; before=$word; done ;;
esac
"""


def new_authority(host: FakeHost) -> None:
    """Give the cluster another CA."""
    pki = make_pki(datetime.now(tz=UTC))
    for name in ("ca.crt", "ca.key"):
        host.write(f"etc/kubernetes/pki/{name}", pki[name])


@pytest.fixture
def control_plane(host: FakeHost) -> FakeHost:
    """A host with the cluster's CA, whose kubectl keeps the certificate."""
    new_authority(host)
    (host.root / "etc/infraplatform/secrets").mkdir()
    host.stand_in("kubectl", _KUBECTL)
    host.configure(REGISTRY=HOST, NODE_ROLE="control-plane")
    return host


def verified(host: FakeHost, name: str) -> bool:
    """Whether the stored certificate is one of the CA's for a server of this name."""
    authority, stored = host.root / "etc/kubernetes/pki/ca.crt", host.root / "stored.crt"
    words = ["openssl", "verify", "-CAfile", authority, "-purpose", "sslserver", "-verify_hostname", name, stored]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_the_clusters_ca_signs_the_registrys_certificate_once(control_plane: FakeHost) -> None:
    ran = control_plane.call("registry_certificate")
    assert "signed a certificate for registry.lab.internal" in ran.said
    assert verified(control_plane, "registry.lab.internal")
    assert not verified(control_plane, "registry.other.internal")
    assert control_plane.call("registry_certificate").said == ""
    assert not [call for call in control_plane.calls("kubectl") if "restart" in call], "nothing ran with an old one"


@pytest.mark.parametrize("change", ["another name", "another CA", "it ends soon"])
def test_a_certificate_that_will_not_do_is_signed_anew_and_the_registry_reads_it(
    control_plane: FakeHost, change: str
) -> None:
    control_plane.call("registry_certificate")
    if change == "another name":
        control_plane.configure(REGISTRY="images.example.com:30500")
    elif change == "another CA":
        new_authority(control_plane)
    else:
        control_plane.stand_in("openssl", '[[ "$*" != *checkend* ]] && exec /usr/bin/openssl "$@"; exit 1')
    assert "signed a certificate" in control_plane.call("registry_certificate").said
    assert any("rollout restart deployment registry" in call for call in control_plane.calls("kubectl"))


def test_the_certificates_key_is_left_nowhere_on_the_host(control_plane: FakeHost) -> None:
    control_plane.call("registry_certificate")
    assert [path for path in (control_plane.root / "etc/infraplatform/secrets").rglob("*") if path.is_file()] == []
