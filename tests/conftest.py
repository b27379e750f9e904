"""What every test may rely on: none of the user's environment, no live host unless asked for, the same data twice."""

from __future__ import annotations

import os

import hypothesis
import pytest

# Prefixes of what the SDKs, the CLI and the engine read. No test may pass or fail by what a developer has set.
_FOREIGN = ("ARM_", "AWS_", "AZURE_", "CLOUDSDK_", "GCLOUD_", "GOOGLE_", "KUBE", "PREVIEW_", "PULUMI_", "RHCS_")

hypothesis.settings.register_profile("repository", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("repository")


def pytest_configure() -> None:
    """Forget the user's clouds before any module is imported, in each xdist worker too."""
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        del os.environ[name]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a child process would start four times slower


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip tests of live hosts, with the reason in the report, unless `-m` asks for them."""
    if "live" in config.option.markexpr:
        return
    for item in items:
        if "live" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="needs real hosts: run `pytest -m live`"))
