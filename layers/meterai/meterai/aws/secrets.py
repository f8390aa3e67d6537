"""Secrets of Secrets Manager; each is read once by each process.

A rotated one is taken up by new processes: rotate with both values valid for a while. The identity
secret never rotates.
"""

from functools import cache
from typing import TYPE_CHECKING

from meterai.aws.failures import answered_by

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@cache
def read_secret(client: "SecretsManagerClient", arn: str) -> str:
    """The secret's text. Raises Unavailable."""
    with answered_by("secretsmanager"):
        return client.get_secret_value(SecretId=arn)["SecretString"]
