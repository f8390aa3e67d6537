"""boto3 clients for the account's endpoint."""

import threading
from typing import Any

import boto3
from botocore.config import Config

from tests.local.function_environment import FAKE_CREDENTIALS


class AwsClients:
    """One client for each service, created on first use and shared between threads."""

    def __init__(self, endpoint_url: str, region: str) -> None:
        self._endpoint_url = endpoint_url
        # Clients may be shared between threads, the session that makes them may not.
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}
        # Any: the stubs know each service by its literal name, and here the name is a variable.
        self._session: Any = boto3.Session(
            aws_access_key_id=FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=FAKE_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=region,
        )

    def __call__(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service,
                    endpoint_url=self._endpoint_url,
                    config=Config(
                        connect_timeout=5,
                        read_timeout=30,
                        max_pool_connections=50,
                        retries={"total_max_attempts": 2},
                        s3={"addressing_style": "path"},
                    ),
                )
            return self._clients[service]
