"""The books: a double-entry view, recomputed from the facts each time it is read.

Facts are orders with their slots, payments, e-meterai and refunds. From them follow balanced
transactions and, apart from those, two identities that must always hold:

* per paid order: quantity = available + reserved + stamped + refunding + refunded + blocked;
* per payment: captured = duty + margin + unused + fees + refunds payable + refunded + reversed,
  where reversed is what the bank took back while it was on its way: superseded refunds.

A fee that the gateway adds for the buyer to bear is booked where the payment bought something.
Money that bought nothing goes back with it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.orders import DUTY_IDR, Order, OrderState, Taken
from meterai.domain.orders.payments import Payment
from meterai.domain.refunds.refunds import Refund, RefundState
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState

_GONE = (RefundState.CONFIRMED, RefundState.SUPERSEDED)  # the money is with the buyer again
_SLOTS_OF = {RefundState.CONFIRMED: "refunded", RefundState.SUPERSEDED: "blocked"}


class LedgerAccount(StrEnum):
    GATEWAY_CLEARING = "gateway_clearing"
    GATEWAY_FEES = "gateway_fees"  # borne by buyers, kept by the gateway
    UNUSED_EMETERAI = "unused_emeterai"  # a liability to buyers
    DUTY_PAYABLE = "duty_payable"
    MARGIN = "margin"
    REFUNDS_PAYABLE = "refunds_payable"
    LOSSES = "losses"


@dataclass(frozen=True, slots=True)
class Posting:
    """Debits are positive, credits negative."""

    account: LedgerAccount
    amount_idr: int


@dataclass(frozen=True, slots=True)
class Transaction:
    what: str
    reference: str
    postings: tuple[Posting, ...]

    @property
    def is_balanced(self) -> bool:
        return sum(posting.amount_idr for posting in self.postings) == 0


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """All that is known of one order, read from its items."""

    order: Order
    payments: Sequence[Payment]
    emeterai: Mapping[Serial, EMeterai]
    refunds: Mapping[RefundId, Refund]


@dataclass(frozen=True, slots=True)
class OrderLedger:
    """Where each e-meterai and each rupiah of an order is."""

    order_id: OrderId
    state: OrderState
    quantity: int
    available: int
    reserved: int
    stamped: int
    refunding: int
    refunded: int
    blocked: int
    captured_idr: int
    fees_idr: int
    refunds_payable_idr: int
    refunded_idr: int
    reversed_idr: int


@dataclass(frozen=True, slots=True)
class AccountLedger:
    orders: tuple[OrderLedger, ...]
    balances_idr: Mapping[LedgerAccount, int]
    differences: tuple[str, ...]  # empty: the books balance


def close_ledger(facts: Iterable[OrderFacts]) -> AccountLedger:
    """The books over these orders; every identity that does not hold is named in `differences`."""
    orders: list[OrderLedger] = []
    totals: Counter[LedgerAccount] = Counter()
    differences: list[str] = []
    for one in facts:
        order = _order_ledger(one)
        orders.append(order)
        balances: Counter[LedgerAccount] = Counter()
        for transaction in transactions(one):
            if not transaction.is_balanced:
                differences.append(f"{transaction.what} {transaction.reference} is not zero-sum")
            for posting in transaction.postings:
                balances[posting.account] += posting.amount_idr
        totals.update(balances)
        differences += _differences(one, order, balances)
    if sum(totals.values()) != 0:
        differences.append("the ledger as a whole is not zero-sum")
    return AccountLedger(
        orders=tuple(orders),
        balances_idr={account: totals[account] for account in LedgerAccount},
        differences=tuple(differences),
    )


def transactions(facts: OrderFacts) -> Iterator[Transaction]:
    """The ledger's transactions that follow from the facts of one order."""
    order, price_idr = facts.order, facts.order.unit_price_idr
    for payment in facts.payments:
        pays = payment.payment_id == order.payment_id
        yield _transfer(
            "payment",
            payment.payment_id,
            LedgerAccount.GATEWAY_CLEARING,
            LedgerAccount.UNUSED_EMETERAI if pays else LedgerAccount.REFUNDS_PAYABLE,
            payment.amount_idr if pays else payment.gross_idr,
        )
        if pays and payment.fee_idr:
            yield _transfer(
                "payment fee",
                payment.payment_id,
                LedgerAccount.GATEWAY_CLEARING,
                LedgerAccount.GATEWAY_FEES,
                payment.fee_idr,
            )
    for serial, emeterai in facts.emeterai.items():
        if emeterai.state is SerialState.STAMPED:
            yield Transaction(
                "stamp",
                serial,
                (
                    Posting(LedgerAccount.UNUSED_EMETERAI, price_idr),
                    Posting(LedgerAccount.DUTY_PAYABLE, -DUTY_IDR),
                    Posting(LedgerAccount.MARGIN, DUTY_IDR - price_idr),
                ),
            )
    for refund in facts.refunds.values():
        if refund.slots:
            yield _transfer(
                "refund due",
                refund.refund_id,
                LedgerAccount.UNUSED_EMETERAI,
                LedgerAccount.REFUNDS_PAYABLE,
                refund.amount_idr,
            )
        if refund.state in _GONE:
            yield _transfer(
                f"refund {refund.state}",
                refund.refund_id,
                LedgerAccount.REFUNDS_PAYABLE,
                LedgerAccount.GATEWAY_CLEARING,
                refund.amount_idr,
            )
    if order.state is OrderState.REVERSED:
        yield _reversal(facts)


def _reversal(facts: OrderFacts) -> Transaction:
    """The bank took the money back: what is unused is no longer owed, the rest is our loss. What
    it took out of our hand while it went back stands with its refund."""
    order = facts.order
    unused_idr = (len(order.free_slots) + _order_ledger(facts).reserved) * order.unit_price_idr
    served_idr = sum(
        payment.gross_idr for payment in facts.payments if payment.payment_id == order.payment_id
    ) - sum(
        refund.amount_idr
        for refund in facts.refunds.values()
        if refund.payment_id == order.payment_id and refund.state is RefundState.SUPERSEDED
    )
    return Transaction(
        "reversal",
        order.order_id,
        (
            Posting(LedgerAccount.GATEWAY_CLEARING, -served_idr),
            Posting(LedgerAccount.UNUSED_EMETERAI, unused_idr),
            Posting(LedgerAccount.LOSSES, served_idr - unused_idr),
        ),
    )


def _transfer(
    what: str, reference: str, debit: LedgerAccount, credit: LedgerAccount, amount_idr: int
) -> Transaction:
    return Transaction(what, reference, (Posting(debit, amount_idr), Posting(credit, -amount_idr)))


def _order_ledger(facts: OrderFacts) -> OrderLedger:
    order = facts.order
    slots: Counter[str] = Counter()
    for use in order.slots.values():
        if isinstance(use, Taken):
            emeterai = facts.emeterai.get(use.serial)
            # pragma: no mutate start, shows as a difference
            slots[emeterai.state.value if emeterai else "missing"] += 1
            # pragma: no mutate end
        else:
            refund = facts.refunds.get(use.refund_id)
            slots[_SLOTS_OF.get(refund.state, "refunding") if refund else "refunding"] += 1
    free = len(order.free_slots)
    amounts_idr: Counter[RefundState] = Counter()
    for refund in facts.refunds.values():
        amounts_idr[refund.state] += refund.amount_idr
    gone_idr = sum(amounts_idr[state] for state in _GONE)
    return OrderLedger(
        order_id=order.order_id,
        state=order.state,
        quantity=order.quantity,
        available=free if order.state is OrderState.PAID else 0,
        reserved=slots[SerialState.RESERVED.value],
        stamped=slots[SerialState.STAMPED.value],
        refunding=slots["refunding"],
        refunded=slots["refunded"],
        blocked=slots["blocked"] + (free if order.state is OrderState.REVERSED else 0),
        captured_idr=sum(payment.gross_idr for payment in facts.payments),
        fees_idr=sum(
            payment.fee_idr for payment in facts.payments if payment.payment_id == order.payment_id
        ),
        refunds_payable_idr=amounts_idr.total() - gone_idr,
        refunded_idr=amounts_idr[RefundState.CONFIRMED],
        reversed_idr=amounts_idr[RefundState.SUPERSEDED],
    )


def _differences(
    facts: OrderFacts, of_order: OrderLedger, balances: Mapping[LedgerAccount, int]
) -> Iterator[str]:
    order = facts.order
    if order.state not in (OrderState.PAID, OrderState.REVERSED):
        owed_idr = of_order.refunds_payable_idr + of_order.refunded_idr + of_order.reversed_idr
        if order.state is not OrderState.PENDING and owed_idr != of_order.captured_idr:
            came = f"Rp{of_order.captured_idr} came, Rp{owed_idr} goes back"
            yield f"{order.order_id} {order.state}: {came}"
        return
    placed = (
        of_order.available
        + of_order.reserved
        + of_order.stamped
        + of_order.refunding
        + of_order.refunded
        + of_order.blocked
    )
    if placed != of_order.quantity:
        sold = f"{of_order.quantity} e-meterai were sold, {placed} are accounted for"
        yield f"{order.order_id}: {sold}"
    held = len(order.free_slots) + of_order.reserved + of_order.stamped
    accounted_idr = (
        held * order.unit_price_idr
        + of_order.fees_idr
        + of_order.refunds_payable_idr
        + of_order.refunded_idr
        + of_order.reversed_idr
    )
    if accounted_idr != of_order.captured_idr:
        yield (
            f"{order.order_id}: Rp{of_order.captured_idr} was captured, "
            f"Rp{accounted_idr} is accounted for"
        )
    waiting = of_order.available + of_order.reserved if order.state is OrderState.PAID else 0
    for name, owed_idr in (
        (LedgerAccount.UNUSED_EMETERAI, waiting * order.unit_price_idr),
        (LedgerAccount.REFUNDS_PAYABLE, of_order.refunds_payable_idr),
    ):
        if balances[name] != -owed_idr:
            yield f"{order.order_id}: Rp{owed_idr} of {name}, Rp{-balances[name]} in the ledger"
    if of_order.refunded_idr > of_order.captured_idr:
        yield f"{order.order_id}: more was refunded than captured"
