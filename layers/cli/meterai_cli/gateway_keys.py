"""Writes the gateways' keys into their secret."""

import json
from collections.abc import Mapping
from getpass import getpass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def set_gateway_keys(
    client: "SecretsManagerClient", secret_arn: str, keys: Mapping[str, str]
) -> list[str]:
    """Sets these keys and keeps the others; an empty one is removed. Answers the names of those
    that are set now. Functions use them within five minutes."""
    before = json.loads(client.get_secret_value(SecretId=secret_arn)["SecretString"])
    after = {name: key for name, key in {**before, **keys}.items() if key}
    client.put_secret_value(SecretId=secret_arn, SecretString=json.dumps(after))
    return sorted(after)


def ask_for_keys(names: list[str]) -> dict[str, str]:
    """Reads each key from the terminal, without showing it; one that is left empty is removed."""
    return {name: getpass(f"{name}: ").strip() for name in names}
