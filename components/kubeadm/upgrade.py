"""What a cluster's nodes are not changed to, refused at preview by a hook that sees old and new inputs.

Versions go forward, one minor at a time, etcd by the steps that it allows. What a cluster or a node got when it was
made, and no later run gives it, is read from the public configuration that the node's program is sent.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import yaml

from components.errors import UnsafeChangeError
from components.kubeadm import registry
from components.kubeadm.harbor import HARBOR_RELEASE, harbor_foundations
from components.kubeadm.longhorn import LONGHORN_RELEASE
from components.kubeadm.pod_network import pod_network_in
from components.kubeadm.program import PROGRAM, PUBLIC_FOLDER
from components.kubeadm.runtime import runtime_in
from components.kubeadm.volumes import NFS_RELEASE
from components.settings.storage_longhorn import LONGHORN_DRIVER
from components.settings.storage_servers import NFS_DRIVER
from components.upgrades import before_update
from components.versions import ETCD_STEPS, KUBEADM_RELEASES

_STAYS: Final = frozenset({"registry.kind", "storage.longhorn"})
"""What may be added, and not taken away again: it holds data."""
_CLASSES: Final = {NFS_DRIVER: "storage.nfs", LONGHORN_DRIVER: "storage.longhorn.classes"}
_RECLAIM: Final = re.compile(r"^reclaimPolicy: (\w+)$", re.MULTILINE)
_VERSION: Final = re.compile(r"^KUBERNETES_VERSION='([0-9.]+)'$", re.MULTILINE)

_VIRTUAL_ADDRESS: Final = re.compile(r"^VIRTUAL_ADDRESS='([0-9.]+)'$", re.MULTILINE)
_KEYS: Final = re.compile(r"^(SERVICE_ACCOUNT_KEYS|ENCRYPTION_KEYS)='([a-z0-9 -]+)'$", re.MULTILINE)


def refuse_version_step(node: str, old: str, new: str) -> None:
    """Let a node stay at its version, or go to a later patch of its minor or of the next.

    Raises:
        UnsafeChangeError: `new` is older, or skips a minor.
    """
    (old_major, old_minor, *_), (new_major, new_minor, *_) = _numbers(old), _numbers(new)
    if _numbers(new) < _numbers(old):
        problem = f"{node}: cluster.version goes back from {old} to {new}, and etcd's data knows no way back"
        raise UnsafeChangeError(f"{problem}; write {old}, also where its upgrade has only begun: the next `up` ends it")
    if (new_major, new_minor) > (old_major, old_minor + 1):
        problem = f"{node}: cluster.version goes from {old} to {new}, and kubeadm upgrades one minor at a time"
        raise UnsafeChangeError(f"{problem}; write a patch of {old_major}.{old_minor + 1} and run `up`, then the next")


def refuse_etcd_step(node: str, version: str, old: str, new: str) -> None:
    """Let etcd stay, or take a step that it allows; both are image tags, `version` is the cluster's that stands.

    Raises:
        UnsafeChangeError: etcd goes back a minor, skips one, or is too old for the next.
    """
    before, after = _numbers(old), _numbers(new)
    if before[:2] == after[:2]:
        return
    problem = f"{node}: etcd would go from {old} to {new}"
    if after < before:
        raise UnsafeChangeError(f"{problem}, and its data knows no way back; write cluster.version {version}")
    oldest = ETCD_STEPS.get((after[0], after[1]))
    if oldest is None or before[:2] != oldest[:2] or before < oldest:
        needed = ".".join(map(str, oldest)) if oldest else "a step that this project does not know"
        brought = KUBEADM_RELEASES[version.rpartition(".")[0]].etcd
        remedy = f"write cluster.version {version} and run `up`, which brings etcd {brought}, then go on"
        raise UnsafeChangeError(f"{problem}, which needs {needed} first; {remedy}")


def refuse_key_step(node: str, setting: str, old: Sequence[str], new: Sequence[str]) -> None:
    """Let keys be added at the end one at a time, and removed once a later one is used; names, oldest first.

    Raises:
        UnsafeChangeError: a key would be used that not every API server could accept before, or an old one comes back.
    """
    if new[-1] != old[-1] and (new[-2:-1] != old[-1:] or new[-1] in old):
        problem = f"{node}: cluster.rotate.{setting} goes from {_listed(old)} to {_listed(new)}"
        remedy = f"write {_listed([*old, 'a new name'])} and run `up`; what is no longer the last may go in a later one"
        raise UnsafeChangeError(f"{problem}, and every API server has to read a key before one uses it; {remedy}")


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
    """Hooks for the programs and members of all nodes.

    A program says what a node was last told, a member what it has become: an upgrade that stopped half-way is neither
    taken back nor skipped over.
    """

    def guard(args: pulumi.ResourceHookArgs) -> None:
        node = args.name.rpartition("-")[0]
        old, new = version_in(args.old_inputs), version_in(args.new_inputs)
        if old is not None and new is not None:
            refuse_version_step(node, old, new)
            before, after = etcd_in(args.old_inputs), etcd_in(args.new_inputs)
            if before is not None and after is not None:
                refuse_etcd_step(node, old, before, after)
        before_keys, after_keys = keys_in(args.old_inputs), keys_in(args.new_inputs)
        for setting in before_keys.keys() & after_keys.keys():
            refuse_key_step(node, setting, before_keys[setting], after_keys[setting])
        refuse_other_foundations(node, foundations_in(args.old_inputs), foundations_in(args.new_inputs))

    return before_update(f"{name}-node-guard", guard)


def version_in(inputs: Any) -> str | None:
    """The version that a member's command or a program's configuration names; None where it is not known."""
    found = inputs or {}
    if isinstance(text := found.get("stdin"), str) and (told := _VERSION.search(text)) is not None:
        return told.group(1)
    if not isinstance(command := found.get("create"), str):
        return None
    words = shlex.split(command)
    place = words.index(PROGRAM) if PROGRAM in words else len(words)
    return words[place + 2] if words[place + 1 : place + 2] == ["member"] else None


def etcd_in(inputs: Any) -> str | None:
    """The tag of etcd's image that a program is told of; None where it is not known, or etcd is somewhere else."""
    cluster = _documents(inputs).get("ClusterConfiguration", {})
    tag = cluster.get("etcd", {}).get("local", {}).get("imageTag")
    return tag if isinstance(tag, str) else None


def keys_in(inputs: Any) -> dict[str, list[str]]:
    """The names of the cluster's keys that a control plane's program is told of, oldest first, by setting."""
    text = (inputs or {}).get("stdin")
    return {name.lower(): names.split() for name, names in _KEYS.findall(text)} if isinstance(text, str) else {}


def foundations_in(inputs: Any) -> dict[str, Any]:
    """What a node's program is told of what cannot change, by setting; nothing where the inputs are no program's."""
    text = (inputs or {}).get("stdin")
    if not isinstance(text, str):
        return {}
    found: dict[str, Any] = {}
    if (variables := _block(text, "node.env")) is not None:
        found["cluster.pod_network.kind"] = pod_network_in(variables)
        found["cluster.endpoint.virtual_ip"] = _VIRTUAL_ADDRESS.findall(variables)  # the API's certificates name it
        found["cluster.runtime.kind"] = runtime_in(variables)
    if (taints := _block(text, "taints")) is not None:
        found["the host's taints"] = taints
    if (manifest := _block(text, "manifests/20-local-path.yaml")) is not None:
        found["storage.local.reclaim_policy"] = _RECLAIM.findall(manifest)
    found |= _classes_of(text) | _longhorn_of(text)
    if (manifest := _block(text, f"manifests/{registry.MANIFEST}")) is not None:
        found |= _volume_of(manifest)
    found |= harbor_foundations(_chart_values(text, HARBOR_RELEASE))
    if documents := _documents(inputs):
        cluster = documents["ClusterConfiguration"]
        found |= {
            "cluster.cgroup_driver": documents["KubeletConfiguration"]["cgroupDriver"],
            "cluster.etcd": sorted(cluster["etcd"]),  # local or external
            "cluster.endpoint": cluster["controlPlaneEndpoint"],
            "cluster.name": cluster["clusterName"],
            "cluster.pod_network.kube_proxy_replacement": "KubeProxyConfiguration" not in documents,
            "network.pod_cidr": cluster["networking"]["podSubnet"],
            "network.service_cidr": cluster["networking"]["serviceSubnet"],
        }
    return found


def _classes_of(text: str) -> dict[str, Any]:
    """Classes of disks, copies and shares, and the volumes of the first: a class and a volume keep what they have."""
    blocks = (_block(text, name) or "" for name in _with_classes(text))
    objects = [each for block in blocks for each in yaml.safe_load_all(block)]
    found: dict[str, Any] = {}
    for each in objects:
        name = each["metadata"]["name"]
        if each["kind"] == "StorageClass" and each["provisioner"] in _CLASSES:
            found[f"{_CLASSES[each['provisioner']]}.{name}"] = {
                key: value for key, value in each.items() if key != "metadata"
            }
        if each["kind"] == "PersistentVolume":
            found[f"storage.local_volumes.{each['spec']['storageClassName']}.{name}"] = each["spec"]
    return found


def _with_classes(text: str) -> list[str]:
    """The public files that hold classes, by name."""
    releases = f"({NFS_RELEASE}|{LONGHORN_RELEASE})-objects"
    names = rf"(manifests/25-local-volumes\.yaml|charts/\d+-{releases}/templates/\S+)"
    pattern = rf"^--- {PUBLIC_FOLDER}/{names} "
    return [found.group(1) for found in re.finditer(pattern, text, re.MULTILINE)]


def _longhorn_of(text: str) -> dict[str, Any]:
    """That there is Longhorn, and where its data is; nothing where there is none."""
    values = _chart_values(text, LONGHORN_RELEASE)
    if not values:
        return {}
    return {"storage.longhorn": True, "storage.longhorn.directory": values["defaultSettings"]["defaultDataPath"]}


def _chart_values(text: str, release: str) -> dict[str, Any]:
    """What a chart is told among all that a node's program is sent; nothing where there is none."""
    place = re.search(rf"^--- {PUBLIC_FOLDER}/(charts/\d+-{release}/values\.yaml) ", text, re.MULTILINE)
    return {} if place is None else yaml.safe_load(_block(text, place.group(1)) or "")


def _volume_of(manifest: str) -> dict[str, Any]:
    """What the own registry's volume was made with."""
    objects = yaml.safe_load_all(manifest)
    claim = next(each["spec"] for each in objects if each["kind"] == "PersistentVolumeClaim")
    return {
        "registry.kind": "self-hosted",
        "registry.size_gib": claim["resources"]["requests"]["storage"],
        "registry.storage_class": claim.get("storageClassName"),
    }


def _documents(inputs: Any) -> dict[str, Any]:
    """The documents of `init.yaml` by their kind, of a control plane's program."""
    text = (inputs or {}).get("stdin")
    init = _block(text, "init.yaml") if isinstance(text, str) else None
    return {} if init is None else {document["kind"]: document for document in yaml.safe_load_all(init)}


def _listed(names: Sequence[str]) -> str:
    return f"[{', '.join(names)}]"


def _block(text: str, name: str) -> str | None:
    """The text of a public file among all that a node's program is sent."""
    start = re.search(rf"^--- {re.escape(f'{PUBLIC_FOLDER}/{name}')} \d+\n", text, re.MULTILINE)
    return None if start is None else text[start.end() :].partition("\n--- /")[0].strip("\n")


def _numbers(version: str) -> tuple[int, ...]:
    """`1.36.3` and `3.6.11-0` as numbers, the image's own revision left out."""
    return tuple(int(number) for number in version.partition("-")[0].split("."))
