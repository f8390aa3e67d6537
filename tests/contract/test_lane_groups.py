"""Fair queues: each message names its account's group, which does not reveal the account."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.backends import AwsBackend, pseudonym
from tests.contract.factories import ACCOUNT, a_refund, a_stamping, an_order


@pytest.fixture
def sent(moto_backend: AwsBackend) -> Iterator[list[dict[str, Any]]]:
    """The parameters of the message as they are sent to SQS."""
    messages: list[dict[str, Any]] = []

    def record(params: dict[str, Any], **_: object) -> None:
        messages.append(params)

    events = moto_backend.clients.sqs.meta.events
    events.register("provide-client-params.sqs.SendMessage", record)
    yield messages
    events.unregister("provide-client-params.sqs.SendMessage", record)


def test_the_group_is_the_accounts_pseudonym(
    moto_backend: AwsBackend, sent: list[dict[str, Any]]
) -> None:
    order = an_order()
    moto_backend.lanes.check_order(order.order_id, ACCOUNT)
    moto_backend.lanes.stamp([a_stamping(order, 0)[0].serial], ACCOUNT)
    moto_backend.lanes.refund(a_refund(order).refund_id, ACCOUNT)
    moto_backend.lanes.augment(a_stamping(order, 0)[0].serial, ACCOUNT)
    assert [message["MessageGroupId"] for message in sent] == [pseudonym(ACCOUNT)] * 4
    assert ACCOUNT not in repr(sent)


def test_a_repeated_webhook_is_one_group(
    moto_backend: AwsBackend, sent: list[dict[str, Any]]
) -> None:
    for body in ('{"order_id":"a"}', '{"order_id":"a"}', '{"order_id":"b"}'):
        moto_backend.lanes.webhook("midtrans", body)
    first, again, other = (message["MessageGroupId"] for message in sent)
    assert first == again != other
    assert len(first) <= 128  # SQS's limit
