"""What may happen to a message in a queue: it is delivered twice, or never."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tests.applicant.client import Json
from tests.local.environment import Environment

_MAX_DELAY_S = 900
# SQS takes one purge a minute, and so does moto, unless its own process (which is ours) says this.
_PURGED_AS_OFTEN_AS_WE_LIKE = {"MOTO_SQS_ENFORCE_STRICT_QUEUE_PURGE_BEHAVIOUR": "false"}


def deliver(place: Environment, queue: str, *messages: Json) -> None:
    """Puts messages into a queue, as if SQS delivered them once more (it promises "at least once"),
    and waits until they are dealt with."""
    for message in messages:
        place.account.client("sqs").send_message(
            QueueUrl=place.account.physical(queue),
            MessageBody=json.dumps(message),
            MessageGroupId="again",
        )
    assert place.gateway.wait_until_idle()
    place.account.quiesce()


@contextmanager
def losing(place: Environment, queue: str) -> Iterator[None]:
    """What is sent inside no worker ever sees.

    It is taken as always, but delayed, and deleted before it comes out.
    """
    sqs, url = place.account.client("sqs"), place.account.physical(queue)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": str(_MAX_DELAY_S)})
    try:
        yield
        assert place.gateway.wait_until_idle()
        delayed = "ApproximateNumberOfMessagesDelayed"
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[delayed])
        assert int(answer["Attributes"][delayed]) >= 1, "nothing was sent"
    finally:
        with patch.dict(os.environ, _PURGED_AS_OFTEN_AS_WE_LIKE):
            sqs.purge_queue(QueueUrl=url)
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
