"""Whether a refund was back by the time that was promised."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refund_transitions import claimed, confirmed, forgotten, submitted
from meterai.domain.refunds.refunds import Claim, Refund, RefundReason, RefundState
from meterai.domain.timers import Timer

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PROMISES = RefundPromises(to_source=DAY, to_account=3 * DAY)
DUE = Refund(
    refund_id=RefundId("rfd_" + "A" * 26),
    account="somebody",
    order_id=OrderId("ord_" + "A" * 26),
    payment_id="midtrans:1",
    charge_id="ord_" + "A" * 26 + "-1",
    amount_idr=10_000,
    slots=(0,),
    reason=RefundReason.REQUESTED,
    state=RefundState.DUE,
    body_hash="",
    created_at=AT,
    timer=Timer(AT, AT + DAY),
)


def test_a_promise_is_kept_if_the_bank_confirmed_it_by_then() -> None:
    in_time, late = (
        confirmed(submitted(DUE, AT), AT + after) for after in (DAY, DAY + timedelta(seconds=1))
    )

    assert PROMISES.promised_by(in_time) == PROMISES.promised_by(late) == AT + DAY
    assert (PROMISES.was_kept(in_time), PROMISES.was_kept(late)) == (True, False)


def test_nothing_is_kept_or_broken_before_it_is_back() -> None:
    assert PROMISES.promised_by(DUE) == AT + DAY
    assert PROMISES.was_kept(DUE) is None


def test_of_a_payout_the_promise_counts_from_when_its_account_was_named() -> None:
    needs = replace(DUE, state=RefundState.NEEDS_ACCOUNT)
    named = claimed(needs, Claim("claim", "mark", "sealed"), AT + 2 * DAY, PROMISES.to_account)
    done = confirmed(submitted(named, AT + 2 * DAY), AT + 5 * DAY)

    assert PROMISES.promised_by(done) == AT + 5 * DAY
    assert PROMISES.was_kept(done) is True


def test_of_a_payout_whose_account_was_deleted_nobody_knows() -> None:
    needs = replace(DUE, state=RefundState.NEEDS_ACCOUNT)
    named = claimed(needs, Claim("claim", "mark", "sealed"), AT, PROMISES.to_account)
    done = forgotten(confirmed(named, AT + DAY))

    assert PROMISES.promised_by(done) is None
    assert PROMISES.was_kept(done) is None
