"""What was promised and not done: each stamping is given back by itself, as a whole refund."""

from datetime import timedelta

from meterai.domain.clocks import REFUND_PROMISE
from meterai.domain.refunds import RefundReason, RefundState
from tests.unit.steps.office import EXPIRES_IN, LETTER, PRICE_IDR, Office
from tests.unit.steps.postman import Postman
from tests.unit.steps.wiring import PROMISE

OTHER = LETTER + b", another"


def test_two_stampings_that_were_not_executed_are_two_refunds(
    office: Office, postman: Postman
) -> None:
    office.upload(OTHER)
    order = office.buy(quantity=3)
    office.request(order.order_id, "one")
    office.request(order.order_id, "other", OTHER, count=2)
    office.settle(order)
    postman.stamping_moves = False
    postman.deliver()
    office.world.pass_time(PROMISE + EXPIRES_IN + timedelta(minutes=1))

    office.sweep()

    found = sorted(office.world.refunds.values(), key=lambda refund: refund.slots)
    assert [(r.slots, r.amount_idr) for r in found] == [
        ((0,), PRICE_IDR),
        ((1, 2), 2 * PRICE_IDR),
    ]
    for refund in found:
        assert (refund.reason, refund.state) == (RefundReason.NOT_EXECUTED, RefundState.DUE)
        assert (refund.account, refund.order_id) == (order.account, order.order_id)
        assert refund.clock is not None
        assert refund.clock.deadline_at == office.world.now + REFUND_PROMISE
    assert office.world.orders[order.order_id].refunds() == {r.refund_id: r.slots for r in found}
