"""`infraplatform:provider` on own servers: hosts by name, and how they are reached."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from components.settings.base import Fault, Settings, repeated, rule, wrong
from components.settings.node_groups import LabelKey, LabelValue, TaintSettings
from components.settings.values import LogicalName, matching
from components.terms import Architecture, Gpu, MachineRole

MAX_HOSTS: Final = 500
MAX_CONTROL_PLANES: Final = 5
"""What etcd is advised to have at most. Source: etcd's FAQ, maximum cluster size of seven, known, not read."""

HostName = Annotated[
    str,
    matching(
        r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        "a host's name: up to 63 lower-case letters, digits and inner hyphens",
        examples=["worker-1"],
    ),
]
UserName = Annotated[
    str, matching(r"^[a-z_][a-z0-9_-]{0,31}$", "a user's name on the hosts, as root or debian", examples=["debian"])
]
HostKey = Annotated[
    str,
    matching(
        r"^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+={0,2}$",
        "a public key in one line, type and key, as ssh-keyscan prints it after the host's name",
        examples=["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBzM1qBfTZ0f2GmJ0Z2r3p4q5s6t7u8v9w0x1y2z3A4B"],
    ),
]
Port = Annotated[int, Field(ge=1, le=65535)]


def _is_an_address(text: str) -> str:
    try:
        IPv4Address(text)
    except ValueError:
        raise wrong(f"{text!r} is not an IPv4 address", "write one, as 192.0.2.11") from None
    return text


Address = Annotated[str, AfterValidator(_is_an_address), Field(examples=["192.0.2.11"])]
Reachable = Annotated[
    str,
    matching(
        r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", "an IPv4 address or a DNS name", examples=["bastion.example"]
    ),
]


class HostSettings(Settings):
    """One server that becomes a node."""

    address: Reachable
    """Where the operator reaches it by SSH: an IPv4 address or a DNS name."""
    private_address: Address | None = None
    """IPv4 address by which the other nodes reach it; address, where left out."""
    role: MachineRole
    """What it becomes; changing it takes the node out of the cluster and back in."""
    host_key: HostKey
    """The host's public SSH key; a host with another key is refused."""
    user: UserName | None = None
    """User on this host; provider.user where left out."""
    port: Port | None = None
    """Port of its SSH server; provider.port where left out."""
    architecture: Architecture | None = None
    """Its processors; provider.architecture where left out."""
    gpu: Gpu | None = None
    """Whose GPUs it has; its driver and container runtime are the host's own; fixed when the node is made."""
    labels: Annotated[dict[LabelKey, LabelValue], Field(max_length=50, examples=[{"disk": "fast"}])] = {}
    """Kubernetes labels of the node."""
    taints: Annotated[
        dict[LabelKey, TaintSettings], Field(max_length=50, examples=[{"gpu": {"effect": "NoSchedule"}}])
    ] = {}
    """Taints of the node, by key, beside the control planes' own."""

    @property
    def node_address(self) -> str:
        """The address by which other nodes reach it."""
        return self.private_address or self.address

    @rule
    def nodes_have_an_address(self) -> Iterator[Fault]:
        """Kubernetes knows nodes by address, not by DNS name."""
        if self.private_address is None:
            try:
                IPv4Address(self.address)
            except ValueError:
                problem = f"is missing, and address {self.address!r} is a name"
                yield Fault(("private_address",), problem, "write the host's IPv4 address, as 10.0.0.11")


class BastionSettings(Settings):
    """A host through which all others are reached."""

    address: Reachable
    """Where the operator reaches it."""
    host_key: HostKey
    """Its public SSH key."""
    user: UserName = "root"
    """User on it; the same private key as on the hosts."""
    port: Port = 22
    """Port of its SSH server."""


class ServersProviderSettings(Settings):
    """Own servers with systemd and sshd; nobody but this project makes Kubernetes of them."""

    kind: Literal["servers"] = "servers"
    """Own servers."""
    site: LogicalName = "site"
    """A name for where they stand; the network's id."""
    hosts: Annotated[
        dict[HostName, HostSettings],
        Field(
            min_length=1,
            max_length=MAX_HOSTS,
            examples=[{"cp-1": {"address": "192.0.2.11", "role": "control-plane", "host_key": "ssh-ed25519 AAAAC3Nz"}}],
        ),
    ]
    """Hosts by name, which is their node name."""
    user: UserName = "root"
    """User on the hosts: root, or one who may `sudo` without a password."""
    port: Port = 22
    """Port of the hosts' SSH servers."""
    architecture: Architecture = Architecture.AMD64
    """The hosts' processors."""
    bastion: BastionSettings | None = None
    """A host through which all others are reached."""

    @property
    def zones(self) -> tuple[str, ...]:
        """Own servers have none."""
        return ()

    @property
    def architectures(self) -> tuple[str, ...]:
        """The architectures that there are hosts of, each once."""
        return tuple(sorted({(host.architecture or self.architecture).value for host in self.hosts.values()}))

    def by_role(self, role: MachineRole) -> dict[str, HostSettings]:
        """Hosts of a role by name, in the order of their names."""
        return {name: host for name, host in sorted(self.hosts.items()) if host.role is role}

    @rule
    def addresses_are_there_once(self) -> Iterator[Fault]:
        """Two names for one host would make two nodes of it."""
        for field in ("address", "node_address"):
            values: list[Any] = [getattr(host, field) for host in self.hosts.values()]
            twice = repeated(values)
            for name, host in self.hosts.items():
                value: str = getattr(host, field)
                first = next(other for other, entry in self.hosts.items() if getattr(entry, field) == value)
                if value in twice and name != first:
                    key = "private_address" if field == "node_address" and host.private_address else "address"
                    yield Fault(("hosts", name, key), f"{value} is {first}'s already", "write this host's own address")

    @rule
    def somebody_is_control_plane(self) -> Iterator[Fault]:
        """A cluster has one to five control planes."""
        count = len(self.by_role(MachineRole.CONTROL_PLANE))
        if not count:
            yield Fault(("hosts",), "has no control plane", "write role: control-plane for one host, three or five")
        if count > MAX_CONTROL_PLANES:
            problem = f"has {count} control planes, and each makes every write slower"
            yield Fault(("hosts",), problem, f"write role: worker for all but {MAX_CONTROL_PLANES}")
