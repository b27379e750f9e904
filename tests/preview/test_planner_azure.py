"""Against a state, with azure-native's ways: what goes first, and what an update's preview forgets."""

from __future__ import annotations

import pytest

from tests.preview.conftest import Program, operations, resource, step
from tests.preview.test_planner import StateFile, against

AZURE_NETWORK = """
class Network(pulumi.CustomResource):
    location: pulumi.Output[str]
    made: pulumi.Output[str]

    def __init__(self, name, props, opts):
        super().__init__("azure-native:network:VirtualNetwork", name, props, opts)
"""


@pytest.mark.parametrize(
    ("name", "changed", "options", "expected"),
    [
        ("{}", "resourceGroupName", "", "same"),
        ("{'virtualNetworkName': 'ours'}", "resourceGroupName", "", "replace"),
        ("{'virtualNetworkName': 'ours'}", "resourceGroupName", ", delete_before_replace=False", "same"),
        ("{'virtualNetworkName': 'made', '__createBeforeDelete': True}", "resourceGroupName", "", "same"),
        ("{'virtualNetworkName': 'ours'}", "size", "", "same"),
    ],
    ids=[
        "named-by-azure",
        "named-by-the-program",
        "unless-the-program-says-otherwise",
        "as-a-state-has-it",
        "not-where-the-program-forces-it",
    ],
)
def test_azure_deletes_before_replacing_what_the_program_names(
    program: Program, state_file: StateFile, name: str, changed: str, options: str, expected: str
) -> None:
    line = f"""{AZURE_NETWORK}
options = Options(replace_on_changes=['size']{options})
network = Network('network', {{**{name}, 'location': 'here', '{changed}': SIZE}}, options)
Thing('bound', Options(replace_on_changes=['of']), of=network.location)
"""
    plan = against(program, state_file, line.replace("SIZE", "'1'"), line.replace("SIZE", "'2'"))
    assert operations(plan)["network"] == "replace"
    assert resource(plan, "network").delete_before_replace is (
        False if "False" in options else expected == "replace" or None
    )
    assert step(plan, "bound").replace_reasons == (("of",) if expected == "replace" else ())


def test_a_secret_made_from_what_azure_s_preview_forgets_changes_with_its_resource(
    program: Program, state_file: StateFile
) -> None:
    start = "import pulumi\nfrom things import Part, Thing\nfrom pulumi import ResourceOptions as Options\n"
    line = f"""{start}{AZURE_NETWORK}
network = Network('network', {{'size': SIZE, 'made': None}}, Options(additional_secret_outputs=['made']))
Thing('fed', token=network.made)
"""
    recorded = {"network": {"outputs": {"size": 1, "made": "[secret]"}}, "fed": {"inputs": {"token": "[secret]"}}}
    state = state_file(program(line.replace("SIZE", "1")), **recorded)
    assert operations(program(line.replace("SIZE", "1"), against=state)) == {"network": "same", "fed": "same"}
    assert operations(program(line.replace("SIZE", "2"), against=state)) == {"network": "update", "fed": "update"}
