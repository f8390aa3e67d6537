"""Seeded bugs in the handling of money; `broken_steps.py` has those of stamps."""

from dataclasses import replace
from itertools import count

from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Payment
from meterai.domain.reconciliation.ledger import LedgerAccount, Posting, Transaction
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund
from meterai.ports import OrderMoved
from tests.fakes.payments import MemoryPayments
from tests.fakes.payouts import MemoryPayouts
from tests.fakes.refunds import MemoryRefunds

_request = MemoryRefunds.request
_put_with_refund = MemoryPayments.put_with_refund
_pay_out = MemoryPayouts.pay_out
_attempts = count(100)


def take_the_slots_and_forget_the_refund(
    refunds: MemoryRefunds, order: Order, refund: Refund
) -> Refund | OrderMoved:
    standing = _request(refunds, order, refund)
    refunds.state.refunds.pop(refund.refund_id, None)
    return standing


def refund_by_the_first_charge(payments: MemoryPayments, payment: Payment, refund: Refund) -> None:
    first = charge_id(payment.order_id, 1)
    _put_with_refund(payments, payment, replace(refund, charge_id=first))


def date_the_payment_by_our_own_clock(payments: MemoryPayments, payment: Payment) -> None:
    state = payments.state
    deliver_webhooks = replace(payment, settled_at=state.now)
    state.payments[payment.order_id, payment.payment_id] = deliver_webhooks


def pay_out_under_a_fresh_key(
    payouts: MemoryPayouts, key: str, account: BankAccount, amount_idr: int, note: str
) -> str:
    fresh = f"{key.rpartition('-')[0]}-{next(_attempts) % 1_000}"
    return _pay_out(payouts, fresh, account, amount_idr, note)


def stop_the_timer_and_keep_the_account(refund: Refund) -> Refund:
    return replace(refund, timer=None)


def book_net_of_the_gateways_fee(
    what: str, reference: str, debit: LedgerAccount, credit: LedgerAccount, amount_idr: int
) -> Transaction:
    net_idr = amount_idr - amount_idr * 7 // 1_000
    return Transaction(what, reference, (Posting(debit, net_idr), Posting(credit, -amount_idr)))
