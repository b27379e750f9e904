"""Reads a stack's configuration into settings, and reports all of its mistakes at once.

First each value is checked by itself; then the rules between values run on all that are sound.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from components.errors import ConfigurationError, Mistake
from components.settings.base import Environment
from components.settings.cluster_kubeadm import KubeadmClusterSettings
from components.settings.defaults import with_environment_defaults
from components.settings.explain import mistake, nearest
from components.settings.judge import broken_rules
from components.settings.keys import NAMESPACE
from components.settings.masks import masked
from components.settings.registry_harbor import HarborRegistrySettings
from components.settings.registry_servers import ExternalRegistrySettings, SelfHostedRegistrySettings
from components.settings.secret_forms import wrong_bucket_keys, wrong_credentials
from components.settings.secrets import SECRET_KEYS
from components.settings.sound import UnsoundError, sound_part_of
from components.settings.stack import FOLLOWING, KINDS, StackSettings
from components.settings.unions import KIND, places

_CREDENTIALS: Final = "pull_through_credentials"
_EXTERNAL_ETCD: Final = "external_etcd"
_OPTIONAL: Final = tuple(name for name, field in StackSettings.model_fields.items() if not field.is_required())


def load(config: Mapping[str, str], secret_keys: Collection[str] = ()) -> StackSettings:
    """The settings that a stack's configuration says.

    Args:
        config: the configuration as Pulumi hands it over: full keys (`infraplatform:cluster`), objects as JSON text.
        secret_keys: the full keys that came encrypted; what is in them is never shown.

    Raises:
        ConfigurationError: with every mistake, also of values and combinations in one and the same part.
    """
    prefix = f"{NAMESPACE}:"
    texts = {key.removeprefix(prefix): text for key, text in config.items() if key.startswith(prefix)}
    written = _with_kinds({name: _value(text) for name, text in texts.items() if name in StackSettings.model_fields})
    mistakes = list(_unknown_parts(texts))
    try:
        stack = StackSettings.model_validate_json(json.dumps(written), strict=True)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        mistakes += [mistake(error, StackSettings) for error in _without_consequences(errors, written)]
        locations = [tuple(place.step for place in places(StackSettings, error["loc"])) for error in errors]
        stack = sound_part_of(StackSettings, written, locations)
    stack = with_environment_defaults(stack, _environment(stack))
    mistakes += broken_rules(stack)
    mistakes += [*_missing_secrets(stack, texts), *wrong_credentials(texts), *wrong_bucket_keys(stack, texts)]
    if mistakes:
        secrets = {key.removeprefix(prefix) for key in secret_keys}
        raise ConfigurationError(masked(mistakes, {name: written[name] for name in written if name in secrets}))
    return stack


def _with_kinds(written: dict[str, Any]) -> dict[str, Any]:
    """The parts with their kinds, where these follow from the provider's and are not written."""
    kinds = KINDS.get(_provider_kind(written), {})
    parts: dict[str, Any] = {name: written.get(name, {}) for name in kinds if name in written or name in _OPTIONAL}
    return {
        **written,
        **{name: {KIND: kinds[name][0], **part} for name, part in parts.items() if isinstance(part, dict)},
    }


def _provider_kind(written: Mapping[str, Any]) -> str:
    provider: object = written.get("provider")
    return str(cast("dict[str, Any]", provider).get(KIND)) if isinstance(provider, dict) else ""


def _without_consequences(errors: list[ErrorDetails], written: Mapping[str, Any]) -> list[ErrorDetails]:
    """The errors without those that only follow from others.

    A list is `too_short` only because pydantic leaves its wrong entries out; a part's kind is missing only because
    the provider's is.
    """
    above = {error["loc"][:-1] for error in errors}
    no_kinds = _provider_kind(written) not in KINDS
    return [
        error
        for error in errors
        if not (error["type"] == "too_short" and error["loc"] in above)
        and not (error["type"] == "union_tag_not_found" and no_kinds and error["loc"][0] in FOLLOWING)
    ]


def _environment(stack: StackSettings) -> Environment:
    """The environment, for defaults; where it is wrong, which is reported, dev's stand in for the rules' sake."""
    try:
        return stack.environment
    except UnsoundError:
        return Environment.DEV


def _value(text: str) -> Any:
    """Objects and lists come as JSON text; a plain word comes as itself."""
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError:
        return text
    return text if isinstance(value, str | int | float | None) else value


def _unknown_parts(texts: Mapping[str, str]) -> Iterator[Mistake]:
    known = [*StackSettings.model_fields, *SECRET_KEYS]
    for name in texts:
        if name not in known:
            close = nearest(name, known)
            remedy = f"write {NAMESPACE}:{close}" if close else f"remove it; the keys are {', '.join(sorted(known))}"
            yield Mistake(f"{NAMESPACE}:{name}", "is not a key of this project", remedy)


def _missing_secrets(stack: StackSettings, texts: Mapping[str, str]) -> Iterator[Mistake]:
    """A cache that wants credentials has the secret that holds them."""
    yield from _missing_certificates(stack, texts)
    try:
        registry = stack.registry
        if isinstance(registry, (ExternalRegistrySettings, SelfHostedRegistrySettings, HarborRegistrySettings)):
            return
        wanting = [name for name, cache in registry.pull_through.items() if cache.credentials]
    except UnsoundError:
        return
    if wanting and _CREDENTIALS not in texts:
        remedy = f"write {wanting[0]}: {{username: ..., access_token: {{secure: ...}}}} below it"
        yield Mistake(
            f"{NAMESPACE}:{_CREDENTIALS}", f"is missing, and registry.pull_through.{wanting[0]} wants it", remedy
        )


def _missing_certificates(stack: StackSettings, texts: Mapping[str, str]) -> Iterator[Mistake]:
    """etcd that is not the cluster's own lets nobody in without certificates."""
    try:
        cluster = stack.cluster
        external = isinstance(cluster, KubeadmClusterSettings) and cluster.etcd is not None
    except UnsoundError:
        return
    if external and _EXTERNAL_ETCD not in texts:
        remedy = "write ca_certificate, client_certificate and client_key below it, as secrets"
        yield Mistake(f"{NAMESPACE}:{_EXTERNAL_ETCD}", "is missing, and cluster.etcd wants it", remedy)
