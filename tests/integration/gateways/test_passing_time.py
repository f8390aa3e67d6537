"""Time passes at the gateway on request: for what is unfinished, and for nothing else."""

from datetime import UTC, datetime, timedelta

from tests.midtrans.ledger import Ledger, RefundEntry, Transaction

NOW = datetime(2026, 11, 24, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entered(ledger: Ledger, name: str, state: str = "pending") -> Transaction:
    transaction = Transaction(
        transaction_id=name,
        order_id=f"{name}-1",
        payment_type="qris",
        amount_idr=10_000,
        gross_amount="10000.00",
        created_at=NOW,
        expires_at=NOW + HOUR,
        state=state,
        settled_at=None if state == "pending" else NOW,
    )
    with ledger.lock:
        ledger.enter(transaction)
    return transaction


def test_what_is_pending_expires_when_its_time_has_passed() -> None:
    ledger = Ledger(lambda: NOW, lambda _: None)
    unpaid, paid = entered(ledger, "unpaid"), entered(ledger, "paid", "settlement")
    ledger.age(HOUR - timedelta(seconds=1))
    ledger.tick()
    assert unpaid.state == "pending"
    ledger.age(timedelta(seconds=1))
    ledger.tick()
    assert (unpaid.state, unpaid.created_at, unpaid.expires_at) == ("expire", NOW - HOUR, NOW)
    assert (paid.state, paid.created_at, paid.settled_at) == ("settlement", NOW, NOW)


def test_a_refund_that_the_bank_has_not_confirmed_is_older_and_another_is_not() -> None:
    ledger = Ledger(lambda: NOW, lambda _: None)
    paid = entered(ledger, "paid", "settlement")
    for number, confirmed_at in ((1, None), (2, NOW)):
        paid.refunds.append(RefundEntry(number, "id", "key", 1, "unused", NOW, confirmed_at))
    ledger.age(HOUR)
    assert [one.created_at for one in paid.refunds] == [NOW - HOUR, NOW]
