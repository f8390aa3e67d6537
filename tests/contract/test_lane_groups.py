"""Fair queues: each message says whose it is, and nobody can tell who that is."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.goods import ACCOUNT, a_refund, a_stamping, an_order
from tests.contract.places import AwsPlace, pseudonym


@pytest.fixture
def sent(moto_place: AwsPlace) -> Iterator[list[dict[str, Any]]]:
    """What is sent, as SQS is told it."""
    messages: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_: object) -> None:
        messages.append(params)

    events = moto_place.clients.sqs.meta.events
    events.register("provide-client-params.sqs.SendMessage", note)
    yield messages
    events.unregister("provide-client-params.sqs.SendMessage", note)


def test_the_group_is_the_accounts_pseudonym(
    moto_place: AwsPlace, sent: list[dict[str, Any]]
) -> None:
    order = an_order()
    moto_place.lanes.look_at_order(order.order_id, ACCOUNT)
    moto_place.lanes.stamp([a_stamping(order, 0)[0].serial], ACCOUNT)
    moto_place.lanes.refund(a_refund(order).refund_id, ACCOUNT)
    moto_place.lanes.preserve(a_stamping(order, 0)[0].serial, ACCOUNT)
    assert [message["MessageGroupId"] for message in sent] == [pseudonym(ACCOUNT)] * 4
    assert ACCOUNT not in repr(sent)


def test_a_notice_sent_over_and_over_is_one_group(
    moto_place: AwsPlace, sent: list[dict[str, Any]]
) -> None:
    for body in ('{"order_id":"a"}', '{"order_id":"a"}', '{"order_id":"b"}'):
        moto_place.lanes.notice("midtrans", body)
    first, again, other = (message["MessageGroupId"] for message in sent)
    assert first == again != other
    assert len(first) <= 128  # SQS takes no more
