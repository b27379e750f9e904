"""The user of the cluster's own registry: `python -m components.kubeadm.registry_user`.

Writes `{"username", "password", "htpasswd"}` on standard output. The registry keeps only the hash: of bcrypt, the one
kind that distribution takes. Source: distribution v3.1.2, registry/auth/htpasswd/htpasswd.go, read 2026-11-29.
"""

from __future__ import annotations

import json
import secrets
import sys
from typing import Final

import bcrypt

from components.kubeadm.registry import USERNAME

PASSWORD_BYTES: Final = 32
ROUNDS: Final = 10
"""Twice as many for each one more. The password is as long as a key, and each request pays for them."""


def main() -> None:
    """Print a user with a new password."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS)).decode()
    json.dump({"username": USERNAME, "password": password, "htpasswd": f"{USERNAME}:{hashed}"}, sys.stdout)


if __name__ == "__main__":
    main()
