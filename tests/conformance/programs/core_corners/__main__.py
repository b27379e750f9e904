"""Config, stack references, parents, hooks and replacement options: what needs a provider only to be echoed."""

import pulumi
from pulumi_command.local import Command

config = pulumi.Config()
moves = config.get_bool("move") or False


class Group(pulumi.ComponentResource):
    """A component with inputs of every kind."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("core:index:Group", name, {"list": [1, 2.5, "x"], "none": None, "flag": False}, opts)


def refuse_nothing(args: pulumi.ResourceHookArgs) -> None:
    """A hook that has nothing against it."""


network = pulumi.StackReference("organization/network/prod")
first, second = Group("first"), Group("second", pulumi.ResourceOptions(protect=True))
hook = pulumi.ResourceHook("look", refuse_nothing, pulumi.ResourceHookOptions(on_dry_run=True))

moving = Command(
    "moving",
    create=pulumi.Output.concat("echo ", network.get_output("vpc_id"), " ", config.require("defaulted")),
    environment={"LISTED": ",".join(config.require_object("listed"))},
    opts=pulumi.ResourceOptions(
        parent=second if moves else first,
        aliases=[pulumi.Alias(parent=first)] if moves else None,
        hooks=pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook]),
    ),
)
secret = Command(
    "secret",
    create="cat",
    stdin=pulumi.Output.all(config.require_secret("token"), network.require_output("token")).apply("".join),
    triggers=[config.get_int("generation") or 1, moving.stdout],
    opts=pulumi.ResourceOptions(parent=first, additional_secret_outputs=["stdout"], delete_before_replace=True),
)
trigger = Command(
    "trigger",
    create="true",
    opts=pulumi.ResourceOptions(replacement_trigger=config.get_int("generation") or 1, depends_on=[first]),
)
Command("with", create="true", opts=pulumi.ResourceOptions(replace_with=[trigger]))
Command("after", create="echo", update=secret.stdout, opts=pulumi.ResourceOptions(depends_on=[second, secret]))

pulumi.export("subnets", network.get_output("subnets"))
pulumi.export("stdout", secret.stdout)
pulumi.export("nested", config.get_secret_object("nested"))
