"""Scripts of money: buying, paying in every way, refunds, claims."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.payments import ChargeState, Method
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund
from tests.fakes.ports import EXPIRES_IN
from tests.faults.harness import Harness

OTHER_ACCOUNT = BankAccount("bni", "9876543210", "Budi Santoso")


def buy_and_never_pay(harness: Harness) -> None:
    harness.buy()


def pay_by_webhook(harness: Harness) -> None:
    harness.pay(harness.buy())
    harness.pump.deliver()


def pay_and_the_webhook_is_lost(harness: Harness) -> None:
    order = harness.buy()
    harness.app.ports.gateway.settle(order.charge_id)


def refund_what_is_free(harness: Harness) -> None:
    order = harness.buy(3)
    harness.pay(order)
    harness.pump.deliver()
    harness.refund(order.order_id, 2)


def cancel_while_the_money_is_under_way(harness: Harness) -> None:
    """The charge settled just before and its webhook is lost: the money goes back."""
    order = harness.buy()
    harness.app.ports.gateway.settle(order.charge_id)
    harness.cancel(order)


def pay_after_a_rejection(harness: Harness) -> None:
    """The first code was rejected: the next request to buy makes another."""
    order = harness.buy()
    harness.state.charges[order.charge_id].state = ChargeState.DENIED
    harness.webhook(order)
    harness.pump.deliver()
    harness.pay(harness.buy())


def pay_what_was_cancelled(harness: Harness) -> None:
    order = harness.buy()
    harness.cancel(order)
    harness.pump.deliver()
    harness.state.pass_time(timedelta(minutes=5))
    harness.pay(order)


def late_payment(harness: Harness) -> None:
    order = harness.buy()
    harness.app.upload()
    harness.request(order)
    harness.state.pass_time(EXPIRES_IN + timedelta(minutes=5))
    harness.pump.sweep()
    harness.pump.deliver()
    harness.pay(order)


def wrong_amount(harness: Harness) -> None:
    order = harness.buy()
    harness.state.charges[order.charge_id].amount_idr = 1_000
    harness.pay(order)


def refund_by_virtual_account(harness: Harness) -> None:
    order = harness.buy(method=Method.VIRTUAL_ACCOUNT)
    harness.pay(order)
    harness.pump.deliver()
    harness.refund(order.order_id, 2)


def claim_and_be_paid_out(harness: Harness) -> None:
    _claimed(harness)


def a_payout_bounces_and_is_claimed_again(harness: Harness) -> None:
    """The bank returns a confirmed payout, and the buyer names another account."""
    refund = _claimed(harness)
    harness.pump.deliver()
    for reference in list(harness.state.payouts):
        harness.app.ports.bank.complete(reference)
    harness.state.pass_time(timedelta(hours=1))
    harness.pump.sweep()
    harness.pump.deliver()
    for reference in list(harness.state.payouts):
        harness.app.ports.bank.bounce(reference)
    harness.state.pass_time(timedelta(days=1, hours=1))
    harness.pump.sweep()
    harness.pump.deliver()
    if refund is not None:
        harness.claim(refund.refund_id, "claim again", OTHER_ACCOUNT)


def a_claim_meets_a_chargeback(harness: Harness) -> None:
    """The message of the claim and the webhook of the chargeback wait at the same time."""
    refund = _claimed(harness)
    if refund is not None:
        order = harness.state.orders[refund.order_id]
        if not harness.state.payouts:
            harness.state.charges[order.charge_id].state = ChargeState.REVERSED
        harness.webhook(order)


def _claimed(harness: Harness) -> Refund | None:
    order = harness.buy(method=Method.VIRTUAL_ACCOUNT)
    harness.pay(order)
    harness.pump.deliver()
    refund = harness.refund(order.order_id, 1)
    harness.pump.until_idle()
    return harness.claim(refund.refund_id) if refund is not None else None


def paid_twice(harness: Harness) -> None:
    """A lost response led to a second charge for the order, and both are paid."""
    order = harness.buy()
    first = harness.state.charges[order.charge_id]
    second = charge_id(order.order_id, 2)
    harness.state.charges[second] = replace(
        first, charge_id=second, transaction_id="tx-second", refunds={}
    )
    harness.state.orders[order.order_id] = replace(harness.state.orders[order.order_id], attempt=2)
    harness.pay(order)
    harness.pay(harness.state.orders[order.order_id])


def one_charge_paid_twice(harness: Harness) -> None:
    """Both transactions settle before either is checked; each webhook names its own."""
    order = harness.buy()
    first = harness.app.ports.gateway.settle(order.charge_id)
    second = harness.app.ports.gateway.settle_again(order.charge_id)
    harness.webhook(order, first.transaction_id)
    harness.webhook(order, second.transaction_id)


def paid_again_without_a_webhook(harness: Harness) -> None:
    """No timer checks for it: the next day's reconciliation with the gateway finds it."""
    order = harness.buy()
    harness.pay(order)
    harness.pump.deliver()
    harness.app.ports.gateway.settle_again(order.charge_id)
    harness.state.pass_time(timedelta(days=1, hours=6))
    harness.reconcile()
