"""The page on operations names what there is: verbs of the node program, settings, and the paths that they write."""

from __future__ import annotations

import re
from typing import Final, get_args

import pytest
from pydantic import BaseModel

from components.kubeadm.program import node_program
from components.settings import KubeadmClusterSettings, ServersProviderSettings
from tests.support import ROOT

PAGE: Final = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
VERBS: Final = sorted(set(re.findall(r"infraplatform-node\s+([a-z]+)", PAGE)))
SETTINGS: Final = sorted(set(re.findall(r"(?:`|infraplatform:)((?:cluster|provider)\.[a-z_.]+)[` ]", PAGE)))
QUOTED: Final = (
    "no majority",
    "/var/lib/etcd.before-restore",
    "drift:",
    "infraplatform-backup",
)
"""What the page says that the program says or writes; the program's own words."""
PARTS: Final[dict[str, type[BaseModel]]] = {"cluster": KubeadmClusterSettings, "provider": ServersProviderSettings}


def _has(model: type[BaseModel], keys: list[str]) -> bool:
    first, *below = keys
    field = model.model_fields.get(first)
    if field is None:
        return False
    kinds = [kind for kind in (field.annotation, *get_args(field.annotation)) if isinstance(kind, type)]
    models = [kind for kind in kinds if issubclass(kind, BaseModel)]
    return not below or any(_has(each, below) for each in models)


def test_the_page_has_every_subject_of_a_clusters_life() -> None:
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    subjects = ("Add", "Remove", "Replace", "Upgrade", "Certificates", "Back up", "Restore", "Two of three", "Proven")
    assert [subject for subject in subjects if not any(heading.startswith(subject) for heading in headings)] == []


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_of_the_page_is_one_of_the_program(verb: str) -> None:
    assert re.search(rf"^verb_{verb}\(\)", node_program(), re.MULTILINE)


def test_the_page_names_the_verbs_that_people_need() -> None:
    assert {"backup", "defragment", "leave", "renew", "reset", "restore", "status"} <= set(VERBS)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_of_the_page_exists(setting: str) -> None:
    part, *keys = setting.split(".")
    assert _has(PARTS[part], keys)


def test_the_page_names_the_settings_of_day_two() -> None:
    assert {"provider.hosts", "cluster.etcd_backup", "cluster.upgrade.drain_minutes"} <= set(SETTINGS)


@pytest.mark.parametrize("words", QUOTED)
def test_words_of_the_page_are_the_programs_own(words: str) -> None:
    assert words in PAGE
    verb = words.removeprefix("infraplatform-")
    assert words in node_program() or f"timer {verb} " in node_program()


def test_snapshots_are_where_the_page_looks_for_them() -> None:
    default = KubeadmClusterSettings.model_fields["etcd_backup"].get_default()
    assert f"ls -l {default.directory}" in PAGE
    assert f"restore {default.directory}/" in PAGE


def test_the_tutorial_leads_to_the_page() -> None:
    tutorial = ROOT / "docs" / "tutorials" / "servers-kubeadm.md"
    assert "(../operations.md)" in tutorial.read_text(encoding="utf-8")
