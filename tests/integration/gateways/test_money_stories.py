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
from tests.integration.gateways.stage import Stage, stage
from tests.midtrans import Fault, FaultKind
from tests.midtrans.bodies import WIB
from tests.midtrans.fault_plan import FaultPlan
from tests.unit.steps.in_memory_app import BUYER

SRI = BankAccount("bca", "1234567890", "Sri Wahyuni")
DAY = timedelta(days=1)


def the_refund(on_stage: Stage) -> Refund:
    [refund] = on_stage.state.refunds.values()
    return refund


def paid(on_stage: Stage, method: Method = Method.QRIS) -> Order:
    order = on_stage.buy(method)
    assert on_stage.simulator.pay(order.charge_id)
    on_stage.pump.deliver()
    assert on_stage.stored(order).state is OrderState.PAID
    return on_stage.stored(order)


def claim(on_stage: Stage, key: str, account: BankAccount = SRI) -> None:
    """Xendit looks the holder's name up at the bank; until the bank answers, the system retries."""
    app, refund = on_stage.app, the_refund(on_stage)
    request_identity = RequestIdentity("claims", BUYER, key)
    for _ in range(3):
        ports, now = app.ports, app.now
        token = create_claim_link(BUYER, refund.refund_id, ports, now).token
        try:
            claim_refund(request_identity, refund.refund_id, token, account, ports, now)
        except Unavailable:
            on_stage.state.pass_time(timedelta(seconds=5))
        else:
            return
    raise AssertionError("the bank never answered")


def test_a_payment_settled_in_time_is_served_however_late_it_is_known(on_stage: Stage) -> None:
    """A day's backlog: the webhook was lost, and no sweep ran."""
    on_stage.simulator.add_fault(Fault(FaultKind.WEBHOOK_LOST, times=2))
    order = on_stage.buy()
    assert on_stage.simulator.pay(order.charge_id)
    on_stage.state.pass_time(DAY)
    on_stage.pump.until_idle()
    assert on_stage.stored(order).state is OrderState.PAID
    assert on_stage.state.refunds == {}


def test_a_code_that_outlives_its_order_brings_late_money_which_goes_back() -> None:
    """Xendit's QRIS codes take no expiry: until we close one it can be paid after its order's."""
    with stage("xendit") as on_stage:
        order = on_stage.buy()
        on_stage.state.pass_time(timedelta(minutes=20))
        assert on_stage.simulator.pay(order.charge_id)
        on_stage.pump.until_idle()
        assert on_stage.stored(order).state is OrderState.EXPIRED
        refund = the_refund(on_stage)
        assert (refund.reason, refund.state) == (RefundReason.LATE_PAYMENT, RefundState.CONFIRMED)
        assert on_stage.held_by_gateway_idr == 0


def test_a_code_is_closed_when_its_order_expires() -> None:
    with stage("xendit") as on_stage:
        order = on_stage.buy()
        on_stage.state.pass_time(timedelta(minutes=16))
        on_stage.app.sweep()
        on_stage.pump.deliver()
        assert on_stage.stored(order).state is OrderState.EXPIRED
        assert on_stage.simulator.pay(order.charge_id) is False


def test_a_payout_that_bounces_reopens_the_claim_and_the_next_one_arrives(
    on_stage: Stage,
) -> None:
    order = paid(on_stage, Method.VIRTUAL_ACCOUNT)
    on_stage.app.refund(order.order_id)
    on_stage.pump.deliver()
    assert the_refund(on_stage).state is RefundState.NEEDS_ACCOUNT
    # 1. Completed, and returned by the bank two days later.
    on_stage.simulator.add_fault(Fault(FaultKind.PAYOUT_BOUNCED, seconds=2 * 86_400))
    claim(on_stage, "first claim")
    on_stage.pump.until_idle()
    assert the_refund(on_stage).state is RefundState.NEEDS_ACCOUNT
    # 2. Claimed again: another attempt, which stays.
    claim(on_stage, "second claim")
    on_stage.pump.until_idle()
    refund = the_refund(on_stage)
    assert refund.state is RefundState.CONFIRMED
    assert len(on_stage.simulator.payouts.made) == 2
    assert on_stage.refunded_at_gateway_idr == 0
    assert on_stage.app.ledger().differences == ()


@pytest.mark.parametrize(
    "kind", [FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER, FaultKind.HTML, FaultKind.NOTHING]
)
def test_a_payout_whose_response_was_lost_is_made_once(on_stage: Stage, kind: FaultKind) -> None:
    order = paid(on_stage, Method.VIRTUAL_ACCOUNT)
    on_stage.app.refund(order.order_id)
    on_stage.pump.deliver()
    key = f"{the_refund(on_stage).refund_id}-2"
    on_stage.simulator.add_fault(Fault(kind, order_id=key, endpoint="payouts"))
    claim(on_stage, "a claim")
    on_stage.pump.until_idle()
    assert the_refund(on_stage).state is RefundState.CONFIRMED
    assert [payout.key for payout in on_stage.simulator.payouts.made] == [key]


def test_a_stamped_emeterai_stays_stamped_when_the_bank_reverses_the_payment(
    on_stage: Stage,
) -> None:
    on_stage.simulator.add_fault(Fault(FaultKind.REVERSAL, seconds=86_400, state="chargeback"))
    on_stage.app.upload()
    order = on_stage.buy(quantity=2)
    on_stage.app.request(order.order_id)
    assert on_stage.simulator.pay(order.charge_id)
    on_stage.pump.until_idle()
    [emeterai] = on_stage.state.serials.values()
    assert emeterai.state is SerialState.STAMPED
    assert on_stage.stored(order).state is OrderState.REVERSED
    assert on_stage.app.ledger().differences == ()


def test_of_two_refund_webhooks_only_the_second_is_final() -> None:
    """Only Midtrans sends them; Xendit has a separate address for refunds."""
    with stage("midtrans") as on_stage:
        order = paid(on_stage)
        on_stage.app.refund(order.order_id)
        on_stage.pump.deliver()
        assert the_refund(on_stage).state is RefundState.SUBMITTED
        on_stage.state.pass_time(timedelta(minutes=5))
        on_stage.pump.deliver()
        assert the_refund(on_stage).state is RefundState.CONFIRMED
        states = [delivery.state for delivery in on_stage.simulator.deliveries]
        assert states == ["pending", "settlement", "refund", "refund"]


@pytest.mark.parametrize("hour", [(16, 55), (22, 59)], ids=["23:55 WIB", "05:59 WIB"])
def test_a_refund_in_the_night_window_is_requested_again_in_the_morning(
    hour: tuple[int, int],
) -> None:
    with stage("midtrans") as on_stage:
        on_stage.state.now = on_stage.state.now.replace(hour=hour[0], minute=hour[1])
        on_stage.simulator.add_fault(Fault(FaultKind.NIGHT_WINDOW))
        order = paid(on_stage)
        on_stage.app.refund(order.order_id)
        on_stage.pump.deliver()
        assert the_refund(on_stage).state is RefundState.SUBMITTED
        assert on_stage.refunded_at_gateway_idr == 0
        on_stage.pump.until_idle()
        refund = the_refund(on_stage)
        assert refund.state is RefundState.CONFIRMED
        assert refund.confirmed_at is not None
        assert refund.confirmed_at.astimezone(WIB).hour == 6
        assert refund.confirmed_at < refund.created_at + REFUND_PROMISE


def test_a_webhook_that_cannot_be_queued_gets_503_and_is_sent_again(on_stage: Stage) -> None:
    answers: list[str] = []

    def the_queue_is_down(moment: Moment, call: str) -> None:
        if call == "Lanes.webhook" and moment == "before" and len(answers) < 3:
            answers.append(call)
            raise Unavailable(party="sqs")

    on_stage.state.hook = the_queue_is_down
    order = on_stage.buy()
    assert on_stage.simulator.pay(order.charge_id)
    on_stage.pump.deliver()
    assert on_stage.stored(order).state is OrderState.PAID
    statuses = [delivery.answer for delivery in on_stage.simulator.deliveries]
    assert (statuses.count(503), statuses.count(200)) == (3, 2)


def test_a_forged_webhook_gets_400_and_a_valid_one_with_a_false_state_pays_nothing(
    on_stage: Stage,
) -> None:
    order = on_stage.buy()
    on_stage.pump.deliver()
    on_stage.simulator.add_fault(Fault(FaultKind.FORGED_SIGNATURE, order_id=order.charge_id))
    on_stage.simulator.add_fault(Fault(FaultKind.CHANGED_STATUS, order_id=order.charge_id))
    on_stage.pump.deliver()
    assert on_stage.stored(order).state is OrderState.PENDING
    statuses = [delivery.answer for delivery in on_stage.simulator.deliveries]
    assert set(statuses) == {200, 400}
    assert on_stage.state.payments == {}


def test_a_price_may_request_a_fault(on_stage: Stage) -> None:
    """The last three digits of an amount: here, the second payment of one charge."""
    assert FaultPlan.from_amount(12_306) == FaultPlan(("double_payment",))
    order = on_stage.buy(unit_price_idr=12_306)
    assert on_stage.simulator.pay(order.charge_id)
    on_stage.pump.until_idle()
    assert len(on_stage.state.payments) == 2
    assert on_stage.refunded_at_gateway_idr == 12_306
    assert on_stage.simulator.faults.waiting() == []


def test_a_seed_always_gives_the_same_plan() -> None:
    assert FaultPlan.from_seed(7) == FaultPlan.from_seed(7)
    assert len({FaultPlan.from_seed(seed) for seed in range(50)}) > 40
