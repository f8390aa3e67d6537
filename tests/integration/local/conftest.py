"""One account for the folder. It runs the sample from a copy that a test may change."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from werkzeug.test import Client

from tests.integration.local.asking import Answer, Call, Seen
from tests.integration.local.visitor import CLIENTS, URL, Time, Visitor
from tests.local.account import LocalAccount
from tests.local.issuer.server import Issuer

SAMPLE = Path(__file__).with_name("sample")


@pytest.fixture(scope="package")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local") / "sample"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="package")
def account(sample: Path) -> Iterator[LocalAccount]:
    with LocalAccount.start(
        sample / "template.yaml",
        stack_name="sample",
        fire_schedules=False,
        reload=True,
        links_open_here="public.example",
        logs=sample / "logs",
    ) as running:
        yield running


@pytest.fixture(scope="package")
def call(account: LocalAccount) -> Call:
    """`call("GET", "/items/1", headers=..., body=...)` at the account's API."""
    http = urllib3.PoolManager(retries=False, timeout=20.0)

    def send(method: str, path: str, **arguments: Any) -> Answer:
        response = http.request(method, account.api_url + path, **arguments)
        return Answer(response.status, response.headers, response.data)

    return send


@pytest.fixture(scope="package")
def seen(account: LocalAccount) -> Seen:
    """Reads what a function recorded under an id."""

    def read(item_id: str) -> dict[str, Any] | None:
        item = (
            account.client("dynamodb")
            .get_item(TableName=account.physical("Seen"), Key={"id": {"S": item_id}})
            .get("Item")
        )
        return json.loads(item["what"]["S"]) if item else None

    return read


@pytest.fixture(scope="package")
def issuer() -> Issuer:
    """Without an account, at a time of its own. One, since it takes a while to make its keys."""
    return Issuer(URL, CLIENTS, now=Time())


@pytest.fixture
def visitor(issuer: Issuer) -> Visitor:
    assert isinstance(issuer.now, Time)
    return Visitor(Client(issuer), issuer.now, issuer)
