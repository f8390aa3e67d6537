"""Longer sequences of payments and refunds, through the real steps, with both gateways."""

from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.stampings import SerialState
from meterai.steps.claim_refund import claim_refund
from meterai.steps.create_claim_link import create_claim_link
from tests.fakes.in_memory_state import Moment
from tests.fakes.ports import REFUND_PROMISE
from tests.integration.gateways.gateway_harness import GatewayHarness, open_harness
from tests.midtrans import Fault, FaultKind
from tests.midtrans.bodies import WIB
from tests.midtrans.fault_plan import FaultPlan
from tests.unit.steps.in_memory_app import BUYER

SRI = BankAccount("bca", "1234567890", "Sri Wahyuni")
DAY = timedelta(days=1)


def the_refund(harness: GatewayHarness) -> Refund:
    [refund] = harness.state.refunds.values()
    return refund


def paid(harness: GatewayHarness, method: Method = Method.QRIS) -> Order:
    order = harness.buy(method)
    assert harness.simulator.pay(order.charge_id)
    harness.pump.deliver()
    assert harness.stored(order).state is OrderState.PAID
    return harness.stored(order)


def claim(harness: GatewayHarness, key: str, account: BankAccount = SRI) -> None:
    """Xendit looks the holder's name up at the bank; until the bank answers, the system retries."""
    app, refund = harness.app, the_refund(harness)
    request_identity = RequestIdentity("claims", BUYER, key)
    for _ in range(3):
        ports, now = app.ports, app.now
        token = create_claim_link(BUYER, refund.refund_id, ports, now).token
        try:
            claim_refund(request_identity, refund.refund_id, token, account, ports, now)
        except Unavailable:
            harness.state.pass_time(timedelta(seconds=5))
        else:
            return
    raise AssertionError("the bank never answered")


def test_a_payment_settled_in_time_is_served_however_late_it_is_known(
    harness: GatewayHarness,
) -> None:
    """A day's backlog: the webhook was lost, and no sweep ran."""
    harness.simulator.add_fault(Fault(FaultKind.WEBHOOK_LOST, times=2))
    order = harness.buy()
    assert harness.simulator.pay(order.charge_id)
    harness.state.pass_time(DAY)
    harness.pump.until_idle()
    assert harness.stored(order).state is OrderState.PAID
    assert harness.state.refunds == {}


def test_a_code_that_outlives_its_order_brings_late_money_which_goes_back() -> None:
    """Xendit's QRIS codes take no expiry: until we close one it can be paid after its order's."""
    with open_harness("xendit") as harness:
        order = harness.buy()
        harness.state.pass_time(timedelta(minutes=20))
        assert harness.simulator.pay(order.charge_id)
        harness.pump.until_idle()
        assert harness.stored(order).state is OrderState.EXPIRED
        refund = the_refund(harness)
        assert (refund.reason, refund.state) == (RefundReason.LATE_PAYMENT, RefundState.CONFIRMED)
        assert harness.held_by_gateway_idr == 0


@pytest.mark.parametrize("method", Method)
def test_a_rejected_payment_is_followed_by_another_charge(
    harness: GatewayHarness, method: Method
) -> None:
    order = harness.buy(method)
    transaction = harness.simulator.transaction(order.charge_id)
    assert transaction is not None
    assert harness.simulator.buyer.reject(transaction)
    harness.pump.deliver()
    assert harness.stored(order).instruction is None
    again = harness.buy(method)
    assert again.charge_id != order.charge_id
    assert harness.simulator.pay(again.charge_id)
    harness.pump.deliver()
    assert harness.stored(order).state is OrderState.PAID


def test_a_code_is_closed_when_its_order_expires() -> None:
    with open_harness("xendit") as harness:
        order = harness.buy()
        harness.state.pass_time(timedelta(minutes=16))
        harness.app.sweep()
        harness.pump.deliver()
        assert harness.stored(order).state is OrderState.EXPIRED
        assert harness.simulator.pay(order.charge_id) is False


def test_a_payout_that_bounces_reopens_the_claim_and_the_next_one_arrives(
    harness: GatewayHarness,
) -> None:
    order = paid(harness, Method.VIRTUAL_ACCOUNT)
    harness.app.refund(order.order_id)
    harness.pump.deliver()
    assert the_refund(harness).state is RefundState.NEEDS_ACCOUNT
    # 1. Completed, and returned by the bank two days later.
    harness.simulator.add_fault(Fault(FaultKind.PAYOUT_BOUNCED, seconds=2 * 86_400))
    claim(harness, "first claim")
    harness.pump.until_idle()
    assert the_refund(harness).state is RefundState.NEEDS_ACCOUNT
    # 2. Claimed again: another attempt, which stays.
    claim(harness, "second claim")
    harness.pump.until_idle()
    refund = the_refund(harness)
    assert refund.state is RefundState.CONFIRMED
    assert len(harness.simulator.payouts.made) == 2
    assert harness.refunded_at_gateway_idr == 0
    assert harness.app.ledger().differences == ()


@pytest.mark.parametrize(
    "kind", [FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER, FaultKind.HTML, FaultKind.NOTHING]
)
def test_a_payout_whose_response_was_lost_is_made_once(
    harness: GatewayHarness, kind: FaultKind
) -> None:
    order = paid(harness, Method.VIRTUAL_ACCOUNT)
    harness.app.refund(order.order_id)
    harness.pump.deliver()
    key = f"{the_refund(harness).refund_id}-2"
    harness.simulator.add_fault(Fault(kind, order_id=key, endpoint="payouts"))
    claim(harness, "a claim")
    harness.pump.until_idle()
    assert the_refund(harness).state is RefundState.CONFIRMED
    assert [payout.key for payout in harness.simulator.payouts.made] == [key]


def test_a_stamped_emeterai_stays_stamped_when_the_bank_reverses_the_payment(
    harness: GatewayHarness,
) -> None:
    harness.simulator.add_fault(Fault(FaultKind.REVERSAL, seconds=86_400, state="chargeback"))
    harness.app.upload()
    order = harness.buy(quantity=2)
    harness.app.request(order.order_id)
    assert harness.simulator.pay(order.charge_id)
    harness.pump.until_idle()
    [emeterai] = harness.state.serials.values()
    assert emeterai.state is SerialState.STAMPED
    assert harness.stored(order).state is OrderState.REVERSED
    assert harness.app.ledger().differences == ()


def test_of_two_refund_webhooks_only_the_second_is_final() -> None:
    """Only Midtrans sends them; Xendit has a separate address for refunds."""
    with open_harness("midtrans") as harness:
        order = paid(harness)
        harness.app.refund(order.order_id)
        harness.pump.deliver()
        assert the_refund(harness).state is RefundState.SUBMITTED
        harness.state.pass_time(timedelta(minutes=5))
        harness.pump.deliver()
        assert the_refund(harness).state is RefundState.CONFIRMED
        states = [delivery.state for delivery in harness.simulator.deliveries]
        assert states == ["pending", "settlement", "refund", "refund"]


@pytest.mark.parametrize("hour", [(16, 55), (22, 59)], ids=["23:55 WIB", "05:59 WIB"])
def test_a_refund_in_the_night_window_is_requested_again_in_the_morning(
    hour: tuple[int, int],
) -> None:
    with open_harness("midtrans") as harness:
        harness.state.now = harness.state.now.replace(hour=hour[0], minute=hour[1])
        harness.simulator.add_fault(Fault(FaultKind.NIGHT_WINDOW))
        order = paid(harness)
        harness.app.refund(order.order_id)
        harness.pump.deliver()
        assert the_refund(harness).state is RefundState.SUBMITTED
        assert harness.refunded_at_gateway_idr == 0
        harness.pump.until_idle()
        refund = the_refund(harness)
        assert refund.state is RefundState.CONFIRMED
        assert refund.confirmed_at is not None
        assert refund.confirmed_at.astimezone(WIB).hour == 6
        assert refund.confirmed_at < refund.created_at + REFUND_PROMISE


def test_a_webhook_that_cannot_be_queued_gets_503_and_is_sent_again(
    harness: GatewayHarness,
) -> None:
    answers: list[str] = []

    def the_queue_is_down(moment: Moment, call: str) -> None:
        if call == "Lanes.webhook" and moment == "before" and len(answers) < 3:
            answers.append(call)
            raise Unavailable(party="sqs")

    harness.state.hook = the_queue_is_down
    order = harness.buy()
    assert harness.simulator.pay(order.charge_id)
    harness.pump.deliver()
    assert harness.stored(order).state is OrderState.PAID
    statuses = [delivery.answer for delivery in harness.simulator.deliveries]
    assert (statuses.count(503), statuses.count(200)) == (3, 2)


def test_a_forged_webhook_gets_400_and_a_valid_one_with_a_false_state_pays_nothing(
    harness: GatewayHarness,
) -> None:
    order = harness.buy()
    harness.pump.deliver()
    harness.simulator.add_fault(Fault(FaultKind.FORGED_SIGNATURE, order_id=order.charge_id))
    harness.simulator.add_fault(Fault(FaultKind.CHANGED_STATUS, order_id=order.charge_id))
    harness.pump.deliver()
    assert harness.stored(order).state is OrderState.PENDING
    statuses = [delivery.answer for delivery in harness.simulator.deliveries]
    assert set(statuses) == {200, 400}
    assert harness.state.payments == {}


def test_a_price_may_request_a_fault(harness: GatewayHarness) -> None:
    """The last three digits of an amount: here, the second payment of one charge."""
    assert FaultPlan.from_amount(12_306) == FaultPlan(("double_payment",))
    order = harness.buy(unit_price_idr=12_306)
    assert harness.simulator.pay(order.charge_id)
    harness.pump.until_idle()
    assert len(harness.state.payments) == 2
    assert harness.refunded_at_gateway_idr == 12_306
    assert harness.simulator.faults.waiting() == []


def test_a_seed_always_gives_the_same_plan() -> None:
    assert FaultPlan.from_seed(7) == FaultPlan.from_seed(7)
    assert len({FaultPlan.from_seed(seed) for seed in range(50)}) > 40
