import json
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from meterai import services
from meterai.domain.errors import Unavailable
from meterai.domain.flow import Lane
from meterai.domain.orders import OrderState
from meterai.entry.queue import EARLY_TRIES, SOON
from meterai.payments.midtrans_notice import signature_of
from tests.fakes.gateway import MemoryGateway
from tests.fakes.world import fails
from tests.unit.functions.stamp_office import GATEWAY_SERVER_KEY, StampOffice, sample
from tests.unit.functions.story import CHARGE, ORDER, before

NOTHING_FAILED = {"batchItemFailures": list[dict[str, str]]()}


def test_a_notice_has_the_gateway_asked_and_the_order_paid(office: StampOffice) -> None:
    before(office, "confirm_payment")
    assert office.invoke("confirm_payment", sample("confirm_payment")) == NOTHING_FAILED
    order = office.world.orders[ORDER]
    assert (order.state, order.payment_id, order.paid_at, order.clock) == (
        OrderState.PAID,
        f"midtrans#tx-{CHARGE}",
        datetime(2026, 11, 24, 2, 1, tzinfo=UTC),
        None,
    )
    assert list(office.world.payments) == [(ORDER, f"midtrans#tx-{CHARGE}")]


def test_an_order_whose_time_is_over_expires_unpaid(office: StampOffice) -> None:
    before(office, "read_order")
    office.world.pass_time(timedelta(minutes=20))
    answer = office.invoke("confirm_payment", sample("confirm_payment.order_due"))
    assert answer == NOTHING_FAILED
    assert office.world.orders[ORDER].state is OrderState.EXPIRED
    assert not office.world.payments


def test_a_notice_of_an_order_that_is_not_ours_is_done_with(office: StampOffice) -> None:
    before(office, "confirm_payment")
    unknown = json.loads(sample("receive_notice")["body"]) | {"order_id": "of-another-shop-1"}
    unknown["signature_key"] = signature_of(
        unknown["order_id"], unknown["status_code"], unknown["gross_amount"], GATEWAY_SERVER_KEY
    )
    event = sample("confirm_payment")
    event["Records"][0]["body"] = json.dumps(
        {"what": "notice", "gateway": "midtrans", "body": json.dumps(unknown)}
    )
    assert office.invoke("confirm_payment", event) == NOTHING_FAILED
    assert office.world.orders[ORDER].state is OrderState.PENDING


@pytest.mark.parametrize("body", ["", "{}", '{"what":"order"}', '{"what":"other"}', "null"])
def test_a_message_that_cannot_be_read_stays_in_the_queue(office: StampOffice, body: str) -> None:
    event = sample("confirm_payment")
    event["Records"][0]["body"] = body
    answer = office.invoke("confirm_payment", event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}


@pytest.mark.parametrize("tries", [1, EARLY_TRIES, EARLY_TRIES + 1])
def test_where_the_gateway_does_not_answer_it_is_asked_again_soon(
    office: StampOffice, tries: int
) -> None:
    before(office, "confirm_payment")
    event = sample("confirm_payment")
    (record,) = event["Records"]
    record["attributes"]["ApproximateReceiveCount"] = str(tries)
    office.world.hook = fails("Gateway.status", Unavailable(party="midtrans"))
    answer = office.invoke("confirm_payment", event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
    early = {record["receiptHandle"]: (Lane.PAYMENTS, SOON)}
    assert office.world.come_again == (early if tries <= EARLY_TRIES else {})


class _KnowsNothing(MemoryGateway):
    def status(self, charge: str) -> None:
        del charge

    def expire(self, charge_id: str) -> None:
        del charge_id


def test_an_order_charged_at_the_former_gateway_is_looked_for_there(office: StampOffice) -> None:
    before(office, "read_order")
    former = office.ports.gateway
    former.settle(CHARGE)
    chosen = _KnowsNothing(office.world, "xendit")
    gateways = {chosen.name: chosen, former.name: former}
    with patch.dict(vars(services.office), {"gateways": gateways}):
        answer = office.invoke("confirm_payment", sample("confirm_payment.order_due"))
    assert answer == {"batchItemFailures": []}
    (payment,) = office.world.payments.values()
    assert payment.gateway == "midtrans"
    assert office.world.orders[ORDER].payment_id == payment.payment_id
