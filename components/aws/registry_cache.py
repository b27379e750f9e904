"""Pull-through caches: images of upstream registries, kept in ECR when a node first pulls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws.arns import partition
from components.aws.policies import allow, policy_document, trust
from components.aws.roles import RoleArgs, role_with_policies
from components.errors import ConfigurationError, Mistake
from components.settings import AwsProviderSettings, PullThroughSettings
from components.tags import named

SECRET_PREFIX: Final = "ecr-pullthroughcache/"  # noqa: S105  the start of a secret's name, which ECR demands
_SECRET_RECOVERY_DAYS: Final = 7


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    """What the caches of one registry are made from.

    `upstreams` and `credentials` are by the prefix that an upstream's images get. `retention` is a lifecycle policy as
    JSON text, `node_role` the ARN of the role that pulls.
    """

    upstreams: Mapping[str, PullThroughSettings]
    credentials: Mapping[str, pulumi.Output[str]]
    key_arn: str | None
    retention: str
    provider: AwsProviderSettings
    node_role: pulumi.Output[str] | None
    tags: Mapping[str, str]
    parent: pulumi.Resource


class PullThroughCache:
    """A cache rule for each upstream, what its repositories are made like, and the nodes' right to fill them.

    An upstream's tags may move, so the caches' tags may too; otherwise the repositories are like the registry's own.
    Repositories that ECR made for a cache are not the stack's: they outlive it, and are deleted by hand. For a cluster
    without internet each image is best pulled once from elsewhere first, as the first pull may need a route to the
    internet. Source: ECR user guide, "Considerations for using pull through cache rules", read 2026-11-23.
    """

    rules: Mapping[str, aws.ecr.PullThroughCacheRule]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: CacheArgs) -> None:
        """Make the rules; logical names start with `name`.

        Raises:
            ConfigurationError: nodes have no role that could be given the right to fill the caches.
        """
        if args.node_role is None:
            problem = "the cluster's nodes have no role, so they could not fill a cache"
            raise ConfigurationError([Mistake("infraplatform:registry.pull_through", problem, "remove it")])
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=args.parent)
        role = role_with_policies(
            name,
            RoleArgs(
                # No condition on the account, as in the ECR user guide: nothing says that ECR sends one, and without it
                # every first pull would fail. Another account cannot pass this role.
                trust=trust("ecr.amazonaws.com"),
                inline={"create": _create_repositories(args)},
                tags=args.tags,
                parent=args.parent,
            ),
        )
        templates = {prefix: self._template(prefix, role.role, role.rights) for prefix in args.upstreams}
        self.rules = {
            prefix: self._rule(prefix, upstream, templates[prefix]) for prefix, upstream in args.upstreams.items()
        }
        fill = aws.iam.RolePolicy(
            f"{name}-fill", role=args.node_role.apply(_role_name), policy=_fill_caches(args), opts=self._child
        )
        self.ready = (*self.rules.values(), fill)

    def _template(
        self, prefix: str, role: aws.iam.Role, rights: Sequence[pulumi.Resource]
    ) -> aws.ecr.RepositoryCreationTemplate:
        """What a repository is like that ECR makes for a cache."""
        args = self._args
        return aws.ecr.RepositoryCreationTemplate(
            f"{self._name}-{prefix}",
            prefix=prefix,
            applied_fors=["PULL_THROUGH_CACHE"],
            description=f"Images pulled through from {args.upstreams[prefix].upstream}",
            image_tag_mutability="MUTABLE",  # a tag that moved upstream could not be pulled again
            encryption_configurations=[
                aws.ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(
                    encryption_type="KMS", kms_key=args.key_arn
                )
            ],
            lifecycle_policy=args.retention,
            custom_role_arn=role.arn,
            resource_tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=args.parent, depends_on=list(rights)),
        )

    def _rule(
        self, prefix: str, upstream: PullThroughSettings, template: aws.ecr.RepositoryCreationTemplate
    ) -> aws.ecr.PullThroughCacheRule:
        """The rule; it waits for its template, which does not change repositories that are there already."""
        credentials = self._credentials(prefix) if upstream.credentials else None
        return aws.ecr.PullThroughCacheRule(
            f"{self._name}-{prefix}",
            ecr_repository_prefix=prefix,
            upstream_registry_url=upstream.upstream,
            credential_arn=credentials.arn if credentials else None,
            opts=pulumi.ResourceOptions(parent=self._args.parent, depends_on=[template]),
        )

    def _credentials(self, prefix: str) -> aws.secretsmanager.Secret:
        """The upstream's credentials, where ECR looks for them."""
        name = f"{self._name}-{prefix}"
        secret = aws.secretsmanager.Secret(
            name,
            name_prefix=f"{SECRET_PREFIX}{prefix}-",
            description=f"ECR pulls images from {self._args.upstreams[prefix].upstream} with these credentials",
            recovery_window_in_days=_SECRET_RECOVERY_DAYS,
            tags=named(self._args.tags, name),
            opts=self._child,
        )
        aws.secretsmanager.SecretVersion(
            name,
            secret_id=secret.id,
            secret_string=pulumi.Output.secret(self._args.credentials[prefix]),
            opts=self._child,
        )
        return secret


def _fill_caches(args: CacheArgs) -> str:
    """The nodes' right to fill the caches.

    Source: ECR user guide, "IAM permissions required to sync an upstream registry", read 2026-11-23. That page has no
    right to tag; who creates a repository with tags needs it ("Using Tag-Based Access Control", same guide), and the
    templates have tags.
    """
    actions = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:TagResource")
    return policy_document([allow("FillCaches", actions, _cached_repositories(args))])


def _create_repositories(args: CacheArgs) -> str:
    """What ECR does when it makes a cache's repository with tags and a KMS key.

    Source: ECR user guide, "Create a custom policy for repository creation templates", read 2026-11-23: these actions,
    less replication, on everything. That the key and the repositories may be named, and AWS's own key by its alias, is
    known, not read.
    """
    region, account = args.provider.region, args.provider.account
    repositories = allow("CreateRepositories", ("ecr:CreateRepository", "ecr:TagResource"), _cached_repositories(args))
    actions = ("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant")
    if args.key_arn is not None:
        return policy_document([repositories, allow("EncryptThem", actions, args.key_arn)])
    only_ecrs_own = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/aws/ecr"}}
    keys = f"arn:{partition(region)}:kms:{region}:{account}:key/*"
    return policy_document([repositories, allow("EncryptThem", actions, keys, only_ecrs_own)])


def _cached_repositories(args: CacheArgs) -> list[str]:
    """ARNs of the repositories that the caches may make."""
    region, account = args.provider.region, args.provider.account
    return [f"arn:{partition(region)}:ecr:{region}:{account}:repository/{prefix}/*" for prefix in args.upstreams]


def _role_name(arn: str) -> str:
    """A role's name is the last part of its ARN, whatever its path."""
    return arn.rsplit("/", 1)[-1]
