"""Stampings that were promised and not executed: each becomes one whole refund automatically."""

from datetime import timedelta

from meterai.domain.refunds.refunds import RefundReason, RefundState
from tests.fakes.ports import EXPIRES_IN, PRICE_IDR, PROMISE, REFUND_PROMISE
from tests.unit.steps.in_memory_app import LETTER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump

OTHER = LETTER + b", another"


def test_two_stampings_that_were_not_executed_are_two_refunds(
    app: InMemoryApp, pump: MessagePump
) -> None:
    app.upload(OTHER)
    order = app.buy(quantity=3)
    app.request(order.order_id, "one")
    app.request(order.order_id, "other", OTHER, count=2)
    app.settle(order)
    pump.stamping_moves = False
    pump.deliver()
    app.state.pass_time(PROMISE + EXPIRES_IN + timedelta(minutes=1))

    app.sweep()

    found = sorted(app.state.refunds.values(), key=lambda refund: refund.slots)
    assert [(r.slots, r.amount_idr) for r in found] == [
        ((0,), PRICE_IDR),
        ((1, 2), 2 * PRICE_IDR),
    ]
    for refund in found:
        assert (refund.reason, refund.state) == (RefundReason.NOT_EXECUTED, RefundState.DUE)
        assert (refund.account, refund.order_id) == (order.account, order.order_id)
        assert refund.timer is not None
        assert refund.timer.deadline_at == app.state.now + REFUND_PROMISE
    assert app.state.orders[order.order_id].refunds() == {r.refund_id: r.slots for r in found}
