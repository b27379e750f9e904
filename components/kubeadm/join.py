"""A node's own client certificate for joining: `python -m components.kubeadm.join`.

Reads `{"node", "address", "ca.crt", "ca.key"}` on standard input, writes `{"certificate", "key"}`. One group is that
which kubeadm gives the rights of a joining node to; another tells the node's address to whoever approves its serving
certificate, by the operator's word. The certificate holds for a week, so that an `up` that failed can be run again,
and whoever steals it later has nothing.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

from components.kubeadm.pki import client_certificate

JOINING_GROUP: Final = "system:bootstrappers:kubeadm:default-node-token"
"""Source: k8s.io/kubernetes v1.37.2, cmd/kubeadm/app/constants, NodeBootstrapTokenAuthGroup, read 2026-11-23."""
VALID: Final = timedelta(days=7)


def main() -> None:
    """Print a certificate for the node that standard input names."""
    given = json.load(sys.stdin)
    certificate, key = client_certificate(
        authority=given["ca.crt"],
        authority_key=given["ca.key"],
        common_name=f"infraplatform:join:{given['node']}",
        groups=[JOINING_GROUP, f"infraplatform:address:{given['address']}"],
        valid=VALID,
        now=datetime.now(tz=UTC),
    )
    json.dump({"certificate": certificate, "key": key}, sys.stdout)


if __name__ == "__main__":
    main()
