"""What a function read is told by its request, whatever the request is called."""

import json
from typing import Any

import pytest

from tests.local.read_audit import Read, reads
from tests.local.used_rights import Asked


def asked(service: str, target: str, body: dict[str, Any], *, who: str = "SweepFunction") -> Asked:
    signed = f"AWS4-HMAC-SHA256 Credential={who}/20261124/ap-southeast-3/{service}/aws4_request"
    return Asked(
        {"HTTP_AUTHORIZATION": signed, "HTTP_X_AMZ_TARGET": target, "REQUEST_METHOD": "POST"},
        json.dumps(body).encode(),
    )


def in_dynamodb(operation: str, **body: Any) -> list[Read]:
    return list(reads(asked("dynamodb", f"DynamoDB_20120810.{operation}", body)))


def test_a_query_is_told_with_its_key_and_with_its_filter() -> None:
    [one] = in_dynamodb(
        "Query",
        TableName="orders",
        IndexName="by_next_check",
        KeyConditionExpression="#shard = :shard",
        FilterExpression="#state = :pending",
        ExpressionAttributeNames={"#shard": "timer_shard", "#state": "state"},
    )
    assert one == Read(
        "SweepFunction",
        "dynamodb:Query",
        "orders/index/by_next_check",
        "timer_shard = :shard FILTER state = :pending",
    )


@pytest.mark.parametrize("operation", ["Scan", "ExecuteStatement", "BatchExecuteStatement"])
def test_what_reads_a_whole_table_is_told_by_any_name(operation: str) -> None:
    assert [one.operation for one in in_dynamodb(operation, TableName="orders")] == [
        f"dynamodb:{operation}"
    ]


def test_a_listing_of_a_bucket_is_told_and_a_read_of_one_object_is_not() -> None:
    listing, reading = (
        Asked({**asked("s3", "", {}).environ, "REQUEST_METHOD": "GET", "PATH_INFO": path}, b"")
        for path in ("/documents", "/documents/stamped/1.pdf")
    )
    assert list(reads(listing)) == [Read("SweepFunction", "s3:ListObjects", "documents", "")]
    assert list(reads(reading)) == []


def test_how_long_a_queue_is_is_told_and_a_message_that_is_sent_is_not() -> None:
    body = {"QueueUrl": "http://127.0.0.1/1/stamping"}
    [depth] = reads(asked("sqs", "AmazonSQS.GetQueueAttributes", body))
    assert depth[1:3] == ("sqs:GetQueueAttributes", body["QueueUrl"])
    assert list(reads(asked("sqs", "AmazonSQS.SendMessage", body))) == []


def test_what_names_its_item_and_what_the_account_itself_does_is_not_told() -> None:
    assert in_dynamodb("GetItem", TableName="orders") == []
    assert in_dynamodb("BatchGetItem", RequestItems={}) == []
    own = asked("dynamodb", "DynamoDB_20120810.Scan", {"TableName": "orders"}, who="testing")
    assert list(reads(own)) == []
