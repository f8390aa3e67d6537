"""From an S3 put to a subscriber's queue: S3 to SNS to SQS."""

import json
from typing import Any
from urllib.parse import unquote_plus

from tests.integration.local.asking import eventually
from tests.local.account import LocalAccount


def _subscribed_queue(account: LocalAccount, name: str, **attributes: str) -> str:
    """As a portal does: its own queue, subscribed to the topic."""
    sqs = account.client("sqs")
    url: str = sqs.create_queue(QueueName=name)["QueueUrl"]
    account.client("sns").subscribe(
        TopicArn=account.physical("FilesTopic"),
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:{account.region}:{account.account_id}:{name}",
        Attributes=attributes,
    )
    return url


def _put(account: LocalAccount, key: str) -> None:
    account.client("s3").put_object(Bucket=account.physical("Files"), Key=key, Body=b"x")


def _received(account: LocalAccount, url: str) -> list[dict[str, Any]] | None:
    answer = account.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in answer.get("Messages", ())] or None


def _key(event: dict[str, Any]) -> str:
    (record,) = event["Records"]
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["s3"]["object"]["sequencer"]
    assert record["s3"]["object"]["versionId"]
    return unquote_plus(record["s3"]["object"]["key"])


def test_a_put_reaches_a_subscribed_queue(account: LocalAccount) -> None:
    url = _subscribed_queue(account, "portal-plain")
    _put(account, "elsewhere/1.pdf")
    _put(account, "out/a b.pdf")
    (envelope,) = eventually(lambda: _received(account, url))
    assert envelope["Type"] == "Notification"
    assert envelope["TopicArn"] == account.physical("FilesTopic")
    assert _key(json.loads(envelope["Message"])) == "out/a b.pdf"


def test_a_subscriber_may_filter_by_the_keys_prefix(account: LocalAccount) -> None:
    policy = {"Records": {"s3": {"object": {"key": [{"prefix": "out/mine/"}]}}}}
    url = _subscribed_queue(
        account,
        "portal-filtered",
        FilterPolicyScope="MessageBody",
        FilterPolicy=json.dumps(policy),
        RawMessageDelivery="true",
    )
    for key in ("out/other/1.pdf", "out/mine/2.pdf"):
        _put(account, key)
    (event,) = eventually(lambda: _received(account, url))
    assert _key(event) == "out/mine/2.pdf"
