"""The portal's queue, subscribed to the portal's own topic."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus


@dataclass(frozen=True, slots=True)
class StampedFile:
    """The content of an event: where the file is stored, and its size."""

    bucket: str
    key: str
    size_bytes: int

    @property
    def serial(self) -> str:
        """The stamping: the file has the name of its first serial."""
        return self.key.rpartition("/")[2].removesuffix(".pdf")


class PortalInbox:
    """Receives the events of `stamped/<portal>/`. Uses SNS and SQS and none of the system's
    code."""

    def __init__(self, sns: Any, sqs: Any, topic_arn: str, portal: str) -> None:
        self._sqs = sqs
        self._queue_url = sqs.create_queue(QueueName=f"portal-{portal}")["QueueUrl"]
        answer = sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=["QueueArn"])
        queue_arn = answer["Attributes"]["QueueArn"]
        # Without this policy SNS accepts the subscription and delivers nothing:
        # https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": queue_arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
                }
            ],
        }
        sqs.set_queue_attributes(
            QueueUrl=self._queue_url, Attributes={"Policy": json.dumps(policy)}
        )
        sns.subscribe(
            TopicArn=topic_arn,
            Protocol="sqs",
            Endpoint=queue_arn,
            Attributes={"RawMessageDelivery": "true"},
        )

    def receive(self, count: int, timeout_s: float) -> list[StampedFile]:
        """The next files: at least `count`, or those that arrive before the time is over. With
        less than a second it returns those that are there already."""
        wait_s = 1 if timeout_s >= 1 else 0
        until = time.monotonic() + timeout_s
        found: list[StampedFile] = []
        while len(found) < count and time.monotonic() < until:
            answer = self._sqs.receive_message(
                QueueUrl=self._queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_s
            )
            for message in answer.get("Messages", []):
                found += _stamped_files(message["Body"])
                self._sqs.delete_message(
                    QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"]
                )
        return found


def _stamped_files(body: str) -> Iterator[StampedFile]:
    """S3's test event has no records; keys come URL-encoded, with a plus for a space."""
    for record in json.loads(body).get("Records", []):
        stored = record["s3"]
        yield StampedFile(
            bucket=stored["bucket"]["name"],
            key=unquote_plus(stored["object"]["key"]),
            size_bytes=stored["object"]["size"],
        )
