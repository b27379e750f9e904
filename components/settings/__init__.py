"""The stack's settings: pydantic models of `Pulumi.<stack>.yaml`; nothing else reads stack configuration.

`load()` turns the configuration into `StackSettings` or reports all its mistakes; `secret()` reads what is secret. The
models' field docstrings are the text of messages, of `docs/settings.md` and of the JSON schema.

    stack.py, provider.py, network.py, ...    what each part holds, and the rules within it
    values.py, tags.py                        kinds of values that parts share
    rules.py, rules_node_groups.py            the rules between parts
    load.py <- judge.py, sound.py             from text to settings; the rules run on all that is sound
    explain.py, keys.py, masks.py             mistakes in words
    __main__.py, document.py, json_schema.py  writes `docs/settings.md` and the JSON schema
"""

from components.settings.base import Environment, Overrides, Settings
from components.settings.cluster import AccessPolicy, Autoscaler, EksClusterSettings, IpFamily, Reach, Support
from components.settings.load import load
from components.settings.network import Egress, ExistingNetwork, NetworkSettings
from components.settings.node_groups import Capacity, Image, NodeGroupSettings, TaintSettings
from components.settings.provider import AwsProviderSettings
from components.settings.registry import EcrRegistrySettings, PullThroughSettings
from components.settings.secrets import secret
from components.settings.stack import Layer, ProtectionSettings, StackSettings
from components.settings.storage import BackupSettings, BlockStorageSettings, FileStorageSettings, StorageSettings

__all__ = [
    "AccessPolicy",
    "Autoscaler",
    "AwsProviderSettings",
    "BackupSettings",
    "BlockStorageSettings",
    "Capacity",
    "EcrRegistrySettings",
    "Egress",
    "EksClusterSettings",
    "Environment",
    "ExistingNetwork",
    "FileStorageSettings",
    "Image",
    "IpFamily",
    "Layer",
    "NetworkSettings",
    "NodeGroupSettings",
    "Overrides",
    "ProtectionSettings",
    "PullThroughSettings",
    "Reach",
    "Settings",
    "StackSettings",
    "StorageSettings",
    "Support",
    "TaintSettings",
    "load",
    "secret",
]
