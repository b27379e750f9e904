"""The operators' client certificate, which the stack's kubeconfig holds: `python -m components.kubeadm.operator`.

Reads `{"ca.crt", "ca.key"}` on standard input, writes `{"certificate", "key"}`. Its group is one that kubeadm makes
cluster administrator and that an administrator can take the right from again, unlike `system:masters`.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

from components.kubeadm.pki import client_certificate

ADMINISTRATORS: Final = "kubeadm:cluster-admins"
"""Source: k8s.io/kubernetes v1.37.2, cmd/kubeadm/app/constants, ClusterAdminsGroupAndClusterRoleBinding."""
VALID: Final = timedelta(days=365)


def main() -> None:
    """Print a certificate."""
    given = json.load(sys.stdin)
    certificate, key = client_certificate(
        authority=given["ca.crt"],
        authority_key=given["ca.key"],
        common_name="infraplatform:operator",
        groups=[ADMINISTRATORS],
        valid=VALID,
        now=datetime.now(tz=UTC),
    )
    json.dump({"certificate": certificate, "key": key}, sys.stdout)


if __name__ == "__main__":
    main()
