"""What S3 says of an object that is not there."""

import json
from typing import Any

from tests.local.account import LocalAccount


def _codes(account: LocalAccount, key: str) -> Any:
    """The errors that a function gets, whose role may read all objects and list one prefix."""
    outcome = account.invoke("TickFunction", json.dumps({"object": key}).encode())
    assert outcome.error_type is None
    return json.loads(outcome.payload)


def test_who_may_list_the_prefix_is_told_that_an_object_is_missing(account: LocalAccount) -> None:
    assert _codes(account, "listed/1.pdf") == ["404", "NoSuchKey"]


def test_who_may_not_is_refused(account: LocalAccount) -> None:
    assert _codes(account, "elsewhere/1.pdf") == ["403", "AccessDenied"]


def test_an_object_that_is_there_is_read_by_both(account: LocalAccount) -> None:
    for key in ("listed/2.pdf", "elsewhere/2.pdf"):
        account.client("s3").put_object(Bucket=account.physical("Files"), Key=key, Body=b"x")
        assert _codes(account, key) == []
