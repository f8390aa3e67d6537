"""Between a worker's look and its write another was faster: the slower one does no harm."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import InStamping, NoBalance, Unavailable
from meterai.domain.identity import charge_id
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeState
from meterai.domain.preservation import SignatureLevel, clock_until_preserved
from meterai.domain.refunds import Refund, RefundReason, RefundState
from meterai.domain.stampings import SerialState
from meterai.messages import ExecuteRefund, StampDocument
from tests.fakes.world import Moment
from tests.unit.steps.office import Office
from tests.unit.steps.postman import Crash, Postman
from tests.unit.steps.wiring import CLAIM


def just_before(office: Office, awaited: str, act: Callable[[], object]) -> None:
    """Once, as the next of these calls is about to be made."""

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", awaited):
            office.world.hook = lambda _moment, _call: None
            act()

    office.world.hook = hook


def charged_again(office: Office, order: Order) -> Order:
    """A lost answer made a second charge of the order, which the buyer can pay as well."""
    first = office.world.charges[order.charge_id]
    second = charge_id(order.order_id, 2)
    office.world.charges[second] = replace(
        first, charge_id=second, transaction_id="tx-second", refunds={}
    )
    office.world.orders[order.order_id] = replace(order, attempt=2)
    return office.world.orders[order.order_id]


@pytest.fixture
def paid(office: Office, postman: Postman) -> Order:
    order = office.buy(quantity=3)
    office.settle(order)
    postman.deliver()
    return office.world.orders[order.order_id]


def test_of_two_payments_that_settle_at_once_the_slower_goes_back(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    again = charged_again(office, order)
    office.settle(order)
    office.settle(again)
    slower, faster = (office.world.payments_lane.pop() for _ in range(2))
    just_before(office, "Orders.mark_paid", lambda: office.act_on(faster.message))
    office.act_on(slower.message)
    standing = office.world.orders[order.order_id]
    assert (standing.state, standing.payment_id) == (
        OrderState.PAID,
        f"midtrans#tx-{order.charge_id}",
    )
    [refund] = office.world.refunds.values()
    assert (refund.payment_id, refund.reason) == (
        "midtrans#tx-second",
        RefundReason.DUPLICATE_PAYMENT,
    )
    postman.until_quiet()
    assert office.books().differences == ()


def test_money_for_an_order_that_closed_meanwhile_goes_back(office: Office) -> None:
    order = office.buy()
    office.settle(order)
    [letter] = office.world.payments_lane
    closed = replace(order, state=OrderState.EXPIRED, clock=None, instruction=None)
    just_before(
        office,
        "Orders.mark_paid",
        lambda: office.world.orders.update({order.order_id: closed}),
    )
    office.world.orders[order.order_id] = order
    office.act_on(letter.message)
    [refund] = office.world.refunds.values()
    assert (refund.reason, refund.amount_idr) == (RefundReason.LATE_PAYMENT, order.amount_idr)


def test_a_reversal_that_meets_money_on_its_way_back_asks_its_refund(
    office: Office, postman: Postman
) -> None:
    """The order was read before the other worker wrote that the money goes back."""
    order = office.buy()
    charge = office.world.charges[order.charge_id]
    charge.amount_idr = 1_000
    office.settle(order)
    [letter] = office.world.payments_lane
    office.world.payments_lane.clear()

    def the_other_worker() -> None:
        charge.state = ChargeState.SETTLED
        office.act_on(letter.message)
        charge.state = ChargeState.REVERSED

    charge.state = ChargeState.REVERSED
    just_before(office, "Payments.get", the_other_worker)
    office.act_on(letter.message)
    [refund] = office.world.refunds.values()
    asked = [one.message for one in office.world.refunds_lane]
    assert asked == [ExecuteRefund(refund_id=refund.refund_id)] * 2
    assert office.world.orders[order.order_id].state is OrderState.PENDING
    postman.until_quiet()
    assert office.world.refunds[refund.refund_id].state is RefundState.SUPERSEDED


def test_a_reversal_that_finds_its_order_paid_by_other_money_gives_its_own_back(
    office: Office,
) -> None:
    """Written down by a worker that ended there; the other charge pays as it is looked at."""
    order = office.buy()
    again = charged_again(office, order)
    office.settle(again)
    letter = office.world.payments_lane.pop()
    just_before(office, "Orders.mark_paid", office.break_down)
    with pytest.raises(Unavailable):
        office.act_on(letter.message)
    office.world.charges[again.charge_id].state = ChargeState.REVERSED
    office.settle(order)
    faster = office.world.payments_lane.pop()
    just_before(office, "Orders.mark_paid", lambda: office.act_on(faster.message))
    office.act_on(letter.message)
    standing = office.world.orders[order.order_id]
    assert standing.payment_id == f"midtrans#tx-{order.charge_id}"
    [refund] = office.world.refunds.values()
    assert (refund.payment_id, refund.reason) == (
        "midtrans#tx-second",
        RefundReason.DUPLICATE_PAYMENT,
    )


def due(office: Office, paid: Order) -> Refund:
    refund = office.refund(paid.order_id)
    office.world.refunds_lane.clear()
    return refund


def test_an_attempt_that_failed_is_made_anew_also_after_a_crash(
    office: Office, postman: Postman, paid: Order
) -> None:
    refund = due(office, paid)
    office.world.refunds[refund.refund_id] = replace(
        refund, state=RefundState.FAILED, told_at=office.world.now
    )
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    again = office.world.refunds[refund.refund_id]
    assert (again.state, again.attempt) == (RefundState.SUBMITTED, 2)
    assert list(office.world.charges[paid.charge_id].refunds) == [again.gateway_key]
    postman.until_quiet()
    assert office.books().differences == ()


@pytest.mark.parametrize("state", [ChargeState.SETTLED, ChargeState.REVERSED])
def test_who_comes_second_to_a_failed_attempt_leaves_it_alone(
    office: Office, paid: Order, state: ChargeState
) -> None:
    refund = due(office, paid)
    message = ExecuteRefund(refund_id=refund.refund_id)
    failed = replace(refund, state=RefundState.FAILED, told_at=office.world.now)
    office.world.refunds[refund.refund_id] = failed
    office.world.charges[paid.charge_id].state = state
    just_before(office, "Refunds.advance", lambda: office.act_on(message))
    office.act_on(message)
    standing = office.world.refunds[refund.refund_id]
    assert standing.attempt == 2
    assert standing.state is (
        RefundState.SUBMITTED if state is ChargeState.SETTLED else RefundState.SUPERSEDED
    )
    assert len(office.world.charges[paid.charge_id].refunds) == (state is ChargeState.SETTLED)


def test_what_a_worker_claims_meanwhile_is_in_stamping(office: Office, paid: Order) -> None:
    waiting = office.request(paid.order_id, count=2)

    def a_worker_claims() -> None:
        office.ports.serials.claim(waiting.serials, office.world.now, office.world.now + CLAIM)

    just_before(office, "Serials.void", a_worker_claims)
    with pytest.raises(InStamping) as refused:
        office.refund(paid.order_id, quantity=3)
    assert refused.value.values == {"order_id": paid.order_id}
    assert office.world.refunds == {}


@pytest.mark.parametrize(
    ("level", "waits"), [(SignatureLevel.B_B, False), (SignatureLevel.B_LT, True)]
)
@pytest.mark.parametrize("count", [1, 2])
def test_a_lapsed_claim_that_left_a_file_is_a_stamp_and_no_refund(
    office: Office, paid: Order, count: int, level: SignatureLevel, *, waits: bool
) -> None:
    office.level = level
    first = office.request(paid.order_id, count=count)

    def crash() -> None:
        raise Crash

    just_before(office, "Serials.finish", crash)
    with pytest.raises(Crash):
        office.act_on(StampDocument(serials=first.serials))
    office.world.pass_time(CLAIM + timedelta(seconds=1))
    with pytest.raises(NoBalance):
        office.refund(paid.order_id, quantity=3)
    output = hashlib.sha256(office.world.stamped[first.stamping]).hexdigest()
    stamps = [office.world.serials[serial] for serial in first.serials]
    assert [(one.state, one.stamped_at, one.outputs) for one in stamps] == [
        (SerialState.STAMPED, office.world.now, (output,))
    ] * count
    assert stamps[0].clock == clock_until_preserved(level, SignatureLevel.B_B, office.world.now)
    assert (stamps[0].clock is not None) is waits
