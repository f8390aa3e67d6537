"""Three-way: a gateway's records against our payments and refunds against the e-meterai.

A record may be a day old, so a row that disagrees is a doubt, not yet a difference: the gateway's
own status, asked for now, is what is judged.
"""

from collections.abc import Iterator

from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import ChargeState, ChargeStatus, Payment, is_nothing
from meterai.domain.reconciliation.discrepancies import Discrepancy, Kind
from meterai.domain.reconciliation.gateway_records import PaymentRow, PayoutRow, RefundRow
from meterai.domain.reconciliation.ledger import OrderFacts, close_ledger
from meterai.domain.refunds.payouts import PayoutState
from meterai.domain.refunds.refunds import Refund, RefundState, refund_of_gateway_key
from meterai.domain.stamping.stampings import SerialState

_CAME = (ChargeState.SETTLED, ChargeState.REFUNDED)
_TAKEN_BACK = (ChargeState.REVERSED, ChargeState.DENIED)
_PAID_FOR = (OrderState.PAID, OrderState.REVERSED)


def agrees(row: PaymentRow, facts: OrderFacts | None) -> bool:
    """The row agrees with our records: the gateway need not be asked."""
    fact = _fact(row.payment_id, facts)
    if fact is None or facts is None:
        # It came and went before we heard of it, or nothing came.
        return row.state in _TAKEN_BACK or is_nothing(row.amount_idr)
    if row.amount_idr not in (fact.gross_idr, fact.amount_idr) or not _is_placed(fact, facts):
        return False
    states = [refund.state for refund in _refunds(fact, facts) if refund.claim is None]
    match row.state:
        case ChargeState.SETTLED:
            return RefundState.CONFIRMED not in states
        case ChargeState.REFUNDED:
            return RefundState.SUBMITTED in states or RefundState.CONFIRMED in states
        case ChargeState.REVERSED | ChargeState.DENIED:
            return not _waits_for_its_reversal(fact, facts)
        case _:
            return False


def judge_charge(
    payment_id: str, status: ChargeStatus | None, facts: OrderFacts | None
) -> Iterator[Discrepancy]:
    """What the gateway says of one payment now, against what is written of it."""
    fact = _fact(payment_id, facts)
    order_id = None if facts is None else facts.order.order_id

    def difference(kind: Kind, ours: str, theirs: str) -> Discrepancy:
        return Discrepancy(kind, order_id, payment_id, None, theirs, ours)

    says = _says(status)
    if fact is None and status is not None and status.is_of_nothing:
        return
    if status is None or (status.state not in _CAME and status.state not in _TAKEN_BACK):
        if fact is not None:
            yield difference(Kind.MISSING_AT_GATEWAY, f"Rp{fact.amount_idr}", says)
    elif status.state in _TAKEN_BACK:
        if fact is not None and facts is not None and _waits_for_its_reversal(fact, facts):
            yield difference(Kind.REVERSED_AT_GATEWAY, f"order {facts.order.state}", says)
    elif facts is None:
        yield difference(Kind.NOT_OURS, "no such order", says)
    elif fact is None:
        yield difference(Kind.UNKNOWN_PAYMENT, "no such payment", says)
    else:
        if (fact.amount_idr, fact.fee_idr) != (status.amount_idr, status.fee_idr):
            yield difference(Kind.AMOUNT_DIFFERS, f"Rp{fact.amount_idr}", says)
        if not _is_placed(fact, facts):
            yield difference(Kind.UNPLACED_PAYMENT, "written down alone", says)
        yield from _judge_refunds(fact, status, facts)


def _judge_refunds(fact: Payment, status: ChargeStatus, facts: OrderFacts) -> Iterator[Discrepancy]:
    """What went back the way it came, as the status lists it."""

    def difference(kind: Kind, refund_id: str | None, ours: str, theirs: str) -> Discrepancy:
        return Discrepancy(
            kind, facts.order.order_id, fact.payment_id, refund_id, theirs=theirs, ours=ours
        )

    ours = {refund.gateway_key: refund for refund in _refunds(fact, facts)}
    final = {listed.refund_key for listed in status.refunds if listed.final}
    for listed in status.refunds:
        refund_id = refund_of_gateway_key(listed.refund_key)
        # pragma: no mutate start, for types only
        refund = None if refund_id is None else facts.refunds.get(refund_id)
        # pragma: no mutate end
        theirs = f"refund of Rp{listed.amount_idr}{', final' if listed.final else ''}"
        if refund is None:
            yield difference(Kind.REFUND_UNKNOWN, None, "no such refund", theirs)
        elif listed.amount_idr != refund.amount_idr:
            said = f"Rp{refund.amount_idr}"
            yield difference(Kind.AMOUNT_DIFFERS, refund.refund_id, said, theirs)
        elif listed.final and refund.state is RefundState.SUBMITTED and refund.claim is None:
            yield difference(Kind.REFUND_UNCONFIRMED, refund.refund_id, refund.state, theirs)
    for key, refund in ours.items():
        done = refund.state is RefundState.CONFIRMED and refund.claim is None
        if done and key not in final:
            theirs = "not listed as final"
            yield difference(Kind.REFUND_NOT_EXECUTED, refund.refund_id, refund.state, theirs)


def settled_later(payment_id: str, status: ChargeStatus | None, facts: OrderFacts) -> Discrepancy:
    """Ours of a day whose record does not list it, though the gateway knows it well."""
    return Discrepancy(
        Kind.SETTLED_LATER,
        facts.order.order_id,
        payment_id,
        None,
        theirs=_says(status),
        ours="of this day",
    )


def is_doubtful(row: RefundRow, refund: Refund) -> bool:
    """Then the gateway's status of the payment says what is so."""
    is_done = refund.state is RefundState.CONFIRMED and refund.gateway_key == row.refund_key
    return not (is_done and row.final and row.amount_idr == refund.amount_idr)


def refund_not_ours(row: RefundRow) -> Discrepancy:
    theirs = f"refund {row.refund_key} of Rp{row.amount_idr}"
    return Discrepancy(Kind.REFUND_UNKNOWN, None, None, None, theirs, "no such refund")


def judge_payout(row: PayoutRow, refund: Refund | None) -> Iterator[Discrepancy]:
    """A payout on record, against the refund that asked for it; `refund` None: no such refund."""
    theirs = f"payout {row.reference} of Rp{row.amount_idr}, {row.state}"
    if refund is None:
        yield Discrepancy(Kind.PAYOUT_NOT_OURS, None, None, None, theirs, "no such refund")
        return

    def difference(kind: Kind, ours: str) -> Discrepancy:
        return Discrepancy(
            kind, refund.order_id, refund.payment_id, refund.refund_id, theirs=theirs, ours=ours
        )

    came_back = row.state is PayoutState.FAILED
    if row.amount_idr != refund.amount_idr:
        yield difference(Kind.AMOUNT_DIFFERS, f"Rp{refund.amount_idr}")
    elif row.key != refund.gateway_key:
        if not came_back:
            yield difference(Kind.PAID_OUT_TWICE, f"attempt {refund.attempt}, {refund.state}")
    elif refund.state is RefundState.CONFIRMED:
        if came_back:
            yield difference(Kind.PAYOUT_CAME_BACK, refund.state)
    elif refund.state is RefundState.SUBMITTED and refund.payout_reference is None:
        yield difference(Kind.PAYOUT_UNKNOWN, "its answer was lost")


def judge_order(facts: OrderFacts) -> Iterator[Discrepancy]:
    """The order, its money and its e-meterai among themselves."""
    order = facts.order

    def difference(kind: Kind, ours: str) -> Discrepancy:
        return Discrepancy(kind, order.order_id, order.payment_id, None, theirs="", ours=ours)

    stamped = [serial for serial, one in facts.emeterai.items() if one.state is SerialState.STAMPED]
    paid = order.state in _PAID_FOR and _fact(order.payment_id, facts) is not None
    if stamped and not paid:
        yield difference(Kind.SERIAL_WITHOUT_PAYMENT, f"{order.state}: {', '.join(stamped)}")
    ledger = close_ledger([facts])
    [one] = ledger.orders
    placed = one.available + one.reserved + one.stamped + one.refunding + one.refunded + one.blocked
    if order.state in _PAID_FOR and placed != one.quantity:
        yield difference(Kind.SLOTS_DO_NOT_ADD_UP, f"{one.quantity} sold, {placed} accounted for")
    elif ledger.differences:
        yield difference(Kind.BOOKS_DO_NOT_BALANCE, "; ".join(ledger.differences))


def _says(status: ChargeStatus | None) -> str:
    return "unknown" if status is None else f"{status.state}, Rp{status.amount_idr}"


def _fact(payment_id: str | None, facts: OrderFacts | None) -> Payment | None:
    payments = () if facts is None else facts.payments
    return next((one for one in payments if one.payment_id == payment_id), None)


def _refunds(fact: Payment, facts: OrderFacts) -> list[Refund]:
    return [one for one in facts.refunds.values() if one.payment_id == fact.payment_id]


def _is_placed(fact: Payment, facts: OrderFacts) -> bool:
    """It pays its order, or goes back whole."""
    whole = any(not refund.slots for refund in _refunds(fact, facts))
    return whole or facts.order.payment_id == fact.payment_id


def _waits_for_its_reversal(fact: Payment, facts: OrderFacts) -> bool:
    """Our records still count it as money that we have."""
    if facts.order.payment_id == fact.payment_id:
        return facts.order.state is OrderState.PAID
    back = [refund.state for refund in _refunds(fact, facts) if not refund.slots]
    return not {RefundState.SUPERSEDED, RefundState.CONFIRMED} & set(back)
