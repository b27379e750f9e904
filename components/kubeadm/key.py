"""A key for the control planes: `python -m components.kubeadm.key service-account` or `... encryption`.

Writes `{"private", "public"}`, two PEM texts, or `{"secret"}`, base64 of 32 bytes.
"""

from __future__ import annotations

import json
import sys

from components.kubeadm.pki import new_encryption_key, new_service_account_key


def main() -> None:
    """Print a new key of the kind that the command names."""
    makers = {"service-account": new_service_account_key, "encryption": new_encryption_key}
    json.dump(makers[sys.argv[1]](), sys.stdout)


if __name__ == "__main__":
    main()
