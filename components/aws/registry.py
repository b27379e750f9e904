"""The container registry of a platform on AWS: ECR repositories and the nodes' right to pull from them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws.arns import partition
from components.aws.registry_cache import CacheArgs, PullThroughCache
from components.contract import Cluster
from components.errors import ConfigurationError, Mistake
from components.settings import AwsProviderSettings, EcrRegistrySettings, ProtectionSettings
from components.tags import named

_DOMAINS: Final = {
    "aws": "amazonaws.com",
    "aws-us-gov": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
    "aws-eusc": "amazonaws.eu",
}
"""Domain of the services by partition. Source: botocore's partitions.json, dnsSuffix, 2026-11."""
_WITHOUT_CACHES: Final = ("aws-cn", "aws-us-gov")
"""Partitions in which ECR makes no cache.

Source: ECR user guide, "Considerations for using pull through cache rules", read 2026-11-23.
"""


@dataclass(frozen=True, kw_only=True)
class EcrRegistryArgs:
    """What a registry is made from.

    `pull_through_credentials` holds, by the upstream's name in the settings, the secret JSON text that ECR wants:
    `{"username": ..., "accessToken": ...}`.
    """

    settings: EcrRegistrySettings
    provider: AwsProviderSettings
    cluster: Cluster
    protection: ProtectionSettings
    tags: Mapping[str, str]
    pull_through_credentials: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, "pulumi.Output[str]"])


class EcrRegistry(pulumi.ComponentResource):
    """Private repositories and pull-through caches in ECR; fulfils `contract.Registry`.

    Tags are immutable, images are scanned when pushed and encrypted with KMS, old ones expire. Nodes may pull through
    their own role, so there are no pull credentials. A repository has the user's name: it is what others push to. One
    that outlived its stack (`protection.keep_data`) is imported, not made again, by the next stack of that name.

    Non-goals: what an account and region have only one of (scanning configuration, registry policy, replication):
    two stacks would overwrite each other's.
    """

    registry_url: pulumi.Output[str]
    repository_urls: Mapping[str, pulumi.Output[str]]
    mirror_urls: Mapping[str, pulumi.Output[str]]
    pull_credentials: pulumi.Output[str] | None
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: EcrRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the repositories and caches.

        Raises:
            ConfigurationError: caches lack their credentials, or are not to be had in the region, or nodes have no
                role that could fill them.
        """
        mistakes = [
            *missing_credentials(args.settings, args.pull_through_credentials.keys()),
            *missing_caches(args.settings, args.provider),
        ]
        if mistakes:
            raise ConfigurationError(mistakes)
        super().__init__("infraplatform:aws:EcrRegistry", name, {"kind": args.settings.kind}, opts)
        host = registry_host(args.provider)
        repositories = {
            repository: self._repository(f"{name}-{logical_part(repository)}", repository, args)
            for repository in args.settings.repositories
        }
        cache = PullThroughCache(f"{name}-cache", self._cache_args(args)) if args.settings.pull_through else None
        rules: Mapping[str, aws.ecr.PullThroughCacheRule] = cache.rules if cache else {}

        self.registry_url = pulumi.Output.from_input(host)
        self.repository_urls = {
            repository: pulumi.Output.concat(host, "/", resource.name) for repository, resource in repositories.items()
        }
        self.mirror_urls = {
            upstream: pulumi.Output.concat(host, "/", rule.ecr_repository_prefix) for upstream, rule in rules.items()
        }
        self.pull_credentials = None
        self.ready = (*repositories.values(), *(cache.ready if cache else ()))
        self.register_outputs({"registry_url": self.registry_url, "repository_urls": self.repository_urls})

    def _repository(self, logical_name: str, repository: str, args: EcrRegistryArgs) -> aws.ecr.Repository:
        """One repository, with its retention."""
        settings, protection = args.settings, args.protection
        made = aws.ecr.Repository(
            logical_name,
            name=repository,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=settings.key_arn)
            ],
            force_delete=not protection.keep_data,
            tags=named(args.tags, logical_name),
            opts=pulumi.ResourceOptions(parent=self, protect=protection.protect, retain_on_delete=protection.keep_data),
        )
        aws.ecr.LifecyclePolicy(
            logical_name,
            repository=made.name,
            policy=retention(settings),
            opts=pulumi.ResourceOptions(parent=self, deleted_with=made),
        )
        return made

    def _cache_args(self, args: EcrRegistryArgs) -> CacheArgs:
        return CacheArgs(
            upstreams=args.settings.pull_through,
            credentials=args.pull_through_credentials,
            key_arn=args.settings.key_arn,
            retention=retention(args.settings),
            provider=args.provider,
            node_role=args.cluster.node_role,
            tags=args.tags,
            parent=self,
        )


def registry_host(provider: AwsProviderSettings) -> str:
    """Host of an account's registry in a region, known before anything is made."""
    return f"{provider.account}.dkr.ecr.{provider.region}.{_DOMAINS[partition(provider.region)]}"


def logical_part(repository: str) -> str:
    """The part of a logical name that stands for a repository; no two repositories share one.

    A repository's name has no two separators in a row, so `--` can only stand for its `/`.
    """
    return repository.replace("/", "--")


def retention(settings: EcrRegistrySettings) -> str:
    """The lifecycle policy as JSON text: untagged images go after some days, of the tagged ones the newest stay."""
    untagged = {
        "rulePriority": 1,
        "description": f"Untagged images go after {settings.keep_untagged_days} days",
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": settings.keep_untagged_days,
        },
        "action": {"type": "expire"},
    }
    tagged = {
        "rulePriority": 2,
        "description": f"The newest {settings.keep_images} tagged images stay",
        "selection": {
            "tagStatus": "tagged",
            "tagPatternList": ["*"],
            "countType": "imageCountMoreThan",
            "countNumber": settings.keep_images,
        },
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [untagged, tagged]})


def missing_caches(settings: EcrRegistrySettings, provider: AwsProviderSettings) -> Iterator[Mistake]:
    """Whether caches are wanted where ECR has none; its API would refuse them halfway through an update."""
    if settings.pull_through and partition(provider.region) in _WITHOUT_CACHES:
        problem = f"ECR has no pull-through caches in {provider.region}"
        yield Mistake("infraplatform:registry.pull_through", problem, "remove it, and push the images to repositories")


def missing_credentials(settings: EcrRegistrySettings, credentials: Collection[str]) -> Iterator[Mistake]:
    """Upstreams whose credentials are wanted and not there; the settings cannot see secrets."""
    for prefix, cache in settings.pull_through.items():
        if cache.credentials and prefix not in credentials:
            key = f"infraplatform:registry.pull_through.{prefix}"
            remedy = f"set {prefix} in the secret infraplatform:pull_through_credentials"
            yield Mistake(key, f"{cache.upstream} wants credentials, and there are none", remedy)
