"""The gateways' keys: what an operator's command writes is what the functions read."""

from itertools import chain

import boto3
import pytest

from meterai.aws import clients
from meterai.aws.keys.secrets import read_secret
from meterai.gateway_ports import gateway_registry
from meterai_cli import gateway_keys
from meterai_cli.__main__ import main
from tests.unit.functions.function_app import SETTINGS

AWKWARD = 'a "quoted" \\ ${Key} kunci'


@pytest.mark.usefixtures("moto")
def test_a_key_of_any_characters_arrives_and_the_others_stay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = boto3.client("secretsmanager", region_name="ap-southeast-3")
    secret_arn = client.create_secret(Name="gateway-keys", SecretString="{}")["ARN"]
    monkeypatch.setattr(clients, "secrets_manager", lambda: client)
    typed = chain(["first", "the token"], [AWKWARD, ""])
    monkeypatch.setattr(gateway_keys, "getpass", lambda _: next(typed))
    assert main(["set-gateway-keys", "--secret", secret_arn, "server_key", "callback_token"]) == 0
    assert capsys.readouterr().out == "set: callback_token, server_key\n"
    assert main(["set-gateway-keys", "--secret", secret_arn, "server_key", "creator_key"]) == 0
    assert capsys.readouterr().out == "set: callback_token, server_key\n"
    registry = gateway_registry(SETTINGS, lambda: read_secret(client, secret_arn))
    keys = registry.configs[0].keys.values()
    assert (keys["server_key"], keys["callback_token"]) == (AWKWARD, "the token")
    assert keys["creator_key"] == ""
