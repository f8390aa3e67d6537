"""After a change of gateway: what was paid at the former one is given back there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.clocks import AFTER_EXPIRY
from meterai.domain.errors import Unavailable
from meterai.domain.orders import OrderState
from meterai.domain.payments import Method
from meterai.domain.refunds import RefundState
from meterai.messages import ExecuteRefund
from meterai.payments.doors import Doors
from meterai.steps.confirm_payment import look_at_order
from meterai.steps.execute_refund import execute_refund
from tests.fakes.gateway import MemoryGateway
from tests.unit.steps.office import EXPIRES_IN, Office
from tests.unit.steps.postman import Postman


class NobodyKnows(MemoryGateway):
    """The gateway that is chosen now, which has never heard of this money."""

    def status(self, charge: str) -> None:
        raise AssertionError(f"asked about {charge}")


def test_a_refund_asks_the_gateway_that_took_the_money(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    former, chosen = office.ports.gateway, NobodyKnows(office.world, "xendit")
    needs = replace(office.executing, gateways={chosen.name: chosen, former.name: former})
    execute_refund(refund.refund_id, needs)
    assert list(office.world.charges[order.charge_id].refunds) == [refund.gateway_key]


def test_a_payout_goes_through_the_gateway_that_took_the_money(
    office: Office, postman: Postman
) -> None:
    order = office.buy(method=Method.VIRTUAL_ACCOUNT)
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    postman.deliver()
    office.claim(refund.refund_id)
    needs = replace(office.executing, payouts={"midtrans": office.ports.payouts})
    execute_refund(refund.refund_id, needs)
    [payout] = office.world.payouts.values()
    assert office.world.refunds[refund.refund_id].payout_reference == payout.reference


def test_where_it_was_not_named_the_refund_waits_and_stays_due(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    needs = replace(office.executing, gateways=Doors({"xendit": NobodyKnows(office.world)}))
    with pytest.raises(Unavailable):
        execute_refund(refund.refund_id, needs)
    assert office.world.refunds[refund.refund_id].state is RefundState.DUE
    office.act_on(ExecuteRefund(refund_id=refund.refund_id))
    assert office.world.refunds[refund.refund_id].state is RefundState.SUBMITTED


class KnowsNothing(MemoryGateway):
    def status(self, charge: str) -> None:
        del charge


@pytest.mark.parametrize("paid", [False, True])
def test_an_order_that_waited_while_the_gateway_was_changed_is_paid_or_closed_by_the_former(
    office: Office, *, paid: bool
) -> None:
    order = office.buy()
    former, chosen = office.ports.gateway, KnowsNothing(office.world, "xendit")
    if paid:
        former.settle(order.charge_id)
    office.world.pass_time(EXPIRES_IN + AFTER_EXPIRY)
    needs = replace(office.confirming, gateway=chosen, former=[former])
    look_at_order(order.order_id, needs)
    standing = office.world.orders[order.order_id]
    assert standing.state is (OrderState.PAID if paid else OrderState.EXPIRED)
    assert standing.payment_id == (f"midtrans#tx-{order.charge_id}" if paid else None)


def test_the_formers_silence_does_not_close_an_order_that_waits_at_the_chosen_one(
    office: Office,
) -> None:
    order = office.buy()
    chosen, former = office.ports.gateway, KnowsNothing(office.world, "xendit")

    class NeverCloses(MemoryGateway):
        def expire(self, charge_id: str) -> None:
            del charge_id

    waiting = NeverCloses(office.world)
    office.world.charges[order.charge_id].expires_at += timedelta(days=9)
    office.world.pass_time(timedelta(days=2))
    look_at_order(order.order_id, replace(office.confirming, gateway=waiting, former=[former]))
    assert office.world.orders[order.order_id].state is OrderState.PENDING
    assert chosen.status(order.charge_id) is not None
