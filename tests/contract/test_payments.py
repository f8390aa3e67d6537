"""Payments: facts that are written once, with or without the refund that returns the money."""

from datetime import datetime, timedelta

from meterai.domain.days import beginning_of, day_of, end_of
from meterai.domain.refunds.refunds import RefundReason
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE, NOW, a_payment, a_refund, an_order

LATER = NOW + 60 * MINUTE


def test_a_payment_is_read_as_it_was_put(backend: Backend) -> None:
    for fee_idr in (0, 71):
        payment = a_payment(an_order(), f"tx-{fee_idr}", fee_idr=fee_idr)
        assert backend.payments.get(payment.order_id, payment.payment_id) is None
        backend.payments.put(payment)
        assert backend.payments.get(payment.order_id, payment.payment_id) == payment


def test_a_payment_is_written_once(backend: Backend) -> None:
    order = an_order()
    payment = a_payment(order)
    backend.payments.put(payment)
    backend.payments.put(a_payment(order, amount_idr=1))
    assert backend.payments.get(payment.order_id, payment.payment_id) == payment


def test_the_payments_of_an_order_are_listed_and_no_others(backend: Backend) -> None:
    order, other = an_order(), an_order("other")
    mine = [a_payment(order, "tx-1"), a_payment(order, "tx-2")]
    for payment in (*mine, a_payment(other, "tx-3")):
        backend.payments.put(payment)
    assert list(backend.payments.of_order(order.order_id)) == mine
    assert list(backend.payments.of_order(an_order("unknown").order_id)) == []


def test_the_payments_of_a_period_are_found_by_their_settlement_time(backend: Backend) -> None:
    order = an_order()
    at = {name: NOW + minutes * MINUTE for name, minutes in (("tx-1", 1), ("tx-2", 5), ("tx-3", 9))}
    for name, settled_at in at.items():
        backend.payments.put(a_payment(order, name, settled_at=settled_at))

    def between(begins: datetime, ends: datetime) -> list[str]:
        found = list(backend.payments.settled_between(begins, ends))
        assert {order_id for order_id, _ in found} <= {order.order_id}
        return sorted(payment_id for _, payment_id in found)

    assert between(NOW, NOW + 60 * MINUTE) == [f"midtrans#{name}" for name in at]
    assert between(at["tx-1"], at["tx-3"]) == ["midtrans#tx-1", "midtrans#tx-2"]
    assert between(NOW - 60 * MINUTE, NOW) == []


def test_a_day_ends_at_midnight_in_wib(backend: Backend) -> None:
    order, midnight = an_order(), end_of(day_of(NOW))
    last, first = midnight - timedelta(microseconds=1), midnight
    backend.payments.put(a_payment(order, "last", settled_at=last))
    backend.payments.put(a_payment(order, "first", settled_at=first))
    begins = beginning_of(day_of(NOW))
    of_day = [one for _, one in backend.payments.settled_between(begins, midnight)]
    of_next = [
        one for _, one in backend.payments.settled_between(midnight, midnight + timedelta(days=1))
    ]
    assert (of_day, of_next) == (["midtrans#last"], ["midtrans#first"])


def test_many_payments_of_one_moment_are_all_found(backend: Backend) -> None:
    names = {f"tx-{number}" for number in range(40)}
    for name in names:
        backend.payments.put(a_payment(an_order(name), name, settled_at=NOW))
    found = list(backend.payments.settled_between(NOW, NOW + MINUTE))
    assert {payment_id for _, payment_id in found} == {f"midtrans#{name}" for name in names}


def test_a_payment_to_be_returned_is_stored_with_its_refund(backend: Backend) -> None:
    order = an_order()
    payment = a_payment(order)
    refund = a_refund(order, (), reason=RefundReason.LATE_PAYMENT)
    for _ in range(2):
        backend.payments.put_with_refund(payment, refund)
        assert backend.payments.get(payment.order_id, payment.payment_id) == payment
        assert backend.refunds.get(refund.refund_id) == refund
    assert list(backend.refund_timers.due(LATER)) == [refund.refund_id]


def test_a_stored_payment_gets_its_refund(backend: Backend) -> None:
    order = an_order()
    payment = a_payment(order)
    refund = a_refund(order, (), reason=RefundReason.DUPLICATE_PAYMENT)
    backend.payments.put(payment)
    backend.payments.put_with_refund(a_payment(order, amount_idr=1), refund)
    assert backend.payments.get(payment.order_id, payment.payment_id) == payment
    assert backend.refunds.get(refund.refund_id) == refund


def test_a_stored_refund_is_not_overwritten(backend: Backend) -> None:
    order = an_order()
    first = a_refund(order, (), reason=RefundReason.LATE_PAYMENT)
    backend.payments.put_with_refund(a_payment(order, "tx-1"), first)
    again = a_refund(order, (), reason=RefundReason.DUPLICATE_PAYMENT)
    backend.payments.put_with_refund(a_payment(order, "tx-2"), again)
    assert backend.refunds.get(first.refund_id) == first
    assert len(backend.payments.of_order(order.order_id)) == 2


def test_a_payment_to_be_returned_is_listed_in_its_order_once(backend: Backend) -> None:
    """Also where payment and refund were written, and the answer was lost before the order was
    written."""
    order = backend.orders.put_new(an_order())
    refunds = [a_refund(order, (), name) for name in ("one", "other")]
    for number, refund in enumerate(refunds):
        for _ in range(2):
            backend.payments.put_with_refund(a_payment(order, f"tx-{number}"), refund)
    standing = backend.orders.get(order.order_id)
    assert standing is not None
    assert standing.returned == tuple(sorted(refund.refund_id for refund in refunds))


def test_a_returned_payment_of_an_unknown_order_creates_no_order(backend: Backend) -> None:
    order = an_order()
    backend.payments.put_with_refund(a_payment(order), a_refund(order, ()))
    assert backend.orders.get(order.order_id) is None
