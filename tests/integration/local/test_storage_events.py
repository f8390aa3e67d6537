"""From an S3 put to a subscriber's queue: S3 to SNS to SQS."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

import pytest

from tests.integration.local.asking import eventually
from tests.local.account import LocalAccount


def _subscribed_queue(account: LocalAccount, name: str, **attributes: str) -> str:
    """As a portal does: its own queue, subscribed to the topic, which may send to it."""
    url = _queue(account, name, sender=account.physical("FilesTopic"))
    _subscribe(account, name, **attributes)
    return url


def _queue(account: LocalAccount, name: str, *, sender: str | None) -> str:
    sqs = account.client("sqs")
    url: str = sqs.create_queue(QueueName=name)["QueueUrl"]
    if sender is not None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": _arn(account, name),
            "Condition": {"ArnEquals": {"aws:SourceArn": sender}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return url


def _subscribe(account: LocalAccount, name: str, **attributes: str) -> str:
    answer = account.client("sns").subscribe(
        TopicArn=account.physical("FilesTopic"),
        Protocol="sqs",
        Endpoint=_arn(account, name),
        Attributes=attributes,
    )
    return str(answer["SubscriptionArn"])


def _arn(account: LocalAccount, name: str) -> str:
    return f"arn:aws:sqs:{account.region}:{account.account_id}:{name}"


def _failed_notifications(account: LocalAccount) -> float:
    now = datetime.now(UTC)
    answer = account.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SNS",
        MetricName="NumberOfNotificationsFailed",
        Dimensions=[{"Name": "TopicName", "Value": account.physical("FilesTopic").split(":")[-1]}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
        Period=7_200,
        Statistics=["Sum"],
    )
    return float(sum(point["Sum"] for point in answer["Datapoints"]))


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


@pytest.mark.parametrize("sender", [None, "arn:aws:sns:ap-southeast-3:123456789012:another-topic"])
def test_a_queue_that_does_not_let_the_topic_send_gets_nothing(
    account: LocalAccount, sender: str | None
) -> None:
    """It is counted, and goes to the dead letters of the subscription that has some."""
    closed, dead = (f"{name}-{sender is None}".lower() for name in ("closed", "dead"))
    url = _queue(account, closed, sender=sender)
    letters = _queue(account, dead, sender=account.physical("FilesTopic"))
    redrive = json.dumps({"deadLetterTargetArn": _arn(account, dead)})
    subscription = _subscribe(account, closed, RedrivePolicy=redrive, RawMessageDelivery="true")
    failed_before = _failed_notifications(account)
    _put(account, "out/3.pdf")
    account.client("sns").unsubscribe(SubscriptionArn=subscription)
    (event,) = eventually(lambda: _received(account, letters))
    assert _key(event) == "out/3.pdf"
    assert _failed_notifications(account) == failed_before + 1
    assert account.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"] == {"ApproximateNumberOfMessages": "0"}
