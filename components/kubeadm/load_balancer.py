"""Services of type LoadBalancer: MetalLB in layer 2, its address pools from the settings.

Source: the chart metallb 0.16.1, charts/metallb/values.yaml and the kinds of its CRDs, read 2026-11-29.
"""

from __future__ import annotations

from typing import Any, Final

from components.binaries import pinned
from components.kubeadm.charts import Chart
from components.settings import LoadBalancerSettings

METALLB: Final = "metallb-chart"
"""The download."""
_NAMESPACE: Final = "metallb-system"
_API: Final = "metallb.io/v1beta1"


def load_balancer_chart(settings: LoadBalancerSettings) -> Chart:
    """MetalLB with these pools. It speaks ARP alone: the BGP daemons that the chart brings stay away."""
    return Chart(
        release="metallb",
        namespace=_NAMESPACE,
        download=METALLB,
        images=[f"quay.io/metallb/{name}:v{pinned(METALLB)}" for name in ("controller", "speaker")],
        privileged=True,  # its speakers answer on the hosts' own network
        values={
            "frrk8s": {"enabled": False},
            "speaker": {"frr": {"enabled": False}},
            # The first control plane waits for its webhook, before there is a worker to run it.
            "controller": {"tolerations": [{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists"}]},
        },
        objects=[
            *(
                _object("IPAddressPool", pool, {"addresses": _ranges(ranges)})
                for pool, ranges in settings.pools.items()
            ),
            _object("L2Advertisement", "all-pools", {}),
        ],
    )


def _ranges(ranges: tuple[str, ...]) -> list[str]:
    """As MetalLB reads them: a single address is a range too."""
    return [text if "-" in text or "/" in text else f"{text}/32" for text in ranges]


def _object(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": _API, "kind": kind, "metadata": {"name": name, "namespace": _NAMESPACE}, "spec": spec}
