"""Cases of the rules on own servers that relate commands: a node's secrets, and a cluster's control planes."""

from __future__ import annotations

from typing import Any, Final

from policies.properties import UNKNOWN
from policies.rule import Circumstances, Environment, Resource
from policies.rules.kubeadm_hosts import COMMAND
from tests.policies.cases import StackCase, resource
from tests.policies.hosts import sent
from tests.policies.rules.kubeadm_files import CLUSTER, FILES, INIT, TEXT, command

_PRODUCTION: Final = Circumstances(environment=Environment.PROD)
_NODE: Final = "urn:pulumi:prod::shop::infraplatform:kubeadm:KubeadmNode::cp-1"
_IN_NODE: Final = command(TEXT, parent=_NODE)


def _member(text: object) -> Resource:
    return resource(COMMAND, {"create": "infraplatform-node member", "stdin": text}, name="member", parent=_NODE)


def _encrypted_by(*providers: str, of: str = "secrets") -> Resource:
    nothing_more: dict[str, Any] = {}
    resources = [{"resources": [of], "providers": [{name: nothing_more} for name in providers]}]
    configuration = [{"kind": "EncryptionConfiguration", "resources": resources}]
    return _member(sent({"/etc/kubernetes/pki/encryption.yaml": configuration}))


def _control_plane(number: int, endpoint: str = "k8s.example.internal:6443") -> Resource:
    address = {"advertiseAddress": f"10.0.0.1{number}"}
    cluster = {**CLUSTER, "controlPlaneEndpoint": endpoint}
    text = sent({**FILES, "init.yaml": [{**INIT, "localAPIEndpoint": address}, cluster]})
    return command(text, name=f"cp-{number}", circumstances=_PRODUCTION)


STACK_CASES: Final[tuple[StackCase, ...]] = (
    StackCase(
        "kubeadm-encryption-provider",
        _IN_NODE,
        passing=(_encrypted_by("secretbox", "identity"),),
        broken=((_encrypted_by("identity", "aescbc"),), (_encrypted_by("aescbc", of="configmaps"),)),
        unknown=((), (_member(UNKNOWN),), (_member("no file"),)),
    ),
    StackCase(
        "kubeadm-high-availability",
        _control_plane(1),
        passing=(_control_plane(2), _control_plane(3)),
        broken=((), (_control_plane(2),), tuple(_control_plane(number) for number in (2, 3, 4))),
        unknown=((_control_plane(2), command(UNKNOWN, name="cp-3"), _control_plane(4)),),
        broken_subjects=(_control_plane(1, endpoint="10.0.0.12:6443"), _control_plane(1, endpoint="")),
    ),
)
