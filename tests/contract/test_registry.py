"""The suite of `contract.Registry`: every implementation is a row of SUBJECTS, built to what `wanted.py` says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Final

import pulumi
import pytest

from components.contract import Registry
from tests.contract import aws, azure_parts, checks, gcp_parts, servers, wanted
from tests.contract.harness import Breaks, Built, build_with_breaks, cases, members, output, secret

SUBJECTS: Final[Mapping[str, Callable[[], Registry]]] = {
    "aws-ecr": aws.ecr_registry,
    "azure-acr-basic": partial(azure_parts.acr_registry, "basic"),
    "azure-acr-premium": partial(azure_parts.acr_registry, "premium"),
    "gcp-artifact-registry": gcp_parts.artifact_registry,
    "servers-external": servers.external_registry,
    "servers-self-hosted": servers.self_hosted_registry,
    "servers-harbor": servers.harbor_registry,
}


def check_registry(registry: Registry) -> None:
    """Everything that the contract promises of a registry.

    Raises:
        AssertionError: a promise is broken.
    """
    base = checks.host_and_path(registry.registry_url)
    repositories = checks.open_texts(registry.repository_urls)
    assert set(repositories) == set(wanted.REPOSITORIES)
    for name, address in repositories.items():
        assert address.startswith(f"{base}/"), f"repository {name} is outside the registry: {address!r}"
        assert address.endswith(f"/{name}"), f"repository {name} has another name: {address!r}"
    mirrors = checks.open_texts(registry.mirror_urls)
    assert set(mirrors) in (set(), set(wanted.UPSTREAMS))
    for name, address in mirrors.items():
        assert "://" not in address, f"mirror {name} has a scheme: {address!r}"
        assert not address.endswith("/"), f"mirror {name} ends in a slash: {address!r}"
        assert "." in address.split("/")[0], f"mirror {name} names no host: {address!r}"
    assert len({*mirrors.values(), *repositories.values()}) == len(mirrors) + len(repositories), "an address twice"
    if registry.pull_credentials is not None:
        assert "auths" in checks.json_object(checks.secret_text(registry.pull_credentials)), "no Docker config"
    checks.resources(registry.ready)


_HOST: Final = "registry.example.com"
BREAKS: Final[Breaks] = {
    "registry_url": {
        "a scheme": output(f"https://{_HOST}"),
        "empty": output(""),
        "a trailing slash": output(f"{_HOST}/"),
        "no host": output("registry"),
        "no Output": lambda _: _HOST,
    },
    "repository_urls": {
        "none": lambda _: {},
        "no Outputs": lambda _: {name: f"{_HOST}/{name}" for name in wanted.REPOSITORIES},
        "one missing": lambda _: {"api": pulumi.Output.from_input(f"{_HOST}/api")},
        "another registry's": lambda _: {
            name: pulumi.Output.from_input(f"{_HOST}/{name}") for name in wanted.REPOSITORIES
        },
    },
    "mirror_urls": {
        "None": lambda _: None,
        "one missing": lambda _: {"kubernetes": pulumi.Output.from_input(f"{_HOST}/kubernetes")},
        "a scheme": lambda _: {name: pulumi.Output.from_input(f"https://{_HOST}/{name}") for name in wanted.UPSTREAMS},
        "all the same": lambda _: {name: pulumi.Output.from_input(f"{_HOST}/cache") for name in wanted.UPSTREAMS},
        "no host": lambda _: {name: pulumi.Output.from_input(name) for name in wanted.UPSTREAMS},
    },
    "pull_credentials": {
        "not secret": output('{"auths": {}}'),
        "no Output": lambda _: '{"auths": {}}',
        "no Docker config": secret("{}"),
    },
    "ready": {"None": lambda _: None, "names": lambda _: ("registry-api",), "none": lambda _: ()},
}


@cache
def _built(row: str) -> Built[Registry]:
    return build_with_breaks(SUBJECTS[row], BREAKS)


@pytest.mark.parametrize("row", SUBJECTS)
def test_a_registry_keeps_its_contract(row: str) -> None:
    check_registry(_built(row).sound)


@pytest.mark.parametrize(("row", "attribute", "fault"), cases(SUBJECTS, BREAKS))
def test_a_broken_attribute_fails_the_suite(row: str, attribute: str, fault: str) -> None:
    with pytest.raises(AssertionError):
        check_registry(_built(row).broken[attribute, fault])


def test_every_attribute_is_broken_on_purpose() -> None:
    assert set(BREAKS) == members(Registry)
