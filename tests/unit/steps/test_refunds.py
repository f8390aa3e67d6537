"""Refunds on request: what is unused goes back, once, and what is being stamped does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from meterai.domain.clocks import (
    NEXT_ACCOUNT_LOOK,
    NEXT_REFUND_LOOK,
    REFUND_PROMISE,
    RESEND_AFTER,
    Clock,
)
from meterai.domain.errors import (
    InStamping,
    KeyReused,
    NoBalance,
    NotFound,
    OrderNotPaid,
    Unavailable,
)
from meterai.domain.orders import Order, Refunded
from meterai.domain.payments import ChargeState, Method
from meterai.domain.refunds import Refund, RefundReason, RefundState
from meterai.domain.stampings import SerialState, VoidReason
from meterai.messages import ExecuteRefund
from tests.fakes.world import Moment
from tests.unit.steps.office import BUYER, LETTER, PRICE_IDR, Office
from tests.unit.steps.postman import Postman

OTHER = LETTER + b", another"


@pytest.fixture
def paid(office: Office, postman: Postman) -> Order:
    return pay(office, postman)


def pay(office: Office, postman: Postman, method: Method = Method.QRIS) -> Order:
    order = office.buy(quantity=3, method=method)
    office.settle(order)
    postman.deliver()
    return office.world.orders[order.order_id]


def claim(office: Office, key: str, document: bytes = LETTER) -> None:
    """A stamping that a worker holds at this moment."""
    [order] = office.world.orders.values()
    office.upload(document)
    first = office.request(order.order_id, key, document)
    office.world.stamping_lane.clear()
    now = office.world.now
    assert office.ports.serials.claim(first.serials, now, now + timedelta(minutes=2))


def test_free_emeterai_become_a_refund_that_is_due(office: Office, paid: Order) -> None:
    refund = office.refund(paid.order_id, quantity=2)
    now = office.world.now
    assert refund == Refund(
        refund_id=refund.refund_id,
        account=BUYER,
        order_id=paid.order_id,
        payment_id=paid.payment_id or "",
        charge_id=paid.charge_id,
        amount_idr=2 * PRICE_IDR,
        slots=(0, 1),
        reason=RefundReason.REQUESTED,
        state=RefundState.DUE,
        body_hash=refund.body_hash,
        created_at=now,
        clock=Clock(now + RESEND_AFTER, now + REFUND_PROMISE),
    )
    assert office.world.refunds == {refund.refund_id: refund}
    assert office.world.orders[paid.order_id].slots == {
        0: Refunded(refund.refund_id),
        1: Refunded(refund.refund_id),
    }
    [letter] = office.world.refunds_lane
    assert letter.message == ExecuteRefund(refund_id=refund.refund_id)


def test_the_same_key_is_the_same_refund_for_ever(
    office: Office, postman: Postman, paid: Order
) -> None:
    first = office.refund(paid.order_id)
    postman.until_quiet()
    office.world.pass_time(timedelta(days=400))
    again = office.refund(paid.order_id)
    assert (again.refund_id, again.state) == (first.refund_id, RefundState.CONFIRMED)
    assert list(office.world.refunds) == [first.refund_id]
    with pytest.raises(KeyReused):
        office.refund(paid.order_id, quantity=2)


def test_fifty_at_once_are_one_refund(office: Office, paid: Order) -> None:
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: office.refund(paid.order_id), range(50)))
    assert set(answers) == set(office.world.refunds.values())
    assert len(office.world.refunds) == 1


def test_reserved_ones_are_voided_first_and_only_as_many_as_it_needs(
    office: Office, paid: Order
) -> None:
    office.upload(OTHER)
    one = office.request(paid.order_id, "one")
    other = office.request(paid.order_id, "other", OTHER)
    refund = office.refund(paid.order_id, quantity=2)
    assert refund.slots == (0, 2)
    voided = office.world.serials[one.serial]
    assert (voided.state, voided.void_reason) == (SerialState.VOID, VoidReason.REFUND_REQUESTED)
    assert office.world.serials[other.serial] == other


def test_all_eight_go_back_at_once_also_from_eight_stampings(
    office: Office, postman: Postman
) -> None:
    order = office.buy(quantity=8)
    office.settle(order)
    office.act_on(office.world.payments_lane.popleft().message)
    for n in range(8):
        office.request(order.order_id, f"stamp {n}", again=True)
    assert office.refund(order.order_id, quantity=8).slots == tuple(range(8))
    postman.deliver()
    assert office.world.signed == []


def test_what_a_worker_holds_is_in_stamping(office: Office, paid: Order) -> None:
    claim(office, "held")
    assert office.refund(paid.order_id, "two are free", quantity=2).slots == (1, 2)
    with pytest.raises(InStamping):
        office.refund(paid.order_id)


def test_a_refused_refund_voids_nothing(office: Office, postman: Postman, paid: Order) -> None:
    office.request(paid.order_id, "stamped")
    postman.deliver()
    office.upload(OTHER)
    waiting = office.request(paid.order_id, "waiting", OTHER)
    with pytest.raises(NoBalance) as refused:
        office.refund(paid.order_id, quantity=3)
    assert refused.value.values == {"order_id": paid.order_id, "available": 1, "wanted": 3}
    claim(office, "held", b"%PDF-a third")
    with pytest.raises(InStamping):
        office.refund(paid.order_id, quantity=2)
    assert office.world.serials[waiting.serial] == waiting
    assert office.world.refunds == {}


def test_an_unpaid_order_and_another_ones_are_refused(office: Office, paid: Order) -> None:
    unpaid = office.buy("another order")
    with pytest.raises(OrderNotPaid) as refused:
        office.refund(unpaid.order_id)
    assert refused.value.values == {"order_id": unpaid.order_id, "state": "pending"}
    with pytest.raises(NotFound):
        office.refund(paid.order_id, by="somebody else")


def test_a_refund_is_confirmed_only_when_the_bank_says_so(office: Office, paid: Order) -> None:
    refund = office.refund(paid.order_id)
    message = office.world.refunds_lane.popleft().message
    office.act_on(message)
    submitted = office.world.refunds[refund.refund_id]
    assert submitted.state is RefundState.SUBMITTED
    assert submitted.clock is not None
    assert submitted.clock.due_at == office.world.now + NEXT_REFUND_LOOK
    office.act_on(message)
    assert office.world.refunds[refund.refund_id] == submitted
    office.ports.gateway.confirm_refund(refund.charge_id, refund.gateway_key)
    office.act_on(message)
    confirmed = office.world.refunds[refund.refund_id]
    assert (confirmed.state, confirmed.clock) == (RefundState.CONFIRMED, None)
    assert confirmed.confirmed_at == office.world.now


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_refund_that_is_tried_again_has_the_same_key(
    office: Office, postman: Postman, paid: Order, moment: Moment
) -> None:
    tries = []

    def hook(at: Moment, call: str) -> None:
        if (at, call) == (moment, "Gateway.refund"):
            tries.append(call)
            if len(tries) < 3:
                raise Unavailable(party="gateway")

    office.world.hook = hook
    refund = office.refund(paid.order_id)
    postman.until_quiet()
    charge = office.world.charges[paid.charge_id]
    assert charge.state is ChargeState.REFUNDED
    assert list(charge.refunds) == [refund.gateway_key] == [f"{refund.refund_id}-1"]
    assert office.world.refunds[refund.refund_id].state is RefundState.CONFIRMED


def test_where_the_method_cannot_refund_it_waits_for_an_account_number(
    office: Office, postman: Postman
) -> None:
    paid = pay(office, postman, Method.VIRTUAL_ACCOUNT)
    refund = office.refund(paid.order_id)
    postman.until_quiet()
    waiting = office.world.refunds[refund.refund_id]
    assert waiting.state is RefundState.NEEDS_ACCOUNT
    assert waiting.clock is not None
    office.world.now = waiting.clock.due_at
    office.sweep()
    looked = office.world.refunds[refund.refund_id]
    assert looked.clock == Clock(office.world.now + NEXT_ACCOUNT_LOOK, waiting.clock.deadline_at)
    assert not office.world.refunds_lane, "there is nothing more to ask of the gateway"
