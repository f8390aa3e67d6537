"""Secrets of Secrets Manager. How long one is kept is decided where it is used."""

from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def read_secret(client: "SecretsManagerClient", arn: str) -> str:
    """The secret's text. One call. Raises Unavailable."""
    with translate_aws_errors("secretsmanager"):
        return client.get_secret_value(SecretId=arn)["SecretString"]
