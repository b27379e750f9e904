"""Pull-through caches: remote repositories, which keep an upstream's images when a node first pulls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.settings import GcpProviderSettings, GcpPullThroughSettings


@dataclass(frozen=True, kw_only=True)
class UpstreamCredentials:
    """What an upstream registry knows its user by."""

    username: pulumi.Output[str]
    access_token: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    """What the caches of one registry are made from.

    `upstreams` and `credentials` are by the upstream's name in the settings; `repository_id` is the registry's own,
    which the caches' ids start with; `after` is what encrypting waits for.
    """

    upstreams: Mapping[str, GcpPullThroughSettings]
    credentials: Mapping[str, UpstreamCredentials]
    repository_id: str
    key: str | None
    cleanup: Sequence[gcp.artifactregistry.RepositoryCleanupPolicyArgs]
    scanning: gcp.artifactregistry.RepositoryVulnerabilityScanningConfigArgs
    provider: GcpProviderSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource
    after: Sequence[pulumi.Resource] = ()


class PullThroughCache:
    """A remote repository for each upstream, and the secrets that hold their credentials.

    Images have their upstream's path: `library/nginx` of Docker Hub is `<mirror url>/library/nginx`. A cache with
    another upstream, key or place is another cache: the old one goes first, as both have the same id.
    """

    repositories: Mapping[str, gcp.artifactregistry.Repository]

    def __init__(self, name: str, args: CacheArgs) -> None:
        """Make the repositories; logical names start with `name`."""
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=args.parent)
        wanted = {key: args.credentials[key] for key, upstream in args.upstreams.items() if upstream.credentials}
        agent = self._agent() if wanted else None
        secrets = {key: self._credentials(key, found, agent) for key, found in wanted.items() if agent is not None}
        self.repositories = {
            key: self._repository(key, upstream, secrets.get(key)) for key, upstream in args.upstreams.items()
        }

    def _repository(
        self, key: str, upstream: GcpPullThroughSettings, credentials: _Credentials | None
    ) -> gcp.artifactregistry.Repository:
        """The remote repository; what it keeps can be pulled again, so nothing of it is guarded or outlives the stack.

        Its upstream's tags may move, so its own may too.
        """
        args = self._args
        return gcp.artifactregistry.Repository(
            f"{self._name}-{key}",
            repository_id=f"{args.repository_id}-{key}",
            project=args.provider.project,
            location=args.provider.region,
            format="DOCKER",
            mode="REMOTE_REPOSITORY",
            description=f"Images pulled through from {upstream.upstream}",
            remote_repository_config=gcp.artifactregistry.RepositoryRemoteRepositoryConfigArgs(
                common_repository=gcp.artifactregistry.RepositoryRemoteRepositoryConfigCommonRepositoryArgs(
                    uri=f"https://{upstream.upstream}"
                ),
                upstream_credentials=credentials.shown_to_the_repository if credentials is not None else None,
            ),
            cleanup_policies=args.cleanup,
            cleanup_policy_dry_run=False,
            vulnerability_scanning_config=args.scanning,
            kms_key_name=args.key,
            labels=dict(args.tags),
            opts=pulumi.ResourceOptions(
                parent=args.parent,
                depends_on=[*args.after, *([credentials.readable] if credentials is not None else [])],
                delete_before_replace=True,
            ),
        )

    def _agent(self) -> gcp.projects.ServiceIdentity:
        """The account by which Artifact Registry reads credentials; it is the project's, and never deleted."""
        return gcp.projects.ServiceIdentity(
            f"{self._name}-agent",
            service="artifactregistry.googleapis.com",
            project=self._args.provider.project,
            opts=self._child,
        )

    def _credentials(
        self, key: str, credentials: UpstreamCredentials, agent: gcp.projects.ServiceIdentity
    ) -> _Credentials:
        """An upstream's access token as a secret in the region, which Artifact Registry alone may read.

        Source: Artifact Registry documentation, "Configure authentication to remote repository upstreams", read
        2026-11-23.
        """
        name, provider = f"{self._name}-{key}", self._args.provider
        secret = gcp.secretmanager.Secret(
            name,
            secret_id=f"{self._args.repository_id}-{key}",
            project=provider.project,
            replication=_in_region(provider.region),
            labels=dict(self._args.tags),
            opts=pulumi.ResourceOptions(parent=self._args.parent, delete_before_replace=True),
        )
        version = gcp.secretmanager.SecretVersion(
            name, secret=secret.id, secret_data=pulumi.Output.secret(credentials.access_token), opts=self._child
        )
        readable = gcp.secretmanager.SecretIamMember(
            name,
            project=provider.project,
            secret_id=secret.secret_id,
            role="roles/secretmanager.secretAccessor",
            member=agent.member,
            opts=pulumi.ResourceOptions(parent=self._args.parent, deleted_with=secret),
        )
        return _Credentials(pulumi.Output.secret(credentials.username), version, readable)


@dataclass(frozen=True)
class _Credentials:
    """Credentials in Secret Manager, and the right to read them."""

    username: pulumi.Output[str]
    version: gcp.secretmanager.SecretVersion
    readable: gcp.secretmanager.SecretIamMember

    @property
    def shown_to_the_repository(self) -> gcp.artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs:
        """Where the repository finds them."""
        names = gcp.artifactregistry
        return names.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs(
            username_password_credentials=(
                names.RepositoryRemoteRepositoryConfigUpstreamCredentialsUsernamePasswordCredentialsArgs(
                    username=self.username, password_secret_version=self.version.name
                )
            )
        )


def _in_region(region: str) -> gcp.secretmanager.SecretReplicationArgs:
    """A secret that stays in one region."""
    return gcp.secretmanager.SecretReplicationArgs(
        user_managed=gcp.secretmanager.SecretReplicationUserManagedArgs(
            replicas=[gcp.secretmanager.SecretReplicationUserManagedReplicaArgs(location=region)]
        )
    )
