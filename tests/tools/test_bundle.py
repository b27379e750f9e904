"""A bundle has all that a site's hosts will ask for, each by its sum, and is whole or says what it lacks."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from components.settings import load
from tests.components.settings.configurations import SOUND_SERVERS, texts
from tests.tools.registry_double import Served, serving
from tools.bundle.__main__ import SUMS, Bundle
from tools.bundle.archive import file_name
from tools.bundle.contents import Binary, BundleError, Contents
from tools.bundle.download import fetch

TEXT = bytes(range(256)) * 64


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as server:
        yield server


def _binary(served: Served, name: str = "kubeadm", content: bytes = TEXT) -> Binary:
    return Binary(name, f"http://{served.address}/files/{name}", served.file(f"/files/{name}", content))


def _bundle(folder: Path, served: Served) -> Bundle:
    return Bundle(folder / "bundle", "http://site.example/files", [served.address])


def _contents(served: Served, *binaries: Binary, images: tuple[str, ...] = ()) -> Contents:
    return Contents(binaries or (_binary(served),), images, ("amd64",))


def test_a_bundle_is_files_by_upstreams_place_images_sums_and_settings(served: Served, tmp_path: Path) -> None:
    image = served.image("library/web", "1.0")
    bundle = _bundle(tmp_path, served)
    assert bundle.write(_contents(served, images=(image,))) == []
    files = {path.relative_to(bundle.folder).as_posix() for path in bundle.folder.rglob("*") if path.is_file()}
    assert files == {
        SUMS,
        "images.txt",
        "settings.yaml",
        f"binaries/{served.address}/files/kubeadm",
        f"images/{file_name(image)}",
    }
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", SUMS], cwd=bundle.folder, capture_output=True, check=False
    )
    assert checked.returncode == 0
    assert len((bundle.folder / SUMS).read_text().splitlines()) == len(files) - 1


def test_the_settings_of_a_bundle_are_settings(served: Served, tmp_path: Path) -> None:
    images = ("registry.k8s.io/pause:3.10.2",)
    bundle = _bundle(tmp_path, served)
    (bundle.folder / "images").mkdir(parents=True)
    (bundle.folder / "images" / file_name(images[0])).write_bytes(b"put there by hand")
    assert bundle.write(_contents(served, images=images)) == []
    cluster = yaml.safe_load((bundle.folder / "settings.yaml").read_text())["config"]["infraplatform:cluster"]
    stack = load(texts({("cluster", name): value for name, value in cluster.items()}, SOUND_SERVERS))
    assert stack.cluster.model_dump()["image_archives"] == {
        images[0]: {
            "url": f"http://site.example/files/images/{file_name(images[0])}",
            "sha256": hashlib.sha256(b"put there by hand").hexdigest(),
        }
    }
    assert cluster["download_mirror"] == "http://site.example/files/binaries"
    assert cluster["downloads"]["kubeadm"]["url"].endswith(f"/binaries/{served.address}/files/kubeadm")


def test_a_wrong_sum_refuses_the_file_and_leaves_the_bundle_unfinished(served: Served, tmp_path: Path) -> None:
    evil = Binary("kubelet", f"http://{served.address}/files/kubelet", "0" * 64)
    served.file("/files/kubelet", b"evil")
    bundle = _bundle(tmp_path, served)
    (problem,) = bundle.write(_contents(served, _binary(served), evil))
    assert problem.startswith(f"{evil.url} has sha256 {hashlib.sha256(b'evil').hexdigest()}, not {'0' * 64}")
    left = {path.name for path in bundle.folder.rglob("*") if path.is_file()}
    assert left == {"kubeadm", "images.txt"}


def test_all_that_is_missing_is_told_at_once(served: Served, tmp_path: Path) -> None:
    lost = [Binary(name, f"http://{served.address}/files/{name}", "0" * 64) for name in ("etcd", "runc")]
    image = f"{served.address}/library/none:1.0"
    problems = _bundle(tmp_path, served).write(_contents(served, *lost, images=(image,)))
    assert problems == [
        f"http://{served.address}/files/etcd answers 404 Not Found",
        f"http://{served.address}/files/runc answers 404 Not Found",
        f"{served.address}/library/none (manifests/1.0) answers 404 Not Found",
    ]


def test_the_next_call_goes_on_and_fetches_nothing_twice(served: Served, tmp_path: Path) -> None:
    image = served.image("library/web", "1.0")
    late = Binary("runc", f"http://{served.address}/files/runc", hashlib.sha256(TEXT).hexdigest())
    contents = _contents(served, _binary(served), late, images=(image,))
    bundle = _bundle(tmp_path, served)
    assert len(bundle.write(contents)) == 1
    served.asked.clear()
    served.file("/files/runc", TEXT)
    assert bundle.write(contents) == []
    assert served.asked == [("/files/runc", None)]
    assert (bundle.folder / SUMS).exists()


def test_a_download_that_breaks_off_is_resumed(served: Served, tmp_path: Path) -> None:
    binary = _binary(served)
    served.breaks_off.add("/files/kubeadm")
    assert fetch(binary.url, binary.sha256, tmp_path / "kubeadm")
    assert served.asked == [("/files/kubeadm", None), ("/files/kubeadm", f"bytes={len(TEXT) // 2}-")]
    assert (tmp_path / "kubeadm").read_bytes() == TEXT


def test_a_part_that_is_whole_already_is_no_error(served: Served, tmp_path: Path) -> None:
    binary = _binary(served)
    (tmp_path / "kubeadm.part").write_bytes(TEXT)
    assert fetch(binary.url, binary.sha256, tmp_path / "kubeadm")


def test_a_server_that_nobody_is_at_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"http://127\.0\.0\.1:9/x cannot be fetched .* run this again"):
        fetch("http://127.0.0.1:9/x", "0" * 64, tmp_path / "x")


def test_what_an_earlier_version_needed_is_no_part_of_the_next_bundle(served: Served, tmp_path: Path) -> None:
    bundle = _bundle(tmp_path, served)
    old, new = _binary(served, "old"), _binary(served, "new", b"new")
    bundle.write(_contents(served, old))
    bundle.write(_contents(served, new))
    sums = (bundle.folder / SUMS).read_text()
    assert "/files/new" in sums
    assert "/files/old" not in sums


def _members(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(path) as archive:
        for entry in archive:
            file = archive.extractfile(entry)
            assert file is not None
            found[entry.name] = file.read()
    return found


def test_an_archive_is_an_image_for_containerd_and_for_docker(served: Served, tmp_path: Path) -> None:
    image = served.image("library/web", "1.0", "amd64", "arm64")
    bundle = _bundle(tmp_path, served)
    bundle.write(_contents(served, images=(image,)))
    members = _members(bundle.folder / "images" / file_name(image))
    (top,) = json.loads(members["index.json"])["manifests"]
    assert top["annotations"]["io.containerd.image.name"] == image
    for name, content in members.items():
        if name.startswith("blobs/"):
            assert name == f"blobs/sha256/{hashlib.sha256(content).hexdigest()}"
    index = json.loads(members[f"blobs/sha256/{top['digest'][7:]}"])
    held = [
        each["platform"]["architecture"]
        for each in index["manifests"]
        if f"blobs/sha256/{each['digest'][7:]}" in members
    ]
    assert held == ["amd64"]
    (docker,) = json.loads(members["manifest.json"])
    assert docker["RepoTags"] == [image]
    assert {docker["Config"], *docker["Layers"]} <= set(members)


def test_an_image_of_no_such_architecture_is_told(served: Served, tmp_path: Path) -> None:
    image = served.image("library/web", "1.0", "arm64")
    assert _bundle(tmp_path, served).write(_contents(served, images=(image,))) == [f"{image} is not for amd64"]


def test_a_blob_with_another_digest_is_refused(served: Served, tmp_path: Path) -> None:
    image = served.image("library/web", "1.0")
    path = next(path for path in served.contents if "/blobs/" in path)
    served.contents[path] = b"evil"
    (problem,) = _bundle(tmp_path, served).write(_contents(served, images=(image,)))
    assert "has sha256" in problem
    assert not list((tmp_path / "bundle").glob("images/*"))


def test_a_bundle_that_lost_something_is_whole_no_more(served: Served, tmp_path: Path) -> None:
    bundle = _bundle(tmp_path, served)
    assert bundle.write(_contents(served)) == []
    lost = Binary("runc", f"http://{served.address}/files/runc", "0" * 64)
    assert bundle.write(_contents(served, _binary(served), lost))
    assert not (bundle.folder / SUMS).exists()
