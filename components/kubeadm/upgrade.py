"""What is not done to a node in place, refused at preview by a hook that sees its old and its new inputs.

What a cluster or a node got when it was made, and no later run gives it, is read from the public configuration that
the node's program is sent.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any, Final

import pulumi
import yaml

from components.errors import UnsafeChangeError
from components.kubeadm import registry
from components.kubeadm.program import PROGRAM, PUBLIC_FOLDER
from components.upgrades import before_update

_STAYS: Final = frozenset({"registry.kind"})
"""What may be added, and not taken away again: it holds data."""
_RECLAIM: Final = re.compile(r"^reclaimPolicy: (\w+)$", re.MULTILINE)


def refuse_version_change(node: str, old: str, new: str) -> None:
    """Let a node stay at its version.

    Raises:
        UnsafeChangeError: the versions differ; `pulumi up` does not upgrade kubeadm nodes yet.
    """
    if old != new:
        problem = f"{node}: cluster.version goes from {old} to {new}, and nodes are not upgraded by `pulumi up` yet"
        raise UnsafeChangeError(f"{problem}; write {old}")


def refuse_other_foundations(node: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Let a node keep what it was made with; both are values by the setting that they come from.

    Raises:
        UnsafeChangeError: one differs.
    """
    changed = sorted(setting for setting in old.keys() & new.keys() if old[setting] != new[setting])
    changed += sorted(_STAYS & old.keys() - new.keys()) if new else []
    if changed:
        problem = f"{node}: {', '.join(changed)} would change, which is fixed when a cluster or a node is made"
        raise UnsafeChangeError(f"{problem}; write what was there, or make another cluster or node")


def node_guard(name: str) -> pulumi.ResourceHookBinding:
    """Hooks for the programs and members of all nodes."""

    def guard(args: pulumi.ResourceHookArgs) -> None:
        node = args.name.rpartition("-")[0]
        old, new = version_in(args.old_inputs), version_in(args.new_inputs)
        if old is not None and new is not None:
            refuse_version_change(node, old, new)
        refuse_other_foundations(node, foundations_in(args.old_inputs), foundations_in(args.new_inputs))

    return before_update(f"{name}-node-guard", guard)


def version_in(inputs: Any) -> str | None:
    """The version that a member's command names; None where it is not known."""
    command = (inputs or {}).get("create")
    if not isinstance(command, str):
        return None
    words = shlex.split(command)
    place = words.index(PROGRAM) if PROGRAM in words else len(words)
    return words[place + 2] if words[place + 1 : place + 2] == ["member"] else None


def foundations_in(inputs: Any) -> dict[str, Any]:
    """What a node's program is told of what cannot change, by setting; nothing where the inputs are no program's."""
    text = (inputs or {}).get("stdin")
    if not isinstance(text, str):
        return {}
    found: dict[str, Any] = {}
    if (taints := _block(text, "taints")) is not None:
        found["the host's taints"] = taints
    if (manifest := _block(text, "manifests/20-local-path.yaml")) is not None:
        found["storage.local.reclaim_policy"] = _RECLAIM.findall(manifest)
    if (manifest := _block(text, f"manifests/{registry.MANIFEST}")) is not None:
        found |= _volume_of(manifest)
    if (init := _block(text, "init.yaml")) is not None:
        documents = {document["kind"]: document for document in yaml.safe_load_all(init)}
        cluster = documents["ClusterConfiguration"]
        found |= {
            "cluster.endpoint": cluster["controlPlaneEndpoint"],
            "cluster.kubelet": documents["KubeletConfiguration"],
            "cluster.name": cluster["clusterName"],
            "cluster.kube_proxy": documents["KubeProxyConfiguration"],
            "network.pod_cidr": cluster["networking"]["podSubnet"],
            "network.service_cidr": cluster["networking"]["serviceSubnet"],
        }
    return found


def _volume_of(manifest: str) -> dict[str, Any]:
    """What the own registry's volume was made with."""
    objects = yaml.safe_load_all(manifest)
    claim = next(each["spec"] for each in objects if each["kind"] == "PersistentVolumeClaim")
    return {
        "registry.kind": "self-hosted",
        "registry.size_gib": claim["resources"]["requests"]["storage"],
        "registry.storage_class": claim.get("storageClassName"),
    }


def _block(text: str, name: str) -> str | None:
    """The text of a public file among all that a node's program is sent."""
    start = re.search(rf"^--- {re.escape(f'{PUBLIC_FOLDER}/{name}')} \d+\n", text, re.MULTILINE)
    return None if start is None else text[start.end() :].partition("\n--- /")[0].strip("\n")
