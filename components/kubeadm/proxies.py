"""HTTP proxies, and what is reached without them, as a node's environment says it.

curl (since 7.86) and Go's programs both read ranges in NO_PROXY. Sources: curl's manual page, NO_PROXY; Go's
golang.org/x/net/http/httpproxy. Known, not read anew.
"""

from __future__ import annotations

from typing import Final

from components.kubeadm.kubeadm_config import ClusterFacts

_ALWAYS_DIRECT: Final = ("localhost", "127.0.0.0/8", ".svc", ".cluster.local")


def proxy_variables(cluster: ClusterFacts, *names: str) -> dict[str, str]:
    """Lines of `node.env`, with names of the cluster's own beside its API's; nothing where there is no proxy."""
    proxy = cluster.settings.proxy
    if proxy is None:
        return {}
    ranges = (*cluster.node_cidrs, cluster.pod_cidr, cluster.service_cidr)
    direct = (*_ALWAYS_DIRECT, *(str(each) for each in ranges), cluster.endpoint_host, *names, *proxy.no_proxy)
    return {
        "HTTP_PROXY": proxy.http or "",
        "HTTPS_PROXY": proxy.https or "",
        "NO_PROXY": ",".join(dict.fromkeys(direct)),
    }
