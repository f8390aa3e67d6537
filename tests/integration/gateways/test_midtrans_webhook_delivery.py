"""Midtrans's webhooks: delivered twice, out of order, not at all, or forged."""

import json
from datetime import timedelta

import pytest
import urllib3

from meterai.domain.errors import WebhookRefused
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import ChargeState, Method, WebhookEvent
from meterai.gateways.midtrans.charges import Midtrans
from meterai.gateways.midtrans.webhooks import parse_webhook
from tests.integration.gateways.merchant import SERVER_KEY, START, ManualClock, Merchant
from tests.midtrans import Fault, FaultKind, MidtransSimulator

CHARGE = ChargeId("ord_A-1")


@pytest.fixture(autouse=True)
def _connected(simulator: MidtransSimulator, merchant: Merchant) -> None:
    simulator.webhook_url = merchant.url


def charge(gateway: Midtrans, method: Method = Method.QRIS) -> None:
    gateway.charge(CHARGE, 20_000, method, START + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("method", "own_fields"),
    [
        (Method.QRIS, {"transaction_type", "issuer", "acquirer"}),
        (Method.VIRTUAL_ACCOUNT, {"va_numbers", "payment_amounts"}),
    ],
)
def test_a_payment_webhook_has_midtranss_own_form(
    gateway: Midtrans,
    simulator: MidtransSimulator,
    merchant: Merchant,
    method: Method,
    own_fields: set[str],
) -> None:
    charge(gateway, method)
    simulator.pay(CHARGE)
    assert simulator.wait_until_idle()
    assert merchant.states == ["pending", "settlement"]
    assert merchant.named() == [CHARGE, CHARGE]
    body = json.loads(merchant.bodies[1])
    assert set(body) == own_fields | {
        "transaction_time",
        "transaction_status",
        "transaction_id",
        "status_message",
        "status_code",
        "signature_key",
        "settlement_time",
        "payment_type",
        "order_id",
        "merchant_id",
        "gross_amount",
        "fraud_status",
        "expiry_time",
        "currency",
    }
    assert (body["status_code"], body["gross_amount"]) == ("200", "20000.00")
    assert parse_webhook(merchant.bodies[1], SERVER_KEY) == WebhookEvent(
        CHARGE, body["transaction_id"]
    )


@pytest.mark.parametrize(
    ("answers", "tries"),
    [([200], 1), ([500, 500], 2), ([503] * 5, 5), ([404] * 3, 3), ([418] * 6, 6), ([503], 2)],
)
def test_a_webhook_is_repeated_by_the_merchants_answer(
    gateway: Midtrans,
    simulator: MidtransSimulator,
    merchant: Merchant,
    answers: list[int],
    tries: int,
) -> None:
    merchant.answers = answers
    charge(gateway)
    assert simulator.wait_until_idle()
    assert len(merchant.bodies) == tries
    assert [each.attempt for each in simulator.deliveries] == list(range(1, tries + 1))


def test_a_merchant_that_cannot_be_reached_is_tried_six_times(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    simulator.webhook_url = "http://127.0.0.1:9/"
    charge(gateway)
    assert simulator.wait_until_idle()
    assert [each.answer for each in simulator.deliveries] == [None] * 6


@pytest.mark.parametrize(
    ("fault", "states"),
    [
        (Fault(FaultKind.WEBHOOK_LOST), ["settlement"]),
        (Fault(FaultKind.WEBHOOK_DUPLICATE, copies=3), ["pending"] * 3 + ["settlement"]),
        (Fault(FaultKind.WEBHOOK_OUT_OF_ORDER), ["settlement", "pending"]),
    ],
    ids=lambda value: str(value.kind) if isinstance(value, Fault) else "",
)
def test_webhooks_are_lost_doubled_and_out_of_order(
    gateway: Midtrans,
    simulator: MidtransSimulator,
    merchant: Merchant,
    fault: Fault,
    states: list[str],
) -> None:
    simulator.add_fault(fault)
    charge(gateway)
    simulator.pay(CHARGE)
    assert simulator.wait_until_idle()
    assert merchant.states == states
    assert set(merchant.named()) == {CHARGE}


def test_a_forged_payment_is_refused(
    gateway: Midtrans, simulator: MidtransSimulator, merchant: Merchant
) -> None:
    charge(gateway)
    simulator.add_fault(Fault(FaultKind.FORGED_SIGNATURE, order_id=CHARGE))
    assert simulator.wait_until_idle()
    assert merchant.states == ["pending", "settlement"]
    with pytest.raises(WebhookRefused):
        parse_webhook(merchant.bodies[1], SERVER_KEY)


def test_an_altered_state_under_a_valid_signature_has_no_effect(
    gateway: Midtrans, simulator: MidtransSimulator, merchant: Merchant
) -> None:
    simulator.add_fault(Fault(FaultKind.CHANGED_STATUS))
    charge(gateway)
    assert simulator.wait_until_idle()
    assert merchant.states == ["pending", "settlement"]
    webhook = parse_webhook(merchant.bodies[1], SERVER_KEY)
    status = gateway.status(webhook.charge_id)
    assert status is not None
    assert status.state is ChargeState.PENDING


def test_each_of_two_payments_is_reported(
    gateway: Midtrans, simulator: MidtransSimulator, merchant: Merchant
) -> None:
    charge(gateway)
    simulator.add_fault(Fault(FaultKind.DOUBLE_PAYMENT))
    simulator.pay(CHARGE)
    assert simulator.wait_until_idle()
    webhooks = [parse_webhook(body, SERVER_KEY) for body in merchant.bodies]
    assert [each.charge_id for each in webhooks] == [CHARGE] * 3
    assert len({each.transaction_id for each in webhooks}) == 2


def test_an_expiry_by_time_alone_is_reported(
    gateway: Midtrans, simulator: MidtransSimulator, merchant: Merchant, clock: ManualClock
) -> None:
    charge(gateway)
    clock.forward(minutes=15)
    assert simulator.wait_until_idle()
    assert merchant.states == ["pending", "expire"]
    assert merchant.named() == [CHARGE, CHARGE]


def test_faults_are_set_from_outside_the_process(
    gateway: Midtrans, simulator: MidtransSimulator, merchant: Merchant
) -> None:
    control = f"{simulator.url}/simulator/faults"
    fault = {"fault": "webhook_duplicate", "order_id": CHARGE, "copies": 4}
    assert urllib3.request("POST", control, json=fault).status == 200
    assert urllib3.request("POST", control, json={"fault": "earthquake"}).status == 400
    assert len(urllib3.request("GET", control).json()["waiting"]) == 1
    charge(gateway)
    assert simulator.wait_until_idle()
    assert merchant.states == ["pending"] * 4
    urllib3.request("POST", control, json=fault)
    assert urllib3.request("DELETE", control).json() == {"waiting": []}
