"""What azure-native does otherwise than the bridged providers: names, the order of replacements, forgotten outputs."""

import pulumi
from pulumi_azure_native import authorization, containerregistry, managedidentity, network, resources

config = pulumi.Config()
location, tags = config.require("location"), {"team": config.require("team")}

group = resources.ResourceGroup("platform", location="westeurope", tags=tags)

# Named by Pulumi, by the program, and by the program with a name that changes.
made_up = network.VirtualNetwork(
    "made-up",
    resource_group_name=group.name,
    location=location,
    address_space=network.AddressSpaceArgs(address_prefixes=["10.20.0.0/16"]),
    tags=tags,
)
named = network.VirtualNetwork(
    "named",
    resource_group_name=group.name,
    virtual_network_name="named",
    location=location,
    address_space=network.AddressSpaceArgs(address_prefixes=["10.30.0.0/16"]),
    tags=tags,
)
for parent, key in ((made_up, "made-up"), (named, "named")):
    network.Subnet(
        f"{key}-nodes",
        resource_group_name=group.name,
        virtual_network_name=parent.name,
        subnet_name="nodes",
        address_prefix="10.20.0.0/24",
    )
subnet = config.get("subnet") or "first"
network.Subnet(
    "hashed",
    resource_group_name=group.name,
    virtual_network_name=made_up.name,
    subnet_name=subnet,
    address_prefix="10.20.1.0/24",
    opts=pulumi.ResourceOptions(delete_before_replace=False),
)

# An identity that Azure makes with its resource, and what is forgotten of it.
registry = containerregistry.Registry(
    "registry",
    resource_group_name=group.name,
    sku=containerregistry.SkuArgs(name="Premium"),
    location=location,
    identity=containerregistry.IdentityPropertiesArgs(type=containerregistry.ResourceIdentityType.SYSTEM_ASSIGNED),
    tags=tags,
)
containerregistry.CacheRule(
    "cache",
    resource_group_name=group.name,
    registry_name=registry.name,
    cache_rule_name="cache-all",
    source_repository=f"{config.get('source') or 'ghcr.io'}/*",
    target_repository="all/*",
    opts=pulumi.ResourceOptions(
        deleted_with=registry, replace_on_changes=["sourceRepository"], delete_before_replace=True
    ),
)
identity = managedidentity.UserAssignedIdentity(
    "identity", resource_group_name=group.name, resource_name_=config.get("identity") or "first", tags=tags
)
ROLE = "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/providers/Microsoft.Authorization/roleDefinitions/acdd72a7"
authorization.RoleAssignment(
    "reader",
    principal_id=identity.principal_id,
    role_definition_id=ROLE,
    scope=registry.id,
    opts=pulumi.ResourceOptions(ignore_changes=["principalId"], replace_with=[identity]),
)
authorization.RoleAssignment(
    "forgetful",
    principal_id=registry.identity.apply(lambda found: found.principal_id if found else None),
    role_definition_id=ROLE,
    scope=group.id,
)

pulumi.export("login_server", registry.login_server)
pulumi.export("registry", registry.name)
