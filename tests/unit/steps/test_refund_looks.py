"""A refund's looks: none too many, and what is known at once is written at once."""

from datetime import timedelta

import pytest

from meterai.domain.clocks import NEAR_BREACH, NEXT_PAYOUT_LOOK
from meterai.domain.orders import Order
from meterai.domain.payments import ChargeState, Method, RefundOutcome, RefundStatus
from meterai.domain.refund_changes import ACCOUNT_KEPT
from meterai.domain.refunds import Refund, RefundState
from meterai.messages import ExecuteRefund
from tests.fakes.gateway import MemoryGateway
from tests.fakes.payouts import MemoryPayouts
from tests.unit.steps.office import BUDIS, Office
from tests.unit.steps.postman import Postman


@pytest.fixture
def paid(office: Office, postman: Postman) -> Order:
    order = office.buy(quantity=3)
    office.settle(order)
    postman.deliver()
    return office.world.orders[order.order_id]


def test_an_index_that_lags_behind_a_refund_that_is_over_makes_no_work(
    office: Office, postman: Postman, paid: Order
) -> None:
    refund = office.refund(paid.order_id)
    postman.deliver()
    office.ports.gateway.confirm_refund(refund.charge_id, refund.gateway_key)
    submitted = office.world.refunds[refund.refund_id]
    assert submitted.clock is not None
    office.world.now = submitted.clock.due_at
    office.world.index_lag = timedelta(minutes=1)
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    over = office.world.refunds[refund.refund_id]
    assert (over.state, over.clock) == (RefundState.CONFIRMED, None)
    assert office.sweep() == 1
    assert office.world.refunds[refund.refund_id] == over
    assert not office.world.refunds_lane


def test_a_promise_is_in_danger_from_the_very_moment(
    office: Office, paid: Order, caplog: pytest.LogCaptureFixture
) -> None:
    refund = office.refund(paid.order_id)
    assert refund.clock is not None
    office.world.now = refund.clock.deadline_at - NEAR_BREACH
    office.sweep()
    assert "refund promise in danger" in caplog.text


@pytest.fixture
def waiting(office: Office, postman: Postman) -> Refund:
    order = office.buy(method=Method.VIRTUAL_ACCOUNT)
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    postman.deliver()
    return office.world.refunds[refund.refund_id]


def test_looks_at_a_confirmed_payout_double_their_distance(
    office: Office, postman: Postman, waiting: Refund
) -> None:
    office.claim(waiting.refund_id)
    postman.deliver()
    for reference in office.world.payouts:
        office.ports.payouts.complete(reference)
    office.act_on(ExecuteRefund(refund_id=waiting.refund_id))
    confirmed_at = office.world.now
    days = []
    while (clock := office.world.refunds[waiting.refund_id].clock) is not None:
        office.world.now = clock.due_at
        days.append((clock.due_at - confirmed_at) // NEXT_PAYOUT_LOOK)
        office.sweep()
        postman.deliver()
    assert days == [1, 2, 4, 8, 16, ACCOUNT_KEPT // NEXT_PAYOUT_LOOK]


def test_a_payout_that_arrives_at_once_is_confirmed_at_once(
    office: Office, postman: Postman, waiting: Refund, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay_out = MemoryPayouts.pay_out

    def arrives(payouts: MemoryPayouts, *asked: object) -> str:
        reference = pay_out(payouts, *asked)  # type: ignore[arg-type]
        payouts.complete(reference)
        return reference

    monkeypatch.setattr(MemoryPayouts, "pay_out", arrives)
    office.claim(waiting.refund_id)
    postman.deliver()
    assert office.world.refunds[waiting.refund_id].state is RefundState.CONFIRMED
    [payout] = office.world.payouts.values()
    assert payout.note == f"Meterai {payout.key}", "what the bank shows the buyer"


def test_a_refund_that_the_bank_confirms_at_once_is_confirmed_at_once(
    office: Office, paid: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    give, reasons = MemoryGateway.refund, list[str]()

    def gives(gateway: MemoryGateway, charge: str, key: str, idr: int, why: str) -> RefundOutcome:
        reasons.append(why)
        outcome = give(gateway, charge, key, idr, why)
        gateway.confirm_refund(paid.charge_id, key)
        return outcome

    monkeypatch.setattr(MemoryGateway, "refund", gives)
    refund = office.refund(paid.order_id)
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    assert office.world.refunds[refund.refund_id].state is RefundState.CONFIRMED
    assert reasons == ["requested"], "what the gateway shows the buyer"


def test_why_a_refund_needs_an_account_is_logged(
    office: Office, postman: Postman, paid: Order, caplog: pytest.LogCaptureFixture
) -> None:
    """By the way it came, at the payout's door, and after the payout: for who is asked about it."""
    office.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.DENIED
    refund = office.refund(paid.order_id)
    postman.deliver()
    office.ports.payouts.refused.add(BUDIS.number)
    office.claim(refund.refund_id)
    postman.deliver()
    office.ports.payouts.refused.clear()
    office.claim(refund.refund_id, "second")
    postman.deliver()
    for reference in office.world.payouts:
        office.ports.payouts.bounce(reference)
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    told = [one for one in caplog.records if one.message == "refund needs an account number"]
    assert [vars(one)["why"] for one in told] == ["denied", "payout_refused", "payout_failed"]


def test_what_the_gateway_lists_is_not_told_again(
    office: Office, postman: Postman, paid: Order
) -> None:
    refund = office.refund(paid.order_id)
    postman.deliver()
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    assert calls == ["Refunds.get", "Gateway.status"]


def test_a_reversal_of_what_we_gave_back_is_no_reversal_of_the_refund(
    office: Office, paid: Order
) -> None:
    """The gateway lists our refund and calls the payment reversed: the money went back once."""
    refund = office.refund(paid.order_id)
    charge = office.world.charges[paid.charge_id]
    charge.refunds[refund.gateway_key] = RefundStatus(
        refund.gateway_key, refund.amount_idr, final=True
    )
    charge.state = ChargeState.REVERSED
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    assert office.world.refunds[refund.refund_id].state is RefundState.CONFIRMED


def test_a_retry_of_a_refund_looks_up_no_slots_again(office: Office, paid: Order) -> None:
    """Also where the order could not give it any more."""
    refund = office.refund(paid.order_id, quantity=3)
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert office.refund(paid.order_id, quantity=3) == refund
    assert calls == ["Orders.get", "Refunds.get", "Lanes.refund"]
