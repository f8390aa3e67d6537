"""After a change of gateway: money paid at the previous one is refunded there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.refunds import RefundState
from meterai.domain.timers import AFTER_EXPIRY
from meterai.gateways.registry import PerGateway
from meterai.messages import ExecuteRefund
from meterai.steps.confirm_payment import check_order
from meterai.steps.execute_refund import execute_refund
from tests.fakes.gateway import MemoryGateway
from tests.fakes.ports import EXPIRES_IN
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump


class IgnorantGateway(MemoryGateway):
    """The gateway configured now, which has no record of this payment."""

    def status(self, charge: str) -> None:
        raise AssertionError(f"unexpected request about {charge}")


def test_a_refund_is_sent_to_the_gateway_that_took_the_payment(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    former, chosen = app.ports.gateway, IgnorantGateway(app.state, "xendit")
    ports = replace(app.ports, gateways={chosen.name: chosen, former.name: former})
    execute_refund(refund.refund_id, ports, app.now)
    assert list(app.state.charges[order.charge_id].refunds) == [refund.gateway_key]


def test_a_payout_is_sent_to_the_gateway_that_took_the_payment(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy(method=Method.VIRTUAL_ACCOUNT)
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    pump.deliver()
    app.claim(refund.refund_id)
    execute_refund(refund.refund_id, app.ports, app.now)
    [payout] = app.state.payouts.values()
    assert app.state.refunds[refund.refund_id].payout_reference == payout.reference


def test_without_the_previous_gateway_configured_the_refund_waits_and_stays_due(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    ports = replace(app.ports, gateways=PerGateway({"xendit": IgnorantGateway(app.state)}))
    with pytest.raises(Unavailable):
        execute_refund(refund.refund_id, ports, app.now)
    assert app.state.refunds[refund.refund_id].state is RefundState.DUE
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    assert app.state.refunds[refund.refund_id].state is RefundState.SUBMITTED


class KnowsNothing(MemoryGateway):
    def status(self, charge: str) -> None:
        del charge


@pytest.mark.parametrize("paid", [False, True])
def test_an_order_that_waited_during_the_change_is_paid_or_closed_by_the_previous_gateway(
    app: InMemoryApp, *, paid: bool
) -> None:
    order = app.buy()
    former, chosen = app.ports.gateway, KnowsNothing(app.state, "xendit")
    if paid:
        former.settle(order.charge_id)
    app.state.pass_time(EXPIRES_IN + AFTER_EXPIRY)
    ports = replace(app.ports, gateways={chosen.name: chosen, former.name: former})
    check_order(order.order_id, ports, app.now)
    stored = app.state.orders[order.order_id]
    assert stored.state is (OrderState.PAID if paid else OrderState.EXPIRED)
    assert stored.payment_id == (f"midtrans#tx-{order.charge_id}" if paid else None)


def test_an_order_at_the_current_gateway_is_not_closed_by_the_previous_ones_silence(
    app: InMemoryApp,
) -> None:
    order = app.buy()
    chosen, former = app.ports.gateway, KnowsNothing(app.state, "xendit")

    class NeverCloses(MemoryGateway):
        def expire(self, charge_id: str) -> None:
            del charge_id

    waiting = NeverCloses(app.state)
    app.state.charges[order.charge_id].expires_at += timedelta(days=9)
    app.state.pass_time(timedelta(hours=24))  # less than a day after its expiry
    ports = replace(app.ports, gateways={waiting.name: waiting, former.name: former})
    check_order(order.order_id, ports, app.now)
    assert app.state.orders[order.order_id].state is OrderState.PENDING
    assert chosen.status(order.charge_id) is not None
