"""A stack on own servers whose people log in exports a kubeconfig for them, in the open."""

from __future__ import annotations

from pathlib import Path

import yaml

from preview.plan import UNKNOWN, Secret
from preview.runner import preview
from tests.stacks.stack_files import STACK_FILES
from tests.support import ROOT


def test_people_who_log_in_get_a_kubeconfig_that_is_no_secret(tmp_path: Path) -> None:
    text = STACK_FILES["servers-kubeadm"].read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    login = {"issuer": "https://login.example", "client_id": "kubernetes"}
    document["config"]["infraplatform:cluster"]["login"] = login
    stack_file = tmp_path / "Pulumi.login.yaml"
    stack_file.write_text(yaml.safe_dump(document), encoding="utf-8")
    plan = preview(ROOT, "login", config_file=stack_file)
    assert not plan.failed
    assert plan.outputs["login_kubeconfig"] is UNKNOWN, "it has the CA, which the first update makes"
    assert isinstance(plan.outputs["kubeconfig"], Secret)
