"""Clients for an endpoint that replaces AWS, configured as the system's own clients are."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto import mock_aws
from moto.backends import get_backend

from meterai.aws import clients
from tests.contract.backends import Clients

REGION = "ap-southeast-3"


def clients_at(endpoint_url: str | None, threads: int = 10) -> Clients:
    """`endpoint_url` None: AWS's own addresses, which moto intercepts."""
    session = boto3.Session("test", "test", region_name=REGION)  # ministack knows this key
    config = clients.config(read_timeout_s=10, pool=threads)
    return Clients(
        dynamodb=session.client("dynamodb", endpoint_url=endpoint_url, config=config),
        s3=session.client("s3", endpoint_url=endpoint_url, config=clients.s3_config(pool=threads)),
        sqs=session.client("sqs", endpoint_url=endpoint_url, config=config),
        kms=session.client("kms", endpoint_url=endpoint_url, config=config),
    )


@contextmanager
def moto_running() -> Iterator[Clients]:
    with mock_aws():
        yield clients_at(None)


def forget_all_in_moto() -> None:
    """Takes a dozen milliseconds; a new mock takes most of a second."""
    get_backend("dynamodb").reset()
    get_backend("s3").reset()
    get_backend("sqs").reset()
