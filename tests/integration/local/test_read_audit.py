"""The read audit records what a function read from its request, whatever the request is called."""

import json
from typing import Any

import pytest

from tests.local.read_audit import Read, reads
from tests.local.used_rights import AwsRequest


def request_of(
    service: str, target: str, body: dict[str, Any], *, who: str = "SweepFunction"
) -> AwsRequest:
    signed = f"AWS4-HMAC-SHA256 Credential={who}/20261124/ap-southeast-3/{service}/aws4_request"
    return AwsRequest(
        {"HTTP_AUTHORIZATION": signed, "HTTP_X_AMZ_TARGET": target, "REQUEST_METHOD": "POST"},
        json.dumps(body).encode(),
    )


def in_dynamodb(operation: str, **body: Any) -> list[Read]:
    return list(reads(request_of("dynamodb", f"DynamoDB_20120810.{operation}", body)))


def test_a_query_is_recorded_with_its_key_condition_and_its_filter() -> None:
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
def test_a_read_of_a_whole_table_is_recorded_under_any_name(operation: str) -> None:
    assert [one.operation for one in in_dynamodb(operation, TableName="orders")] == [
        f"dynamodb:{operation}"
    ]


def test_a_listing_of_a_bucket_is_recorded_and_a_read_of_one_object_is_not() -> None:
    listing, reading = (
        AwsRequest(
            {**request_of("s3", "", {}).environ, "REQUEST_METHOD": "GET", "PATH_INFO": path}, b""
        )
        for path in ("/documents", "/documents/stamped/1.pdf")
    )
    assert list(reads(listing)) == [Read("SweepFunction", "s3:ListObjects", "documents", "")]
    assert list(reads(reading)) == []


def test_a_read_of_a_queues_length_is_recorded_and_a_sent_message_is_not() -> None:
    body = {"QueueUrl": "http://127.0.0.1/1/stamping"}
    [depth] = reads(request_of("sqs", "AmazonSQS.GetQueueAttributes", body))
    assert depth[1:3] == ("sqs:GetQueueAttributes", body["QueueUrl"])
    assert list(reads(request_of("sqs", "AmazonSQS.SendMessage", body))) == []


def test_a_read_by_key_and_the_accounts_own_requests_are_not_recorded() -> None:
    assert in_dynamodb("GetItem", TableName="orders") == []
    assert in_dynamodb("BatchGetItem", RequestItems={}) == []
    own = request_of("dynamodb", "DynamoDB_20120810.Scan", {"TableName": "orders"}, who="test")
    assert list(reads(own)) == []
