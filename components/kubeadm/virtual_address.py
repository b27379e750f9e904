"""The address that control planes answer for in turns, by kube-vip; `node/virtual_address.sh` makes its pod."""

from __future__ import annotations

from typing import Final

from components.kubeadm.kubeadm_config import ClusterFacts
from components.versions import KUBE_VIP_VERSION

KUBE_VIP_IMAGE: Final = f"ghcr.io/kube-vip/kube-vip:{KUBE_VIP_VERSION}"


def virtual_address_variables(cluster: ClusterFacts) -> dict[str, str]:
    """What the node program knows of it; nothing where there is none."""
    endpoint = cluster.settings.endpoint
    if endpoint is None or endpoint.virtual_ip is None:
        return {}
    return {"VIRTUAL_ADDRESS": endpoint.virtual_ip, "KUBE_VIP_IMAGE": KUBE_VIP_IMAGE}
