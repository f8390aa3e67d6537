"""Stories of money: bought, paid in every way, given back, claimed."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.payments import ChargeState, Method
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund
from tests.faults.harness import Town
from tests.unit.steps.in_memory_app import EXPIRES_IN

OTHER_ACCOUNT = BankAccount("bni", "9876543210", "Budi Santoso")


def buy_and_never_pay(town: Town) -> None:
    town.buy()


def pay_by_notice(town: Town) -> None:
    town.pay(town.buy())
    town.pump.deliver()


def pay_and_the_notice_is_lost(town: Town) -> None:
    order = town.buy()
    town.app.ports.gateway.settle(order.charge_id)


def refund_what_is_free(town: Town) -> None:
    order = town.buy(3)
    town.pay(order)
    town.pump.deliver()
    town.refund(order.order_id, 2)


def cancel_while_the_money_is_under_way(town: Town) -> None:
    """It settled a moment before, and its notice is lost: the money pays the order."""
    order = town.buy()
    town.app.ports.gateway.settle(order.charge_id)
    town.cancel(order)


def pay_what_was_cancelled(town: Town) -> None:
    order = town.buy()
    town.cancel(order)
    town.pump.deliver()
    town.state.pass_time(timedelta(minutes=5))
    town.pay(order)


def late_payment(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.request(order)
    town.state.pass_time(EXPIRES_IN + timedelta(minutes=5))
    town.pump.sweep()
    town.pump.deliver()
    town.pay(order)


def wrong_amount(town: Town) -> None:
    order = town.buy()
    town.state.charges[order.charge_id].amount_idr = 1_000
    town.pay(order)


def refund_by_virtual_account(town: Town) -> None:
    order = town.buy(method=Method.VIRTUAL_ACCOUNT)
    town.pay(order)
    town.pump.deliver()
    town.refund(order.order_id, 2)


def claim_and_be_paid_out(town: Town) -> None:
    _claimed(town)


def a_payout_bounces_and_is_claimed_again(town: Town) -> None:
    """After it was confirmed: the bank sends it back, and the buyer names another account."""
    refund = _claimed(town)
    town.pump.deliver()
    for reference in list(town.state.payouts):
        town.app.ports.payouts.complete(reference)
    town.state.pass_time(timedelta(hours=1))
    town.pump.sweep()
    town.pump.deliver()
    for reference in list(town.state.payouts):
        town.app.ports.payouts.bounce(reference)
    town.state.pass_time(timedelta(days=1, hours=1))
    town.pump.sweep()
    town.pump.deliver()
    if refund is not None:
        town.claim(refund.refund_id, "claim again", OTHER_ACCOUNT)


def a_claim_meets_a_chargeback(town: Town) -> None:
    """The message of the claim and the notice of the bank wait side by side."""
    refund = _claimed(town)
    if refund is not None:
        order = town.state.orders[refund.order_id]
        if not town.state.payouts:
            town.state.charges[order.charge_id].state = ChargeState.REVERSED
        town.webhook(order)


def _claimed(town: Town) -> Refund | None:
    order = town.buy(method=Method.VIRTUAL_ACCOUNT)
    town.pay(order)
    town.pump.deliver()
    refund = town.refund(order.order_id, 1)
    town.pump.until_quiet()
    return town.claim(refund.refund_id) if refund is not None else None


def paid_twice(town: Town) -> None:
    """A lost answer made a second charge of the order, and both were paid."""
    order = town.buy()
    first = town.state.charges[order.charge_id]
    second = charge_id(order.order_id, 2)
    town.state.charges[second] = replace(
        first, charge_id=second, transaction_id="tx-second", refunds={}
    )
    town.state.orders[order.order_id] = replace(town.state.orders[order.order_id], attempt=2)
    town.pay(order)
    town.pay(town.state.orders[order.order_id])


def one_charge_paid_twice(town: Town) -> None:
    """Both settled before anybody asked: each notice names its own."""
    order = town.buy()
    first = town.app.ports.gateway.settle(order.charge_id)
    second = town.app.ports.gateway.settle_again(order.charge_id)
    town.webhook(order, first.transaction_id)
    town.webhook(order, second.transaction_id)


def paid_again_and_nobody_tells(town: Town) -> None:
    """No clock of ours asks about it: the gateway's record of the day does, the morning after."""
    order = town.buy()
    town.pay(order)
    town.pump.deliver()
    town.app.ports.gateway.settle_again(order.charge_id)
    town.state.pass_time(timedelta(days=1, hours=6))
    town.reconcile()
