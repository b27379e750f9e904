"""Charts are installed by control planes, once for all of them, and leave the cluster when they leave the settings."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.kubeadm.charts import Chart, Phase, chart_downloads, chart_files
from components.kubeadm.program import Block
from tests.components.kubeadm.fake_host import FakeHost

CILIUM = Chart(
    release="cilium",
    namespace="net",
    download="cilium-chart",
    values={"a": 1},
    images=[],
    privileged=True,
    phase=Phase.NETWORK,
)
POOL = {"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool", "metadata": {"name": "pool"}}
METALLB = Chart(
    release="metallb",
    namespace="metallb-system",
    download="metallb-chart",
    values={"b": 2},
    images=["quay.io/b:v2"],
    objects=[POOL],
)
LISTED = 'if [[ $* == *go-template* ]]; then cat "$INFRAPLATFORM_ROOT/listed" 2>/dev/null || true; fi\n'
HELM = 'if [[ $* == *"list --pending"* ]]; then cat "$INFRAPLATFORM_ROOT/pending" 2>/dev/null || true; fi\n'


def charts(host: FakeHost, *given: Chart, text: str = "a chart") -> Block:
    """Downloads on a mirror, and the files of these charts, received by the host."""
    lines = []
    for name in chart_downloads(given)[1:]:
        source = host.write(f"mirror/{name}", text)
        lines.append(f"{name} {hashlib.sha256(text.encode()).hexdigest()} file://{source}")
    files = [Block(f"/etc/infraplatform/{name}", file) for name, file in chart_files(given).items()]
    downloads = Block("/etc/infraplatform/downloads", "\n".join(lines))
    host.configure(*files, downloads)
    return downloads


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    made = FakeHost(tmp_path, NODE_NAME="c1", NODE_ROLE="control-plane")
    made.stand_in("kubectl", LISTED)
    made.stand_in("helm", HELM)
    return made


def listed(host: FakeHost) -> list[str]:
    """What was written to the list of what is installed."""
    return [call.partition("--patch ")[2] for call in host.calls("kubectl") if "--patch" in call]


def test_a_chart_is_read_in_previews_by_its_files() -> None:
    files = chart_files([CILIUM, METALLB])
    assert files["charts/10-cilium/chart"] == "network cilium net cilium-chart"
    assert yaml.safe_load(files["charts/10-cilium/values.yaml"]) == {"a": 1}
    assert yaml.safe_load(files["charts/11-metallb-objects/templates/objects.yaml"]) == POOL
    assert files["charts/11-metallb/images"] == "quay.io/b:v2"
    assert files["charts/11-metallb-objects/chart"] == "later metallb-objects metallb-system -"


def test_helm_is_downloaded_where_there_are_charts_and_only_there() -> None:
    assert chart_downloads([CILIUM, METALLB]) == ("helm", "cilium-chart", "metallb-chart")
    assert chart_downloads([]) == ()


def test_only_a_namespace_whose_pods_need_it_is_privileged() -> None:
    spaces = {name: yaml.safe_load(text) for name, text in chart_files([CILIUM, METALLB]).items() if "namesp" in name}
    enforced = "pod-security.kubernetes.io/enforce"
    assert spaces["charts/10-cilium/namespace.yaml"]["metadata"]["labels"][enforced] == "privileged"
    assert "labels" not in spaces["charts/11-metallb/namespace.yaml"]["metadata"]


def test_what_looks_like_a_template_in_an_object_stays_as_it_is() -> None:
    chart = Chart(release="r", namespace="n", download="d", values={}, images=[], objects=[{"kind": "{{ .Values.x }}"}])
    text = chart_files([chart])["charts/10-r-objects/templates/objects.yaml"]
    assert text == "kind: '{{ \"{{\" }} .Values.x }}'\n"


def test_charts_are_installed_in_their_phase_and_order_with_their_values(host: FakeHost) -> None:
    charts(host, CILIUM, METALLB)
    assert host.call("install_downloads $(chart_downloads); install_charts network").status == 0
    upgrades = [call for call in host.calls("helm") if " upgrade " in call]
    assert len(upgrades) == 1
    assert "--namespace net upgrade cilium" in upgrades[0]
    assert "--kube-apiserver https://10.0.0.11:6443" in upgrades[0], "its own API server, whatever the endpoint does"
    assert host.read("var/lib/infraplatform/charts/cilium-chart.tgz") == "a chart"
    assert host.call("install_charts later").status == 0
    later = [call.split(" upgrade ")[1].split()[0] for call in host.calls("helm") if " upgrade " in call][1:]
    assert later == ["metallb", "metallb-objects"]


def _digest(host: FakeHost, *given: Chart, text: str = "a chart") -> str:
    """What the list says of a chart, once it is installed."""
    charts(host, *given, text=text)
    host.call("install_downloads $(chart_downloads); install_charts network")
    return listed(host)[-1].split('"')[5]


def test_another_control_plane_installs_nothing_again(host: FakeHost) -> None:
    host.write("listed", f"cilium {_digest(host, CILIUM)}\n")
    before = len(host.calls("helm"))
    ran = host.call("install_charts network")
    assert ran.status == 0
    assert len(host.calls("helm")) == before


@pytest.mark.parametrize("change", ["values", "chart"])
def test_a_chart_that_changed_is_installed_again(host: FakeHost, change: str) -> None:
    host.write("listed", f"cilium {_digest(host, CILIUM)}\n")
    values: dict[str, Any] = {"a": 2} if change == "values" else {"a": 1}
    changed = Chart(
        release="cilium",
        namespace="net",
        download="cilium-chart",
        values=values,
        images=[],
        privileged=True,
        phase=Phase.NETWORK,
    )
    before = len(listed(host))
    _digest(host, changed, text="another" if change == "chart" else "a chart")
    assert len(listed(host)) == before + 1


def test_what_is_not_installed_is_not_listed(host: FakeHost) -> None:
    charts(host, CILIUM)
    host.stand_in("helm", HELM + "[[ $* != *upgrade* ]] || { echo 'no such kind' >&2; exit 1; }")
    ran = host.call("install_downloads $(chart_downloads); install_charts network")
    assert ran.status == 1
    assert "no such kind" in ran.said
    assert "the chart cilium cannot be installed" in ran.said
    assert listed(host) == []


def test_an_installation_that_was_cut_off_is_taken_back_first(host: FakeHost) -> None:
    charts(host, CILIUM)
    host.write("pending", "cilium\n")
    host.stand_in("helm", HELM + "[[ $* != *rollback* ]]")
    assert host.call("install_downloads $(chart_downloads); install_charts network").status == 0
    done = [call.split("--namespace net ")[1].split()[0] for call in host.calls("helm")]
    assert done == ["list", "rollback", "uninstall", "upgrade"], "there was no release before it to go back to"


def test_a_chart_that_left_the_settings_is_removed_the_last_first(host: FakeHost) -> None:
    charts(host, CILIUM)
    host.write("listed", "cilium 1234 net\nmetallb 1 metallb-system\nmetallb-objects 2 metallb-system\n")
    assert host.call("uninstall_charts").status == 0
    removed = [call.split(" uninstall ")[1].split()[0] for call in host.calls("helm") if " uninstall " in call]
    assert removed == ["metallb-objects", "metallb"]
    assert listed(host) == ['{"data":{"metallb-objects":null}}', '{"data":{"metallb":null}}']


def test_what_stays_of_a_chart_that_left_the_settings_is_no_chart(host: FakeHost) -> None:
    charts(host, CILIUM, METALLB)
    charts(host, CILIUM)
    assert host.call("install_charts later").status == 0
    assert not [call for call in host.calls("helm") if " upgrade " in call]


def deleted(host: FakeHost) -> list[str]:
    """The namespaces that went."""
    calls = [call.split(" delete namespace ")[1] for call in host.calls("kubectl") if " delete namespace " in call]
    return [call.split()[0] for call in calls]


def test_a_namespace_goes_with_the_last_of_its_charts(host: FakeHost) -> None:
    host.write("listed", "metallb 1 metallb-system\nmetallb-objects 2 metallb-system\n")
    assert host.call("remove_namespace metallb-system metallb-objects").status == 0
    assert deleted(host) == []
    host.write("listed", "metallb 1 metallb-system\nother 2 metallb-system-2\n")
    assert host.call("uninstall_charts").status == 0
    assert deleted(host) == ["metallb-system-2", "metallb-system"]


def test_a_namespace_that_does_not_end_is_gone_on_with_by_the_next_up(host: FakeHost) -> None:
    host.write("listed", "metallb 1 metallb-system\n")
    host.stand_in("kubectl", LISTED + "[[ $* != *delete* ]]")
    ran = host.call("uninstall_charts")
    assert ran.status == 1
    assert "the namespace metallb-system does not end" in ran.said
    assert listed(host) == []


@pytest.mark.parametrize("namespace", ["kube-system", "default"])
def test_a_namespace_of_kubernetes_stays(host: FakeHost, namespace: str) -> None:
    host.write("listed", f"cilium 1 {namespace}\n")
    assert host.call("uninstall_charts").status == 0
    assert deleted(host) == []
    assert listed(host) == ['{"data":{"cilium":null}}']


def test_who_has_no_helm_says_so_before_anything_is_removed(host: FakeHost) -> None:
    host.write("listed", "metallb 1 metallb-system\n")
    ran = host.call("has() { [[ $1 != helm ]]; }; uninstall_charts")
    assert ran.status == 1
    assert "helm is not here to remove the chart metallb" in ran.said
    assert deleted(host) == []


def test_a_worker_downloads_no_chart(tmp_path: Path) -> None:
    worker = FakeHost(tmp_path)
    assert worker.call("chart_downloads").said == ""
