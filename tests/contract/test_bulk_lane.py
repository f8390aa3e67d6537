"""The bulk lane: stampings are taken out of it, sent on, and only then struck off."""

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


def taken_from(backend: Backend, most: int) -> list[TakenOut]:
    """A queue may hand out fewer than it has: until there are no more, or enough."""
    taken: list[TakenOut] = []
    while len(taken) < most and (more := backend.lanes.receive_bulk(most - len(taken))):
        assert len(more) <= 10
        taken += more
    return taken


def test_bulk_is_taken_sent_on_and_struck_off(backend: Backend) -> None:
    stampings = in_bulk(backend, 13)
    taken = taken_from(backend, 12)
    assert len(taken) == 12
    for portion in (taken[:10], taken[10:]):
        backend.lanes.stamp_taken(portion)
        backend.lanes.delete(portion)
    (left,) = taken_from(backend, 10)
    assert sorted(one.serials for one in (*taken, left)) == sorted(stampings)
    bodies = [*backend.bodies("stamping"), *backend.bodies("stamping")]
    assert sorted(StampDocument.model_validate_json(body).serials for body in bodies) == sorted(
        one.serials for one in taken
    )
    assert all(StampDocument.model_validate_json(body).bulk for body in bodies)


def test_what_was_taken_out_of_bulk_is_hidden_from_others(backend: Backend) -> None:
    in_bulk(backend, 2)
    assert len(taken_from(backend, 2)) == 2
    assert backend.lanes.receive_bulk(10) == []
    assert backend.lanes.is_idle(Lane.BULK)


def test_what_was_not_struck_off_comes_back_to_bulk(aws_backend: AwsBackend) -> None:
    in_bulk(aws_backend, 1)
    (taken,) = aws_backend.lanes.receive_bulk(10)
    aws_backend.lanes.stamp_taken([taken])
    aws_backend.clients.sqs.change_message_visibility(
        QueueUrl=aws_backend.queues["bulk"], ReceiptHandle=taken.receipt, VisibilityTimeout=0
    )
    (again,) = aws_backend.lanes.receive_bulk(10)
    assert (again.serials, again.group) == (taken.serials, taken.group)


def test_a_message_that_cannot_be_read_stays_in_bulk(moto_backend: AwsBackend) -> None:
    url = moto_backend.queues["bulk"]
    moto_backend.clients.sqs.send_message(QueueUrl=url, MessageBody="{}", MessageGroupId="x")
    (readable,) = in_bulk(moto_backend, 1)
    assert [one.serials for one in moto_backend.lanes.receive_bulk(10)] == [readable]


def test_where_one_of_a_batch_did_not_get_there_it_is_told(moto_backend: AwsBackend) -> None:
    in_bulk(moto_backend, 2)
    taken = taken_from(moto_backend, 2)

    def refuse_one(parsed: dict[str, Any], **_: object) -> None:
        failed = parsed["Successful"].pop()
        parsed["Failed"] = [{"Id": failed["Id"], "Code": "InternalError", "SenderFault": False}]

    events = moto_backend.clients.sqs.meta.events
    events.register("after-call.sqs.SendMessageBatch", refuse_one)
    try:
        with pytest.raises(Unavailable) as refused:
            moto_backend.lanes.stamp_taken(taken)
    finally:
        events.unregister("after-call.sqs.SendMessageBatch", refuse_one)
    assert refused.value.values == {"party": "sqs", "reason": "InternalError"}


def test_bulk_keeps_the_time_at_which_it_was_sent(aws_backend: AwsBackend) -> None:
    before = datetime.now(UTC)
    in_bulk(aws_backend, 1)
    (taken,) = aws_backend.lanes.receive_bulk(10)
    assert before - timedelta(seconds=1) <= taken.sent_at <= datetime.now(UTC)
