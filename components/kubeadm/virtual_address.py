"""A virtual address of the API: what the node program knows of it."""

from __future__ import annotations

from components.settings import KubeadmClusterSettings
from components.versions import KUBE_VIP_VERSION


def virtual_address_variables(settings: KubeadmClusterSettings) -> dict[str, str]:
    """The address that control planes answer for in turns, and what makes them; nothing where there is none."""
    endpoint = settings.endpoint
    if endpoint is None or endpoint.virtual_ip is None:
        return {}
    return {"VIRTUAL_ADDRESS": endpoint.virtual_ip, "KUBE_VIP_IMAGE": f"ghcr.io/kube-vip/kube-vip:{KUBE_VIP_VERSION}"}
