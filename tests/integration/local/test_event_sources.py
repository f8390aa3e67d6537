"""Queues that invoke functions."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.local.asking import Seen, eventually
from tests.local.account import LocalAccount
from tests.local.instances import Outcome
from tests.local.queue_events import failed_message_ids


def _send(account: LocalAccount, *actions: str, queue: str = "WorkQueue") -> list[str]:
    """One batch; each message says what shall become of it."""
    ids = [str(uuid.uuid4()) for _ in actions]
    account.client("sqs").send_message_batch(
        QueueUrl=account.physical(queue),
        Entries=[
            {
                "Id": str(index),
                "MessageBody": json.dumps({"id": item_id, "do": action}),
                "MessageGroupId": "group",
                "MessageAttributes": {"kind": {"DataType": "String", "StringValue": action}},
            }
            for index, (item_id, action) in enumerate(zip(ids, actions, strict=True))
        ],
    )
    return ids


def _dead_letter(account: LocalAccount) -> dict[str, Any] | None:
    sqs, url = account.client("sqs"), account.physical("DeadLetters")
    for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages", ()):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        letter: dict[str, Any] = json.loads(message["Body"])
        return letter
    return None


def test_a_record_has_lambdas_form(account: LocalAccount, seen: Seen) -> None:
    (item_id,) = _send(account, "ok")
    account.quiesce()
    record = seen(f"{item_id}/1")
    assert record
    attributes = record.pop("attributes")
    assert {"ApproximateReceiveCount", "SentTimestamp", "SenderId"} <= set(attributes)
    assert attributes["MessageGroupId"] == "group"
    assert record.pop("messageId")
    assert record.pop("receiptHandle")
    assert record.pop("md5OfBody")
    assert record == {
        "body": json.dumps({"id": item_id, "do": "ok"}),
        "messageAttributes": {
            "kind": {
                "stringValue": "ok",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": account.attribute("WorkQueue", "Arn"),
        "awsRegion": "ap-southeast-3",
    }


def test_only_failed_messages_are_delivered_again(account: LocalAccount, seen: Seen) -> None:
    good, bad, other = _send(account, "ok", "fail once", "ok")
    account.quiesce()
    assert [bool(seen(f"{bad}/{count}")) for count in (1, 2, 3)] == [True, True, False]
    for item_id in (good, other):
        assert [bool(seen(f"{item_id}/{count}")) for count in (1, 2)] == [True, False]


def test_a_batching_window_gathers_messages_that_arrive_within_it(
    account: LocalAccount, seen: Seen
) -> None:
    (first,) = _send(account, "ok", queue="PatientQueue")
    (second,) = _send(account, "ok", queue="PatientQueue")
    account.quiesce()
    assert seen(f"{first}/batch") == seen(f"{second}/batch") == {"size": 2}


def test_a_message_that_keeps_failing_becomes_a_dead_letter(
    account: LocalAccount, seen: Seen
) -> None:
    (item_id,) = _send(account, "fail")
    letter = eventually(lambda: _dead_letter(account))
    assert letter == {"id": item_id, "do": "fail"}
    assert [bool(seen(f"{item_id}/{count}")) for count in (1, 2, 3)] == [True, True, False]


def test_a_batch_that_stays_throttled_has_used_up_a_receive(
    account: LocalAccount, seen: Seen
) -> None:
    """The function runs once at a time, and is at work. `maxReceiveCount` is 1."""
    record = {"messageId": "1", "attributes": {"ApproximateReceiveCount": "1"}}
    work = {"Records": [{**record, "body": json.dumps({"id": "working", "do": "hold"})}]}
    with ThreadPoolExecutor() as elsewhere:
        working = elsewhere.submit(account.invoke, "LoneFunction", json.dumps(work).encode())
        eventually(lambda: seen("working/1"))
        (waiting,) = _send(account, "ok", queue="LoneQueue")
        letter = eventually(lambda: _dead_letter(account))
        account.client("dynamodb").put_item(
            TableName=account.physical("Seen"), Item={"id": {"S": "working/let go"}}
        )
        assert working.result().error_type is None
    assert letter == {"id": waiting, "do": "ok"}
    assert seen(f"{waiting}/1") is None
    assert account.functions["LoneFunction"].throttles > 0


@pytest.mark.parametrize("how", ["raise", "exit", "report nonsense"])
def test_a_function_that_fails_as_a_whole_loses_no_message(
    account: LocalAccount, seen: Seen, how: str
) -> None:
    good, _ = _send(account, "ok", how)
    letters = [eventually(lambda: _dead_letter(account)) for _ in range(2)]
    assert {letter["do"] for letter in letters} == {"ok", how}
    assert seen(f"{good}/2")


@pytest.mark.parametrize(
    ("payload", "failed"),
    [
        (b"null", set()),
        (b"{}", set()),
        (b'{"batchItemFailures": []}', set()),
        (b'{"batchItemFailures": null}', set()),
        (b'{"batchItemFailures": [{"itemIdentifier": "b"}]}', {"b"}),
        (b'{"batchItemFailures": [{"itemIdentifier": "x"}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"itemIdentifier": ""}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"itemIdentifier": null}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"identifier": "a"}]}', {"a", "b"}),
        (b'{"batchItemFailures": ["a"]}', {"a", "b"}),
        (b'{"batchItemFailures": "a"}', {"a", "b"}),
        (b'{"failures": []}', {"a", "b"}),
        (b'"a"', {"a", "b"}),
    ],
)
def test_an_invalid_report_fails_the_whole_batch(payload: bytes, failed: set[str]) -> None:
    outcome = Outcome("request", payload)
    assert failed_message_ids(outcome, ["a", "b"], reports_item_failures=True) == failed


def test_without_item_failures_the_return_value_is_ignored() -> None:
    outcome = Outcome("request", b'{"batchItemFailures": [{"itemIdentifier": "a"}]}')
    assert failed_message_ids(outcome, ["a"], reports_item_failures=False) == set()
