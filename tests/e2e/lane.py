"""Faults of a queue's messages: delivered twice, or never."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tests.applicant.client import Json
from tests.local.environment import Environment

_MAX_DELAY_S = 900
# SQS allows one purge a minute, and so does moto, unless its process (which is ours) says this
_PURGED_AS_OFTEN_AS_WE_LIKE = {"MOTO_SQS_ENFORCE_STRICT_QUEUE_PURGE_BEHAVIOUR": "false"}


def deliver(environment: Environment, queue: str, *messages: Json) -> None:
    """Puts messages into a queue, as if SQS delivered them once more (it promises "at least
    once"), and waits until they are handled."""
    for message in messages:
        environment.account.client("sqs").send_message(
            QueueUrl=environment.account.physical(queue),
            MessageBody=json.dumps(message),
            MessageGroupId="again",
        )
    assert environment.gateway.wait_until_idle()
    environment.account.quiesce()


@contextmanager
def losing(environment: Environment, queue: str) -> Iterator[None]:
    """No worker receives the messages that are sent inside.

    They are accepted as always, but delayed, and deleted before they become visible.
    """
    sqs, url = environment.account.client("sqs"), environment.account.physical(queue)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": str(_MAX_DELAY_S)})
    try:
        yield
        assert environment.gateway.wait_until_idle()
        delayed = "ApproximateNumberOfMessagesDelayed"
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[delayed])
        assert int(answer["Attributes"][delayed]) >= 1, "nothing was sent"
    finally:
        # In this order: what came between a purge and this would be delayed, and never found idle.
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
        with patch.dict(os.environ, _PURGED_AS_OFTEN_AS_WE_LIKE):
            sqs.purge_queue(QueueUrl=url)
