"""Loading is on every preview's way: what costs time and is not needed there stays out of it."""

from __future__ import annotations

import subprocess
import sys

from components.settings.document import ROOT


def test_loading_sound_settings_reads_no_source_and_writes_no_documents() -> None:
    program = (
        "import sys, components.settings as settings, components.settings.stack_config\n"
        "from tests.components.settings.configurations import texts\n"
        "settings.load(texts({}))\n"
        "loaded = {'components.settings.document', 'components.settings.json_schema'} & set(sys.modules)\n"
        "from components.settings.describe import descriptions\n"
        "print(loaded, descriptions.cache_info().currsize, settings.AwsNetworkSettings.__pydantic_complete__)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["set()", "0", "False"], "only the stack's own validator is built"
