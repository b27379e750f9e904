"""Secrets are Outputs, secret, and unknown where they cannot be decrypted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.runtime.config import set_all_config
from pulumi.runtime.rpc import UNKNOWN

from components.settings import secret
from components.settings.secrets import SECRET_KEYS
from components.settings.stack import StackSettings
from components.settings.stack_config import secret_keys, stack_config

KEY = "infraplatform:pull_through_credentials"


@pytest.fixture(autouse=True)
def no_config() -> Iterator[None]:
    yield
    set_all_config({}, [])


def in_loop(text: str) -> tuple[Any, bool, bool]:
    """The secret with this text: its value, whether it is known, and whether it is secret."""

    async def wait() -> tuple[Any, bool, bool]:
        set_all_config({KEY: text}, [KEY])
        output = secret("pull_through_credentials")
        assert output is not None
        return await output.future(), await output.is_known(), await output.is_secret()

    return asyncio.run(wait())


def test_a_secret_is_its_value_and_stays_secret() -> None:
    assert in_loop('{"hub": {"username": "u"}}') == ({"hub": {"username": "u"}}, True, True)


def test_what_cannot_be_decrypted_is_unknown_and_secret() -> None:
    _, known, is_secret = in_loop(f'{{"hub": {{"access_token": "{UNKNOWN}"}}}}')
    assert not known
    assert is_secret
    assert in_loop(UNKNOWN)[1:] == (False, True)


def test_a_secret_that_the_stack_has_not_is_none() -> None:
    set_all_config({}, [])
    assert secret("pull_through_credentials") is None


def test_a_key_that_is_no_secret_key_is_an_error() -> None:
    with pytest.raises(KeyError, match="not a secret key"):
        secret("cluster")


def test_no_secret_key_is_a_setting() -> None:
    assert not SECRET_KEYS.keys() & StackSettings.model_fields.keys()


def test_the_stack_s_encrypted_keys_are_known() -> None:
    set_all_config({KEY: "x", "infraplatform:environment": "dev"}, [KEY])
    assert secret_keys() == {KEY}


def test_the_stack_s_configuration_is_whole_with_keys_that_nobody_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all_config({"infraplatform:misspelt": "x", "aws:region": "y"}, [])
    assert stack_config() == {"infraplatform:misspelt": "x", "aws:region": "y"}
    set_all_config({}, [])
    monkeypatch.setenv("PULUMI_CONFIG", '{"infraplatform:environment": "dev"}')
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", '["infraplatform:x"]')
    assert stack_config() == {"infraplatform:environment": "dev"}
    assert secret_keys() == {"infraplatform:x"}
