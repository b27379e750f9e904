"""Where control planes copy etcd's snapshots to: what the node program is told of it."""

from __future__ import annotations

from typing import Final

from components.kubeadm.containerd import Login
from components.kubeadm.program import PUBLIC_FOLDER, Block
from components.settings import EtcdBackupSettings

S3_OPTIONS: Final = f"{PUBLIC_FOLDER}/secrets/backup/s3.curl"
"""Options of curl with the keys, which are therefore in no command line."""


def backup_variables(settings: EtcdBackupSettings) -> dict[str, str]:
    """Lines of `node.env`."""
    lines = {
        "BACKUP_DIRECTORY": settings.directory,
        "BACKUP_KEEP": str(settings.keep),
        "BACKUP_TARGET": settings.target.value,
    }
    if settings.s3 is not None:
        place = [settings.s3.endpoint, settings.s3.bucket, *([settings.s3.prefix] if settings.s3.prefix else [])]
        lines["BACKUP_S3_URL"] = "/".join(place)
    if settings.nfs is not None:
        lines["BACKUP_NFS"] = f"{settings.nfs.server}:{settings.nfs.share}"
        lines["BACKUP_NFS_OPTIONS"] = settings.nfs.options
    return lines


def backup_secrets(settings: EtcdBackupSettings, keys: Login | None) -> list[Block]:
    """The file with a bucket's keys, on control planes; `keys` are the key's id and the key."""
    if settings.s3 is None or keys is None:
        return []
    options = [f'user = "{_quoted(keys.username)}:{_quoted(keys.password)}"']
    return [Block(S3_OPTIONS, "\n".join([*options, f'aws-sigv4 = "aws:amz:{settings.s3.region}:s3"']), "0600")]


def _quoted(text: str) -> str:
    """Text between the quotes of curl's configuration files."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
