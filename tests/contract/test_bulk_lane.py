"""The bulk lane: stampings are received from it, sent on to the stamping lane, and deleted last."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.stamping.serials import Serial
from meterai.domain.waiting.queue_status import Lane
from meterai.messages import StampDocument
from meterai.ports import TakenOut
from tests.contract.backends import AwsBackend, Backend
from tests.contract.factories import ACCOUNT, a_stamping, an_order


@pytest.fixture(params=["moto", "ministack"])
def aws_backend(request: pytest.FixtureRequest) -> AwsBackend:
    backend: AwsBackend = request.getfixturevalue(f"{request.param}_backend")
    return backend


def in_bulk(backend: Backend, count: int) -> list[tuple[Serial, ...]]:
    stampings = [a_stamping(an_order(), 0, name=f"bulk {n}")[0].serials for n in range(count)]
    for serials in stampings:
        backend.lanes.stamp(serials, ACCOUNT, Lane.BULK)
    return stampings


def receive_up_to(backend: Backend, most: int) -> list[TakenOut]:
    """A queue may return fewer messages than it has: repeats until none are left, or `most` are
    here."""
    received: list[TakenOut] = []
    while len(received) < most and (more := backend.lanes.receive_bulk(most - len(received))):
        assert len(more) <= 10
        received += more
    return received


def test_bulk_stampings_are_received_sent_on_and_deleted(backend: Backend) -> None:
    stampings = in_bulk(backend, 13)
    received = receive_up_to(backend, 12)
    assert len(received) == 12
    for portion in (received[:10], received[10:]):
        backend.lanes.stamp_taken(portion)
        backend.lanes.delete(portion)
    (left,) = receive_up_to(backend, 10)
    assert sorted(one.serials for one in (*received, left)) == sorted(stampings)
    bodies = [*backend.bodies("stamping"), *backend.bodies("stamping")]
    assert sorted(StampDocument.model_validate_json(body).serials for body in bodies) == sorted(
        one.serials for one in received
    )
    assert all(StampDocument.model_validate_json(body).bulk for body in bodies)


def test_a_received_bulk_message_is_hidden_from_others(backend: Backend) -> None:
    in_bulk(backend, 2)
    assert len(receive_up_to(backend, 2)) == 2
    assert backend.lanes.receive_bulk(10) == []
    assert backend.lanes.is_idle(Lane.BULK)


def test_a_received_message_that_is_not_deleted_is_received_again(aws_backend: AwsBackend) -> None:
    in_bulk(aws_backend, 1)
    (received,) = aws_backend.lanes.receive_bulk(10)
    aws_backend.lanes.stamp_taken([received])
    aws_backend.clients.sqs.change_message_visibility(
        QueueUrl=aws_backend.queues["bulk"], ReceiptHandle=received.receipt, VisibilityTimeout=0
    )
    (again,) = aws_backend.lanes.receive_bulk(10)
    assert (again.serials, again.group) == (received.serials, received.group)


def test_a_message_that_cannot_be_read_stays_in_bulk(moto_backend: AwsBackend) -> None:
    url = moto_backend.queues["bulk"]
    moto_backend.clients.sqs.send_message(QueueUrl=url, MessageBody="{}", MessageGroupId="x")
    (readable,) = in_bulk(moto_backend, 1)
    assert [one.serials for one in moto_backend.lanes.receive_bulk(10)] == [readable]


def test_a_batch_of_which_one_message_is_refused_is_unavailable(moto_backend: AwsBackend) -> None:
    in_bulk(moto_backend, 2)
    received = receive_up_to(moto_backend, 2)

    def refuse_one(parsed: dict[str, Any], **_: object) -> None:
        failed = parsed["Successful"].pop()
        parsed["Failed"] = [{"Id": failed["Id"], "Code": "InternalError", "SenderFault": False}]

    events = moto_backend.clients.sqs.meta.events
    events.register("after-call.sqs.SendMessageBatch", refuse_one)
    try:
        with pytest.raises(Unavailable) as refused:
            moto_backend.lanes.stamp_taken(received)
    finally:
        events.unregister("after-call.sqs.SendMessageBatch", refuse_one)
    assert refused.value.values == {"party": "sqs", "reason": "InternalError"}


def test_bulk_keeps_the_time_at_which_it_was_sent(aws_backend: AwsBackend) -> None:
    before = datetime.now(UTC)
    in_bulk(aws_backend, 1)
    (received,) = aws_backend.lanes.receive_bulk(10)
    assert before - timedelta(seconds=1) <= received.sent_at <= datetime.now(UTC)
