"""Secrets of Secrets Manager; each is read once by each process.

A rotated one is taken up by new processes: rotate with both values valid for a while. The identity
secret never rotates.
"""

from functools import cache
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@cache
def read_secret(client: "SecretsManagerClient", arn: str) -> str:
    """The secret's text. Raises Unavailable."""
    with translate_aws_errors("secretsmanager"):
        return client.get_secret_value(SecretId=arn)["SecretString"]
