"""The container registry of a platform on Google Cloud: a Docker repository and the nodes' right to pull from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.contract import Cluster
from components.errors import ConfigurationError, Mistake
from components.gcp.registry_cache import CacheArgs, PullThroughCache, UpstreamCredentials
from components.settings import ArtifactRegistrySettings, GcpProviderSettings, ProtectionSettings
from components.tags import PREFIX, labels

_REPOSITORY_ID: Final = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
"""Source: Artifact Registry API, repositories.create, repositoryId, as known in 2026-11; not read."""
_SECONDS_PER_DAY: Final = 86400


@dataclass(frozen=True, kw_only=True)
class ArtifactRegistryArgs:
    """What a registry is made from.

    `pull_through_credentials` are by the upstream's name in the settings; `after` is what encrypting with a key of
    one's own waits for.
    """

    settings: ArtifactRegistrySettings
    provider: GcpProviderSettings
    cluster: Cluster
    protection: ProtectionSettings
    tags: Mapping[str, str]
    pull_through_credentials: Mapping[str, UpstreamCredentials] = field(default_factory=dict[str, UpstreamCredentials])
    after: Sequence[pulumi.Resource] = ()


class ArtifactRegistry(pulumi.ComponentResource):
    """One Docker repository and its remote ones in Artifact Registry; fulfils `contract.Registry`.

    Every name of `repositories` is a path in the one repository, and is there with its first image. Tags are
    immutable, so tagged images stay until they are deleted by hand; untagged ones go after their days, but for the
    newest. Nodes read as their own service account, so there are no pull credentials. A repository's id is fixed, as
    it is what others push to: one that outlived its stack (`protection.keep_data`) is imported by the next stack of
    that name, and a change that would replace it fails while the old one stands.
    Non-goals: virtual repositories, other formats than Docker, rights to push.
    """

    registry_url: pulumi.Output[str]
    repository_urls: Mapping[str, pulumi.Output[str]]
    mirror_urls: Mapping[str, pulumi.Output[str]]
    pull_credentials: pulumi.Output[str] | None
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: ArtifactRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the repositories.

        Raises:
            ConfigurationError: caches lack their credentials, nodes have no service account that could read, the
                repository's id is none, or tags are no labels.
        """
        mistakes = [
            *missing_credentials(args.settings, args.pull_through_credentials.keys()),
            *wrong_ids(args),
            *_no_readers(args.cluster),
        ]
        if mistakes:
            raise ConfigurationError(mistakes)
        super().__init__("infraplatform:gcp:ArtifactRegistry", name, {"kind": args.settings.kind}, opts)
        repository = self._repository(f"{name}-images", args)
        readers = [self._reader(f"{name}-images-nodes", repository, args)]
        cache = PullThroughCache(f"{name}-cache", self._cache_args(args)) if args.settings.pull_through else None
        remotes: Mapping[str, gcp.artifactregistry.Repository] = cache.repositories if cache else {}
        readers += [self._reader(f"{name}-cache-{key}-nodes", remote, args) for key, remote in remotes.items()]

        host = f"{registry_host(args.provider)}/{args.provider.project}"
        self.registry_url = pulumi.Output.concat(host, "/", repository.repository_id)
        self.repository_urls = {
            path: pulumi.Output.concat(self.registry_url, "/", path) for path in args.settings.repositories
        }
        self.mirror_urls = {
            key: pulumi.Output.concat(host, "/", remote.repository_id) for key, remote in remotes.items()
        }
        self.pull_credentials = None
        self.ready = (repository, *remotes.values(), *readers)
        self.register_outputs({"registry_url": self.registry_url, "repository_urls": self.repository_urls})

    def _repository(self, logical_name: str, args: ArtifactRegistryArgs) -> gcp.artifactregistry.Repository:
        """The repository that images are pushed to."""
        settings, protection = args.settings, args.protection
        return gcp.artifactregistry.Repository(
            logical_name,
            repository_id=repository_id(args),
            project=args.provider.project,
            location=args.provider.region,
            format="DOCKER",
            mode="STANDARD_REPOSITORY",
            description="Images of the platform's own",
            docker_config=gcp.artifactregistry.RepositoryDockerConfigArgs(immutable_tags=True),
            cleanup_policies=cleanup(settings),
            cleanup_policy_dry_run=False,
            vulnerability_scanning_config=scanning(settings),
            kms_key_name=settings.key,
            labels=labels(args.tags),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=list(args.after),
                protect=protection.protect,
                retain_on_delete=protection.keep_data,
            ),
        )

    def _reader(
        self, logical_name: str, repository: gcp.artifactregistry.Repository, args: ArtifactRegistryArgs
    ) -> gcp.artifactregistry.RepositoryIamMember:
        """The nodes' right to pull from one repository."""
        return gcp.artifactregistry.RepositoryIamMember(
            logical_name,
            project=args.provider.project,
            location=args.provider.region,
            repository=repository.repository_id,
            role="roles/artifactregistry.reader",
            member=pulumi.Output.concat("serviceAccount:", args.cluster.node_role or ""),
            opts=pulumi.ResourceOptions(parent=self, deleted_with=repository),
        )

    def _cache_args(self, args: ArtifactRegistryArgs) -> CacheArgs:
        return CacheArgs(
            upstreams=args.settings.pull_through,
            credentials=args.pull_through_credentials,
            repository_id=repository_id(args),
            key=args.settings.key,
            cleanup=cleanup(args.settings),
            scanning=scanning(args.settings),
            provider=args.provider,
            tags=labels(args.tags),
            parent=self,
            after=args.after,
        )


def registry_host(provider: GcpProviderSettings) -> str:
    """Host of a region's registries, known before anything is made."""
    return f"{provider.region}-docker.pkg.dev"


def repository_id(args: ArtifactRegistryArgs) -> str:
    """The repository's id: the settings', or the Pulumi project's and stack's names."""
    return args.settings.name or f"{args.tags[f'{PREFIX}-project']}-{args.tags[f'{PREFIX}-stack']}"


def cleanup(settings: ArtifactRegistrySettings) -> list[gcp.artifactregistry.RepositoryCleanupPolicyArgs]:
    """Untagged images go after some days; of each image the newest versions stay in any case.

    What a policy keeps, no other deletes. Source: Artifact Registry documentation, "Configure cleanup policies", read
    2026-11-23.
    """
    seconds = settings.keep_untagged_days * _SECONDS_PER_DAY
    return [
        gcp.artifactregistry.RepositoryCleanupPolicyArgs(
            id="delete-untagged",
            action="DELETE",
            condition=gcp.artifactregistry.RepositoryCleanupPolicyConditionArgs(
                tag_state="UNTAGGED", older_than=f"{seconds}s"
            ),
        ),
        gcp.artifactregistry.RepositoryCleanupPolicyArgs(
            id="keep-newest",
            action="KEEP",
            most_recent_versions=gcp.artifactregistry.RepositoryCleanupPolicyMostRecentVersionsArgs(
                keep_count=settings.keep_images
            ),
        ),
    ]


def scanning(settings: ArtifactRegistrySettings) -> gcp.artifactregistry.RepositoryVulnerabilityScanningConfigArgs:
    """Whether images are scanned: as the project has it, or not."""
    return gcp.artifactregistry.RepositoryVulnerabilityScanningConfigArgs(
        enablement_config="INHERITED" if settings.scanning else "DISABLED"
    )


def wrong_ids(args: ArtifactRegistryArgs) -> Iterator[Mistake]:
    """Ids of repositories that Artifact Registry would refuse; nothing is shortened or spelt otherwise."""
    own = repository_id(args)
    for found in (own, *(f"{own}-{key}" for key in args.settings.pull_through)):
        if not _REPOSITORY_ID.fullmatch(found):
            problem = f"a repository would be called {found!r}, and Artifact Registry takes no such id"
            remedy = "write a name of lower-case letters, digits and inner hyphens, 63 with what follows it"
            yield Mistake("infraplatform:registry.name", problem, remedy)


def missing_credentials(settings: ArtifactRegistrySettings, credentials: Collection[str]) -> Iterator[Mistake]:
    """Upstreams whose credentials are wanted and not there; the settings cannot see secrets."""
    for key, cache in settings.pull_through.items():
        if cache.credentials and key not in credentials:
            problem = f"{cache.upstream} wants credentials, and there are none"
            remedy = f"set {key} in the secret infraplatform:pull_through_credentials"
            yield Mistake(f"infraplatform:registry.pull_through.{key}", problem, remedy)


def _no_readers(cluster: Cluster) -> Iterator[Mistake]:
    if cluster.node_role is None:
        problem = "the cluster's nodes have no service account, so they could not pull"
        yield Mistake("infraplatform:registry", problem, "use a cluster of kind gke")
