"""Money that buys nothing goes back by itself; what the bank takes back blocks what is left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.clocks import REFUND_PROMISE, RESEND_AFTER, Clock
from meterai.domain.errors import Unavailable
from meterai.domain.identity import charge_id
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeState, Method, RefundStatus
from meterai.domain.refunds import Refund, RefundReason, RefundState
from meterai.domain.stampings import SerialState, VoidReason
from meterai.messages import ExecuteRefund, NoticeArrived
from tests.fakes.charges import Charge
from tests.fakes.world import fails
from tests.unit.steps.office import BUYER, EXPIRES_IN, PRICE_IDR, Office
from tests.unit.steps.postman import Postman


def standing(office: Office, order: Order) -> Order:
    return office.world.orders[order.order_id]


def the_refund(office: Office) -> Refund:
    [refund] = office.world.refunds.values()
    return refund


def second_charge(office: Office, order: Order) -> Charge:
    """As a lost answer leaves it: the order's second attempt, beside the first."""
    name = charge_id(order.order_id, 2)
    charge = replace(office.world.charges[order.charge_id], charge_id=name, refunds={})
    charge.transaction_id = f"tx-{name}"
    office.world.charges[name] = charge
    office.world.orders[order.order_id] = replace(standing(office, order), attempt=2)
    return charge


@pytest.mark.parametrize("after", [timedelta(microseconds=1), timedelta(days=2)])
def test_late_money_goes_back_by_itself(office: Office, postman: Postman, after: timedelta) -> None:
    order = office.buy()
    office.world.pass_time(EXPIRES_IN + after)
    office.settle(order)
    asked_at = office.world.now
    office.act_on(office.world.payments_lane.popleft().message)
    assert the_refund(office) == Refund(
        refund_id=the_refund(office).refund_id,
        account=BUYER,
        order_id=order.order_id,
        payment_id=f"midtrans#tx-{order.charge_id}",
        charge_id=order.charge_id,
        amount_idr=2 * PRICE_IDR,
        slots=(),
        reason=RefundReason.LATE_PAYMENT,
        state=RefundState.DUE,
        body_hash="",
        created_at=asked_at,
        clock=Clock(asked_at + RESEND_AFTER, asked_at + REFUND_PROMISE),
    )
    postman.until_quiet()
    assert the_refund(office).state is RefundState.CONFIRMED
    assert standing(office, order).state is OrderState.EXPIRED
    assert office.books().differences == ()


def test_of_two_payments_the_first_we_learn_of_pays_and_the_other_goes_back(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    second = second_charge(office, order)
    office.ports.gateway.settle(second.charge_id)
    office.notice(second.charge_id)
    office.settle(order)
    postman.until_quiet()
    assert standing(office, order).payment_id == f"midtrans#{second.transaction_id}"
    refund = the_refund(office)
    assert (refund.charge_id, refund.reason) == (order.charge_id, RefundReason.DUPLICATE_PAYMENT)
    assert refund.state is RefundState.CONFIRMED
    assert office.books().differences == ()


@pytest.mark.parametrize("asked_first", ["first", "second"])
def test_of_two_payments_of_one_charge_that_settled_before_we_asked_the_second_goes_back(
    office: Office, postman: Postman, asked_first: str
) -> None:
    order = office.buy()
    first = office.ports.gateway.settle(order.charge_id)
    second = office.ports.gateway.settle_again(order.charge_id)
    payments = [first, second] if asked_first == "first" else [second, first]
    for payment in payments:
        office.notice(f"{order.charge_id} {payment.transaction_id}")
    postman.until_quiet()
    pays, goes_back = (f"midtrans#{payment.transaction_id}" for payment in payments)
    assert standing(office, order).payment_id == pays
    refund = the_refund(office)
    assert (refund.payment_id, refund.reason) == (goes_back, RefundReason.DUPLICATE_PAYMENT)
    assert refund.state is RefundState.CONFIRMED
    assert [len(payment.refunds) for payment in payments] == [0, 1]
    assert office.books().differences == ()


@pytest.mark.parametrize("claimed", ["tx-unknown", "of another charge"])
def test_a_transaction_that_is_not_of_this_charge_is_not_asked_about(
    office: Office, postman: Postman, claimed: str
) -> None:
    """A gateway may sign the charge and not the transaction: the charge's own word counts."""
    order, another = office.buy(), office.buy("another")
    if claimed == "of another charge":
        claimed = office.ports.gateway.settle(another.charge_id).transaction_id
    office.ports.gateway.settle(order.charge_id)
    office.notice(f"{order.charge_id} {claimed}")
    postman.deliver()
    assert standing(office, order).payment_id == f"midtrans#tx-{order.charge_id}"
    assert standing(office, another).state is OrderState.PENDING


def test_a_fraction_of_a_rupiah_pays_for_nothing(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.world.charges[order.charge_id].has_fraction = True
    office.settle(order)
    postman.until_quiet()
    refund = the_refund(office)
    assert (refund.amount_idr, refund.reason) == (order.amount_idr, RefundReason.AMOUNT_MISMATCH)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(("amount_idr", "currency"), [(1, "IDR"), (2 * PRICE_IDR, "USD")])
def test_a_wrong_amount_goes_back_and_the_order_still_finds_its_end(
    office: Office, postman: Postman, method: Method, amount_idr: int, currency: str
) -> None:
    order = office.buy(method=method)
    charge = office.world.charges[order.charge_id]
    charge.amount_idr, charge.currency = amount_idr, currency
    office.settle(order)
    postman.until_quiet()
    refund = the_refund(office)
    assert (refund.amount_idr, refund.reason) == (amount_idr, RefundReason.AMOUNT_MISMATCH)
    assert standing(office, order).state is OrderState.EXPIRED


def test_an_amount_that_cannot_be_read_concludes_nothing(office: Office) -> None:
    order = office.buy()
    office.world.charges[order.charge_id].amount_idr = None
    office.settle(order)
    with pytest.raises(Unavailable):
        office.act_on(NoticeArrived(gateway="midtrans", body=order.charge_id))
    assert office.world.payments == {}


def test_a_reversal_blocks_what_is_unused_and_leaves_what_is_stamped(
    office: Office, postman: Postman
) -> None:
    order = office.buy(quantity=3)
    first = office.request(order.order_id)
    office.settle(order)
    postman.deliver()
    waiting = office.request(order.order_id, "another", again=True)
    office.world.stamping_lane.clear()
    office.world.charges[order.charge_id].state = ChargeState.REVERSED
    office.notice(order.charge_id)
    postman.until_quiet()
    assert standing(office, order).state is OrderState.REVERSED
    assert office.world.serials[first.serial].state is SerialState.STAMPED
    assert office.world.serials[waiting.serial].void_reason is VoidReason.ORDER_REVERSED
    books = office.books()
    assert (books.orders[0].stamped, books.orders[0].blocked) == (1, 2)
    assert books.differences == ()


def test_a_reversal_of_money_that_paid_nothing_leaves_the_order_alone(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    second = second_charge(office, order)
    office.settle(order)
    postman.deliver()
    second.state = ChargeState.REVERSED
    office.notice(second.charge_id)
    postman.deliver()
    assert standing(office, order).state is OrderState.PAID


def test_money_that_was_written_down_bought_nothing_and_was_reversed_is_accounted_for(
    office: Office, postman: Postman
) -> None:
    """Its worker ended between the fact and the order, which another charge has paid since."""
    order = office.buy()
    second = second_charge(office, order)

    def end_before_the_order_is_paid(moment: str, call: str) -> None:
        if (moment, call) == ("before", "Orders.mark_paid"):
            office.break_down()

    office.ports.gateway.settle(second.charge_id)
    office.world.hook = end_before_the_order_is_paid
    with pytest.raises(Unavailable):
        office.act_on(NoticeArrived(gateway="midtrans", body=second.charge_id))
    office.world.hook = lambda *_: None
    office.settle(order)
    postman.deliver()
    second.state = ChargeState.REVERSED
    office.notice(second.charge_id)
    postman.until_quiet()
    [refund] = office.world.refunds.values()
    assert (refund.reason, refund.state) == (
        RefundReason.DUPLICATE_PAYMENT,
        RefundState.SUPERSEDED,
    )
    assert standing(office, order).state is OrderState.PAID
    assert office.books().differences == ()


def test_money_that_was_written_down_of_an_order_that_closed_since_goes_back_by_its_reversal(
    office: Office,
) -> None:
    order = office.buy()
    office.settle(order)
    [letter] = office.world.payments_lane
    office.world.hook = fails("Orders.mark_paid", Unavailable())
    with pytest.raises(Unavailable):
        office.act_on(letter.message)
    office.world.hook = lambda *_: None
    office.world.orders[order.order_id] = replace(order, state=OrderState.EXPIRED, clock=None)
    office.world.charges[order.charge_id].state = ChargeState.REVERSED
    office.act_on(letter.message)
    assert the_refund(office).reason is RefundReason.LATE_PAYMENT


def test_an_order_whose_only_money_was_reversed_before_we_knew_it_expires(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    office.world.charges[order.charge_id].state = ChargeState.REVERSED
    postman.until_quiet()
    assert standing(office, order).state is OrderState.EXPIRED


def test_a_payment_heard_of_after_its_reversal_sends_nothing_off(office: Office) -> None:
    order = office.buy()
    office.request(order.order_id)
    office.settle(order)
    office.act_on(NoticeArrived(gateway="midtrans", body=order.charge_id))
    office.world.stamping_lane.clear()
    reversed_order = replace(standing(office, order), state=OrderState.REVERSED)
    office.world.orders[order.order_id] = reversed_order
    office.act_on(NoticeArrived(gateway="midtrans", body=order.charge_id))
    assert standing(office, order) == reversed_order
    assert not office.world.stamping_lane


def test_a_notice_of_a_refund_makes_us_look_at_ours_and_at_nobody_elses(office: Office) -> None:
    order = office.buy()
    office.settle(order)
    office.world.payments_lane.clear()
    ours = office.identities.own_refund_id("x")
    charge = office.world.charges[order.charge_id]
    charge.state = ChargeState.REFUNDED
    for key in (f"{ours}-1", "by hand", "by-hand-1", ""):
        charge.refunds[key] = RefundStatus(key, 1, final=True)
    office.act_on(NoticeArrived(gateway="midtrans", body=order.charge_id))
    assert [letter.message for letter in office.world.refunds_lane] == [
        ExecuteRefund(refund_id=ours)
    ]
