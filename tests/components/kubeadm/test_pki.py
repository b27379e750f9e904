"""The PKI is what kubeadm takes for its own, and a join certificate is a joining node's and nobody else's."""

from __future__ import annotations

import base64
import io
import json
import stat
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from types import ModuleType

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from components.kubeadm import join, operator, pki
from components.kubeadm.node_files import secret_files
from components.kubeadm.pem import load_certificate, load_key, public_key_pem
from components.terms import MachineRole

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@cache
def made() -> dict[str, str]:
    """One PKI for all tests: keys take their time."""
    return pki.make_pki(NOW)


@pytest.mark.parametrize("authority", pki.AUTHORITIES)
def test_an_authority_signs_by_its_own_key_for_ten_years(authority: str) -> None:
    certificate, key = load_certificate(made()[f"{authority}.crt"]), load_key(made()[f"{authority}.key"])
    assert certificate.public_key() == key.public_key()
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    assert certificate.not_valid_after_utc == NOW + timedelta(days=3650)
    assert certificate.not_valid_before_utc < NOW, "a host's clock may be behind"
    certificate.verify_directly_issued_by(certificate)


def test_no_two_authorities_have_a_key_in_common() -> None:
    keys = [made()[f"{name}.key"] for name in pki.AUTHORITIES]
    assert len({*keys, made()["sa.key"]}) == 4


def test_the_service_accounts_public_key_is_their_private_key_s() -> None:
    assert public_key_pem(load_key(made()["sa.key"]).public_key()) == made()["sa.pub"]


def test_two_pkis_have_nothing_in_common() -> None:
    other = pki.make_pki(NOW)
    assert not set(made().values()) & set(other.values())


def test_secrets_are_encrypted_and_what_was_stored_in_the_clear_stays_readable() -> None:
    configuration = yaml.safe_load(made()["encryption.yaml"])
    (resource,) = configuration["resources"]
    first, last = resource["providers"]
    assert resource["resources"] == ["secrets"]
    assert len(base64.b64decode(first["secretbox"]["keys"][0]["secret"])) == 32
    assert last == {"identity": {}}


def _printed(monkeypatch: pytest.MonkeyPatch, program: ModuleType, given: object) -> dict[str, str]:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(given)))
    monkeypatch.setattr(sys, "stdout", output)
    program.main()
    return json.loads(output.getvalue())


def _signed(monkeypatch: pytest.MonkeyPatch, program: ModuleType) -> x509.Certificate:
    given = {"node": "worker-1", "address": "10.0.0.21", "ca.crt": made()["ca.crt"], "ca.key": made()["ca.key"]}
    printed = _printed(monkeypatch, program, given)
    certificate, key = load_certificate(printed["certificate"]), load_key(printed["key"])
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert certificate.public_key() == key.public_key()
    certificate.verify_directly_issued_by(load_certificate(made()["ca.crt"]))
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    return certificate


def _subject(certificate: x509.Certificate) -> list[str]:
    """The user, then the user's groups."""
    parts = [NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME]
    return [str(it.value) for part in parts for it in certificate.subject.get_attributes_for_oid(part)]


def test_a_join_certificate_has_a_joining_nodes_rights_for_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = _signed(monkeypatch, join)
    assert _subject(certificate) == [
        "infraplatform:join:worker-1",
        "system:bootstrappers:kubeadm:default-node-token",
        "infraplatform:address:10.0.0.21",
    ]
    assert certificate.not_valid_after_utc - datetime.now(tz=UTC) < timedelta(days=7, seconds=1)


def test_the_operators_are_administrators_whose_right_can_be_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = _signed(monkeypatch, operator)
    assert _subject(certificate) == ["infraplatform:operator", "kubeadm:cluster-admins"]
    assert certificate.not_valid_after_utc - datetime.now(tz=UTC) < timedelta(days=365, seconds=1)


def test_the_program_prints_the_whole_pki(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _printed(monkeypatch, pki, None).keys() == made().keys()


def test_only_what_is_public_of_the_pki_may_be_read_by_others_on_a_control_plane() -> None:
    files = secret_files(MachineRole.CONTROL_PLANE, made(), "join")
    open_files = {file.path.rpartition("/pki/")[2] for file in files if int(file.mode, 8) & stat.S_IROTH}
    assert open_files == {"ca.crt", "front-proxy-ca.crt", "etcd/ca.crt", "sa.pub"}


def test_a_worker_gets_no_part_of_the_pki() -> None:
    (file,) = secret_files(MachineRole.WORKER, made(), "join")
    assert (file.path, file.text, file.mode) == ("/etc/infraplatform/secrets/discovery.conf", "join", "0600")
