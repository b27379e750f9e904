"""Composes a stack: the one `match` on the provider's kind.

Each case imports its own folder, so that a stack loads its own cloud's SDK and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.settings import AwsStack, AzureStack, GcpStack, Layer, ServersStack, StackSettings
from components.tags import platform_tags


def build(settings: StackSettings) -> Mapping[str, Any]:
    """Build the stack that the settings describe, whole or the layer they name; return what it exports."""
    tags = platform_tags(pulumi.get_project(), pulumi.get_stack(), settings.environment, settings.tags)
    match settings.provider.kind:
        case "aws":
            from components.aws import platform  # here, not above: only the SDK that this stack uses

            stack = AwsStack(settings)
            if stack.layer is Layer.IN_CLUSTER:
                return platform.in_cluster_layer(stack, tags)
            return platform.infrastructure(stack, tags).exports()
        case "azure":
            from components.azure import platform  # here, not above: only the SDK that this stack uses

            stack = AzureStack(settings)
            if stack.layer is Layer.IN_CLUSTER:
                return platform.in_cluster_layer(stack, tags)
            return platform.infrastructure(stack, tags).exports()
        case "gcp":
            from components.gcp import platform  # here, not above: only the SDK that this stack uses

            stack = GcpStack(settings)
            if stack.layer is Layer.IN_CLUSTER:
                return platform.in_cluster_layer(stack, tags)
            return platform.infrastructure(stack, tags).exports()
        case "servers":
            from components.servers.platform import platform  # here, not above: only the SDK that this stack uses

            return platform(ServersStack(settings)).exports()
