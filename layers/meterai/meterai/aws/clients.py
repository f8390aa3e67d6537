"""One client for each AWS service, made when it is first asked for and shared from then on.

Making a client costs as much as importing a library, so a function makes only those it uses.
Time-outs are short: a worker that hangs holds its claim and its share of the concurrency. Region,
credentials and, for local runs, `AWS_ENDPOINT_URL` come from the environment, as boto3 reads it.
"""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

CONNECT_WITHIN_S, READ_WITHIN_S = 1, 5
INSPECT_WITHIN_S = (26, 20, 15, 10, 5)
"""How long an answer of `inspect` is waited for: the longest is longer than its time-out, and the
others are for those who have less time left."""

MAKING = Lock()
"""Held to get a client that several threads may be the first to need: boto3 makes clients in one
thread at a time only."""

MAX_TRIES = 3  # botocore's standard mode: the first try and two more, with jitter


def config(*, read_timeout_s: int = READ_WITHIN_S, pool: int = 10) -> Config:
    """How every client behaves; `pool` is how many threads may share one."""
    return Config(
        connect_timeout=CONNECT_WITHIN_S,
        read_timeout=read_timeout_s,
        retries={"mode": "standard", "total_max_attempts": MAX_TRIES},
        signature_version="v4",
        max_pool_connections=pool,
    )


def s3_config(*, pool: int = 10) -> Config:
    """Presigned addresses are signed with version 4, and name the bucket's own Region: by default
    botocore writes the global `s3.amazonaws.com`, which refuses buckets of newer Regions, Jakarta's
    among them (https://github.com/boto/boto3/pull/4768). In us-east-1 it does so unless the
    regional endpoint is asked for, and the network of `inspect` knows the regional name alone. An
    IP address as endpoint gets paths."""
    regional = Config(
        signature_version="s3v4",
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    )
    return config(read_timeout_s=10, pool=pool).merge(regional)


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=config())


@cache
def lambda_(read_timeout_s: int) -> Any:
    """One for each of `INSPECT_WITHIN_S`. botocore tries once: `InspectFunction` knows what may be
    invoked again. An invocation is silent for up to 25 s, so the connection is kept alive."""
    own = Config(retries={"mode": "standard", "total_max_attempts": 1}, tcp_keepalive=True)
    return boto3.client("lambda", config=config(read_timeout_s=read_timeout_s).merge(own))


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=s3_config())


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=config())


@cache
def sqs_once() -> "SQSClient":
    """For what nobody waits for: one try, of a second to connect and a second to read."""
    own = Config(retries={"mode": "standard", "total_max_attempts": 1})
    return boto3.client("sqs", config=config(read_timeout_s=1).merge(own))


@cache
def ses() -> Any:
    return boto3.client("sesv2", config=config())


@cache
def cognito() -> Any:
    return boto3.client("cognito-idp", config=config())


@cache
def kms() -> "KMSClient":
    return boto3.client("kms", config=config())


@cache
def secrets_manager() -> "SecretsManagerClient":
    return boto3.client("secretsmanager", config=config())
