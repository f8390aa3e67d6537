import json
from datetime import UTC, datetime, timedelta

import pytest

from meterai.container import container
from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import OrderState
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import MAX_EARLY_TRIES, RETRY_SOON
from meterai.gateways.midtrans.webhooks import signature_of
from tests.fakes.gateway import MemoryGateway
from tests.fakes.in_memory_state import fails
from tests.unit.functions.function_app import GATEWAY_SERVER_KEY, FunctionApp, sample
from tests.unit.functions.story import CHARGE, ORDER, before

NOTHING_FAILED = {"batchItemFailures": list[dict[str, str]]()}


def test_after_a_webhook_the_gateway_is_checked_and_the_order_paid(memory_app: FunctionApp) -> None:
    before(memory_app, "confirm_payment")
    assert memory_app.invoke("confirm_payment", sample("confirm_payment")) == NOTHING_FAILED
    order = memory_app.state.orders[ORDER]
    assert (order.state, order.payment_id, order.paid_at, order.timer) == (
        OrderState.PAID,
        f"midtrans#tx-{CHARGE}",
        datetime(2026, 11, 24, 2, 1, tzinfo=UTC),
        None,
    )
    assert list(memory_app.state.payments) == [(ORDER, f"midtrans#tx-{CHARGE}")]


def test_an_unpaid_order_whose_time_is_over_expires(memory_app: FunctionApp) -> None:
    before(memory_app, "read_order")
    memory_app.state.pass_time(timedelta(minutes=20))
    answer = memory_app.invoke("confirm_payment", sample("confirm_payment.order_due"))
    assert answer == NOTHING_FAILED
    assert memory_app.state.orders[ORDER].state is OrderState.EXPIRED
    assert not memory_app.state.payments


def test_a_webhook_of_an_unknown_order_is_acknowledged(memory_app: FunctionApp) -> None:
    before(memory_app, "confirm_payment")
    unknown = json.loads(sample("receive_webhook")["body"]) | {"order_id": "of-another-shop-1"}
    unknown["signature_key"] = signature_of(
        unknown["order_id"], unknown["status_code"], unknown["gross_amount"], GATEWAY_SERVER_KEY
    )
    event = sample("confirm_payment")
    event["Records"][0]["body"] = json.dumps(
        {"kind": "webhook", "gateway": "midtrans", "body": json.dumps(unknown)}
    )
    assert memory_app.invoke("confirm_payment", event) == NOTHING_FAILED
    assert memory_app.state.orders[ORDER].state is OrderState.PENDING


@pytest.mark.parametrize("body", ["", "{}", '{"kind":"order"}', '{"kind":"other"}', "null"])
def test_a_message_that_cannot_be_read_stays_in_the_queue(
    memory_app: FunctionApp, body: str
) -> None:
    event = sample("confirm_payment")
    event["Records"][0]["body"] = body
    answer = memory_app.invoke("confirm_payment", event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}


@pytest.mark.parametrize("tries", [1, MAX_EARLY_TRIES, MAX_EARLY_TRIES + 1])
def test_a_gateway_that_does_not_answer_is_checked_again_soon(
    memory_app: FunctionApp, tries: int
) -> None:
    before(memory_app, "confirm_payment")
    event = sample("confirm_payment")
    (record,) = event["Records"]
    record["attributes"]["ApproximateReceiveCount"] = str(tries)
    memory_app.state.hook = fails("Gateway.status", Unavailable(party="midtrans"))
    answer = memory_app.invoke("confirm_payment", event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
    early = {record["receiptHandle"]: (Lane.PAYMENTS, RETRY_SOON)}
    assert memory_app.state.retry_after == (early if tries <= MAX_EARLY_TRIES else {})


class _IgnorantGateway(MemoryGateway):
    def status(self, charge: str) -> None:
        del charge

    def expire(self, charge_id: str) -> None:
        del charge_id


def test_an_order_charged_at_the_previous_gateway_is_found_there(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "read_order")
    former = memory_app.ports.gateway
    former.settle(CHARGE)
    chosen = _IgnorantGateway(memory_app.state, "xendit")
    gateways = {chosen.name: chosen, former.name: former}
    with container.overriding(gateways=gateways):
        answer = memory_app.invoke("confirm_payment", sample("confirm_payment.order_due"))
    assert answer == {"batchItemFailures": []}
    (payment,) = memory_app.state.payments.values()
    assert payment.gateway == "midtrans"
    assert memory_app.state.orders[ORDER].payment_id == payment.payment_id
