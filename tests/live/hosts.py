"""Test hosts: systemd containers with an SSH server of their own, on a bridge of this machine.

A host is a folder with a small Debian in it, booted by `systemd-nspawn`. It has its own process ids, network, users and
control groups below one of its own, so a cluster in it knows nothing of this machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.live import control_groups, rootfs
from tests.live.processes import HostError, child, end, identity, keep, run

BRIDGE: Final = "infraplatform0"
GATEWAY: Final = "10.98.0.1"
PREFIX: Final = 24
_BOOT_SECONDS: Final = 60
_ALIAS: Final = Path(f"/sys/class/net/{BRIDGE}/ifalias")

# Containers see control groups read-only, which no kubelet can live with; a machine of a user's own has them writable.
_CGROUP_UNIT: Final = """
[Unit]
Description=Make this host's control groups writable
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'for c in /sys/fs/cgroup/*/; do mountpoint -q $c && mount -o remount,bind,rw $c; done'
ExecStart=/bin/mount --make-rshared /
[Install]
WantedBy=sysinit.target
"""
_NETWORK_UNIT: Final = f"""
[Unit]
Description=This host's address
Before=network.target ssh.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/sbin/ip addr add %s/{PREFIX} dev host0
ExecStart=/sbin/ip link set host0 up
ExecStart=/sbin/ip route add default via {GATEWAY}
[Install]
WantedBy=multi-user.target
"""
_SSH_DROP_IN: Final = """
[Service]
ExecStart=
ExecStart=/usr/sbin/sshd -D -E /var/log/sshd.log -o LogLevel=VERBOSE -o HostKey=/etc/ssh/ssh_host_ed25519_key
"""


def bridge_up(owner: str) -> None:
    """Make the bridge that a site's hosts and this machine share, unless that site has it already.

    Raises:
        HostError: another site has it; its hosts would have these hosts' names and addresses.
    """
    if not _ALIAS.exists():
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "link", "set", BRIDGE, "alias", owner)
        run("ip", "address", "add", f"{GATEWAY}/{PREFIX}", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
    elif (other := _ALIAS.read_text(encoding="utf-8").strip()) != owner:
        remedy = f"let it end, or remove what a killed run left: .venv/bin/python -m tests.live.site {other}"
        raise HostError(f"the bridge {BRIDGE} is of the site {other}: {remedy}")


def keys(private: Path) -> None:
    """Make a pair of SSH keys: this file, and `.pub` beside it."""
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(private))


def bridge_down(owner: str) -> None:
    """Remove the bridge, if it is this site's."""
    if _ALIAS.exists() and _ALIAS.read_text(encoding="utf-8").strip() == owner:
        run("ip", "link", "delete", BRIDGE)


@dataclass(frozen=True)
class Host:
    """One host below `folder`; everything about it is read from there, so another process can end it.

    Attributes:
        name: its host name.
        address: its IPv4 address on the bridge.
        folder: where its files are: `root`, `console.log`, `init.pid`.
    """

    name: str
    address: str
    folder: Path

    @property
    def root(self) -> Path:
        """The host's file tree, as this machine sees it."""
        return self.folder / "root"

    @property
    def host_key(self) -> str:
        """The host's public key: type and key, without a comment."""
        return " ".join((self.root / "etc/ssh/ssh_host_ed25519_key.pub").read_text(encoding="utf-8").split()[:2])

    def create(self, public_key: str, packages: tuple[str, ...] = ()) -> None:
        """Unpack its system; give it a name, an address and a host key, and let the owner of this key in as root."""
        self.root.mkdir(parents=True)
        run("tar", "-C", str(self.root), "-xf", str(rootfs.host(packages)))
        (self.root / "etc/hostname").write_text(f"{self.name}\n", encoding="utf-8")
        (self.root / "etc/hosts").write_text(f"127.0.0.1 localhost\n{self.address} {self.name}\n", encoding="utf-8")
        (self.root / "etc/machine-id").write_text("", encoding="utf-8")
        authorized = self.root / "root/.ssh/authorized_keys"
        authorized.parent.mkdir(mode=0o700, exist_ok=True)
        authorized.write_text(public_key, encoding="utf-8")
        self.new_host_key()
        self._enable("host-cgroups.service", _CGROUP_UNIT, "sysinit.target")
        self._enable("host-network.service", _NETWORK_UNIT % self.address, "multi-user.target")
        drop_in = self.root / "etc/systemd/system/ssh.service.d/log.conf"
        drop_in.parent.mkdir(parents=True)
        drop_in.write_text(_SSH_DROP_IN, encoding="utf-8")

    def new_host_key(self) -> None:
        """Give the host another SSH identity; its server reads it at every connection's start."""
        for old in (self.root / "etc/ssh").glob("ssh_host_*"):
            old.unlink()
        keys(self.root / "etc/ssh/ssh_host_ed25519_key")

    def boot(self) -> None:
        """Start it and wait until its SSH server answers.

        Raises:
            HostError: it does not answer within a minute.
        """
        with (self.folder / "console.log").open("wb") as console:
            process = subprocess.Popen(
                _nspawn(self.name, self.root),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                env={**os.environ, "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1"},
                start_new_session=True,
                preexec_fn=lambda: control_groups.enter(self.name),  # noqa: PLW1509  no other thread runs here
            )
        keep(process)
        deadline = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            init = child(process.pid)
            if init:
                (self.folder / "init.pid").write_text(identity(init), encoding="utf-8")
                subprocess.run(["ip", "link", "set", f"vb-{self.name}", "up"], capture_output=True, check=False)
                if self.run("systemctl is-active --quiet ssh", check=False).returncode == 0:
                    return
            time.sleep(0.5)
        said = (self.folder / "console.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise HostError(f"{self.name} does not answer SSH at {self.address}; its console:\n{said}")

    def run(self, command: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command on the host from inside its own namespaces, which leaves no trace in its SSH server's log.

        Raises:
            HostError: the command failed, with `check`.
        """
        namespaces = ("--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root")
        enter = ["nsenter", "--target", str(self.init), *namespaces]
        result = subprocess.run([*enter, "/bin/bash", "-c", command], capture_output=True, text=True, check=False)
        if check and result.returncode != 0:
            raise HostError(f"{self.name}: {command!r} ended with {result.returncode}: {result.stdout}{result.stderr}")
        return result

    @property
    def is_up(self) -> bool:
        """Whether it was booted and has not ended since."""
        init = self.folder / "init.pid"
        return init.exists() and identity(self.init) == init.read_text(encoding="utf-8") != ""

    @property
    def init(self) -> int:
        """The id of its first process on this machine."""
        return int((self.folder / "init.pid").read_text(encoding="utf-8").split()[0])

    def connections(self) -> int:
        """How many SSH connections its server has logged since it was created."""
        log = self.root / "var/log/sshd.log"
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        return sum(line.startswith("Connection from ") for line in text.splitlines())

    def kill(self) -> None:
        """End it at once, as a power cut does; its files stay."""
        init = self.folder / "init.pid"
        if init.exists():
            end(init.read_text(encoding="utf-8"))
            init.unlink()

    def remove(self) -> None:
        """End it and remove all that is its own: files, control groups."""
        self.kill()
        control_groups.remove(self.name)
        shutil.rmtree(self.folder, ignore_errors=False)

    def _enable(self, unit: str, text: str, target: str) -> None:
        units = self.root / "etc/systemd/system"
        (units / unit).write_text(text.lstrip(), encoding="utf-8")
        wants = units / f"{target}.wants"
        wants.mkdir(exist_ok=True)
        (wants / unit).symlink_to(f"../{unit}")


def _nspawn(name: str, root: Path) -> list[str]:
    return [
        "systemd-nspawn",
        "--boot",
        "--quiet",
        "--register=no",
        "--keep-unit",
        f"--machine={name}",
        f"--directory={root}",
        f"--network-bridge={BRIDGE}",
        "--capability=all",
        "--system-call-filter=@known",
        "--bind=/dev/kmsg",
    ]
