"""What a bundle holds is what the hosts of the plan will be told to fetch and to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.binaries import known_sum
from tests.support import ROOT
from tools.bundle.__main__ import contents_of_stack
from tools.bundle.contents import BundleError, Contents, blocks_of, images_of

EXAMPLE = ROOT / "examples" / "Pulumi.servers-kubeadm.yaml"


@pytest.fixture(scope="module")
def contents() -> Contents:
    return contents_of_stack("servers-kubeadm", EXAMPLE)


def test_every_binary_is_upstreams_by_its_known_sum(contents: Contents) -> None:
    assert {binary.name for binary in contents.binaries} >= {"kubeadm", "kubelet", "kubectl", "containerd", "etcd"}
    for binary in contents.binaries:
        assert binary.sha256 == known_sum(binary.path)
        assert binary.url == f"https://{binary.path}"
    assert contents.architectures == ("amd64",)


def test_every_image_is_there_by_its_whole_name(contents: Contents) -> None:
    names = {image.rpartition(":")[0] for image in contents.images}
    kubernetes = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "etcd", "pause")
    assert {f"registry.k8s.io/{name}" for name in kubernetes} <= names
    assert {"registry.k8s.io/coredns/coredns", "ghcr.io/flannel-io/flannel", "docker.io/library/busybox"} <= names
    assert "docker.io/rancher/local-path-provisioner" in names


def test_a_stack_that_uses_a_bundle_has_the_same_one_again(contents: Contents, tmp_path: Path) -> None:
    site = tmp_path / "Pulumi.servers-kubeadm.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    used = "    kind: kubeadm\n    download_mirror: http://site.example/binaries\n"
    site.write_text(text.replace("    kind: kubeadm\n", used), encoding="utf-8")
    assert contents_of_stack("servers-kubeadm", site) == contents


def test_a_stack_without_hosts_has_no_bundle() -> None:
    with pytest.raises(BundleError, match=r"has no hosts; a bundle is for provider\.kind: servers"):
        contents_of_stack("gcp-gke", ROOT / "examples" / "Pulumi.gcp-gke.yaml")


def test_a_stack_with_a_mistake_is_told_of_it(tmp_path: Path) -> None:
    wrong = tmp_path / "Pulumi.servers-kubeadm.yaml"
    wrong.write_text(EXAMPLE.read_text(encoding="utf-8").replace('"1.36.3"', '"1.12.0"'), encoding="utf-8")
    with pytest.raises(BundleError, match=r"cannot be planned.*[\s\S]*cluster\.version"):
        contents_of_stack("servers-kubeadm", wrong)


def test_blocks_are_read_as_the_host_reads_them() -> None:
    text = (
        "#!/bin/bash\n--- not a block\n--- /etc/infraplatform/a 0644\none\n--- /etc/infraplatform/b/c.yaml 0600\ntwo\n"
    )
    assert blocks_of(text) == {"a": "one\n", "b/c.yaml": "two\n"}


def test_images_are_found_in_texts_within_texts_and_in_lists() -> None:
    host = {
        "manifests/10-a.yaml": "- image: docker.io/library/a:1.0\n  x: |\n    image: 'ghcr.io/b/b:v2'\n  image: ${NO}",
        "charts/10-c/images": "quay.io/c/c:3\nquay.io/c/d@sha256:" + "0" * 64,
        "labels": "image: docker.io/library/no:1",
        "node.env": "NODE_NAME='cp-1'\nKUBE_VIP_IMAGE='ghcr.io/kube-vip/kube-vip:v1.2.3'\n",
    }
    found = images_of(host)
    assert found == {
        "docker.io/library/a:1.0",
        "ghcr.io/b/b:v2",
        "quay.io/c/c:3",
        f"quay.io/c/d@sha256:{'0' * 64}",
        "ghcr.io/kube-vip/kube-vip:v1.2.3",
    }
