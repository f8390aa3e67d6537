"""What is made of a gateway's word and ours: a difference names its order, its payment, its refund,
and says both sides in plain words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import ChargeState, ChargeStatus, RefundStatus
from meterai.domain.reconciliation.discrepancies import Discrepancy, Kind
from meterai.domain.reconciliation.gateway_records import PaymentRow, PayoutRow, RefundRow
from meterai.domain.reconciliation.ledger import OrderFacts
from meterai.domain.reconciliation.reconciliation import (
    agrees,
    is_doubtful,
    judge_charge,
    judge_order,
    judge_payout,
    refund_not_ours,
    settled_later,
)
from meterai.domain.refunds.payouts import PayoutState
from meterai.domain.refunds.refunds import Claim, Refund, RefundState
from meterai.domain.stamping.stampings import SerialState
from tests.unit.domain.facts import (
    CHARGE_ID,
    NOW,
    ORDER_ID,
    PAYMENT,
    PAYMENT_ID,
    PRICE_IDR,
    STATUS,
    busy_order,
    emeterai,
    refund,
)

REFUND_ID = RefundId("rfd_ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CLAIM = Claim("claim", "mark", account_ciphertext=None)


def given_back(state: RefundState = RefundState.CONFIRMED) -> Refund:
    return refund(REFUND_ID, (2,), state, PRICE_IDR)


def facts(*refunds: Refund) -> OrderFacts:
    return replace(busy_order(), refunds={one.refund_id: one for one in refunds})


def listing(*told: RefundStatus) -> ChargeStatus:
    """The gateway's status, with these refunds."""
    return replace(STATUS, state=ChargeState.REFUNDED, refunds=told)


def told(amount_idr: int = PRICE_IDR, *, final: bool = True) -> RefundStatus:
    return RefundStatus(f"{REFUND_ID}-1", amount_idr, final)


def of_payment(kind: Kind, theirs: str, ours: str, refund_id: str | None = None) -> Discrepancy:
    return Discrepancy(kind, ORDER_ID, PAYMENT_ID, refund_id, theirs, ours)


def judged(status: ChargeStatus | None, ours: OrderFacts | None) -> Sequence[Discrepancy]:
    return list(judge_charge(PAYMENT_ID, status, ours))


def test_a_refund_of_which_nobody_heard_that_it_is_done_names_its_state() -> None:
    assert judged(listing(told()), facts(given_back(RefundState.SUBMITTED))) == [
        of_payment(Kind.REFUND_UNCONFIRMED, "refund of Rp12000, final", "submitted", REFUND_ID)
    ]


def test_a_refund_that_the_gateway_is_still_making_is_waited_for() -> None:
    assert judged(listing(told(final=False)), facts(given_back(RefundState.SUBMITTED))) == []


def test_a_refund_of_another_amount_names_both() -> None:
    ours = facts(given_back(RefundState.SUBMITTED))
    assert judged(listing(told(PRICE_IDR - 1, final=False)), ours) == [
        of_payment(Kind.AMOUNT_DIFFERS, "refund of Rp11999", "Rp12000", REFUND_ID)
    ]


def test_a_refund_that_we_call_done_and_the_gateway_does_not_list_is_named() -> None:
    assert judged(listing(), facts(given_back())) == [
        of_payment(Kind.REFUND_NOT_EXECUTED, "not listed as final", "confirmed", REFUND_ID)
    ]


@pytest.mark.parametrize("key", ["by-hand", "rfd_ZZZZZZZZZZZZZZZZZZZZZZZZZZ-1"])
def test_a_refund_that_was_made_without_us_is_named_without_a_refund_of_ours(key: str) -> None:
    by_hand = RefundStatus(key, PRICE_IDR, final=True)
    assert judged(listing(by_hand), facts()) == [
        of_payment(Kind.REFUND_UNKNOWN, "refund of Rp12000, final", "no such refund")
    ]


def test_what_was_paid_out_to_an_account_is_not_looked_for_among_the_refunds() -> None:
    """Nor is what the gateway then lists of it taken for a confirmation."""
    by_payout = replace(given_back(), claim=CLAIM)
    assert judged(listing(), facts(by_payout)) == []
    waiting = replace(by_payout, state=RefundState.SUBMITTED)
    assert judged(listing(told()), facts(waiting)) == []


def test_what_agrees_is_no_difference() -> None:
    assert judged(STATUS, facts()) == []
    assert judged(listing(told()), facts(given_back())) == []


@pytest.mark.parametrize(
    ("status", "says"),
    [(None, "unknown"), (replace(STATUS, state=ChargeState.EXPIRED), "expired, Rp48000")],
)
def test_a_payment_that_the_gateway_has_not_names_what_it_says_instead(
    status: ChargeStatus | None, says: str
) -> None:
    assert judged(status, facts()) == [of_payment(Kind.MISSING_AT_GATEWAY, says, "Rp48000")]
    assert judged(status, None) == [], "nobody has it"


def test_money_that_is_not_on_record_is_of_an_order_or_of_none() -> None:
    unwritten = replace(facts(), payments=[])
    assert judged(STATUS, unwritten) == [
        of_payment(Kind.UNKNOWN_PAYMENT, "settled, Rp48000", "no such payment")
    ]
    assert judged(STATUS, None) == [
        Discrepancy(Kind.NOT_OURS, None, PAYMENT_ID, None, "settled, Rp48000", "no such order")
    ]


def test_a_reversal_names_how_the_order_stands_and_is_told_until_the_order_knows() -> None:
    taken_back = replace(STATUS, state=ChargeState.REVERSED)
    assert judged(taken_back, facts()) == [
        of_payment(Kind.REVERSED_AT_GATEWAY, "reversed, Rp48000", "order paid")
    ]
    ours = facts()
    knows = replace(ours, order=replace(ours.order, state=OrderState.REVERSED))
    assert judged(taken_back, knows) == []


def test_a_payment_of_another_amount_names_both() -> None:
    more = replace(STATUS, amount_idr=PAYMENT.amount_idr + 1)
    assert judged(more, facts()) == [of_payment(Kind.AMOUNT_DIFFERS, "settled, Rp48001", "Rp48000")]


def test_a_fact_that_pays_nothing_and_goes_nowhere_is_named() -> None:
    ours = facts()
    alone = replace(ours, order=replace(ours.order, payment_id="midtrans#tx-2"))
    assert judged(STATUS, alone) == [
        of_payment(Kind.UNPLACED_PAYMENT, "settled, Rp48000", "written down alone")
    ]


def test_what_is_listed_under_another_day_is_named_with_what_the_gateway_says() -> None:
    assert settled_later(PAYMENT_ID, STATUS, facts()) == of_payment(
        Kind.SETTLED_LATER, "settled, Rp48000", "of this day"
    )


def on_record(refund_key: str = f"{REFUND_ID}-1", *, final: bool = True) -> RefundRow:
    return RefundRow("midtrans", refund_key, PRICE_IDR, final, NOW)


def test_a_refund_on_record_leaves_no_doubt_where_all_of_it_agrees() -> None:
    """Then nobody is asked: a gateway answers so many questions a minute, and no more."""
    assert not is_doubtful(on_record(), given_back())


@pytest.mark.parametrize(
    ("row", "ours"),
    [
        pytest.param(on_record(), given_back(RefundState.SUBMITTED), id="unheard"),
        pytest.param(on_record(f"{REFUND_ID}-2"), given_back(), id="of another attempt"),
        pytest.param(on_record(final=False), given_back(), id="not final"),
        pytest.param(replace(on_record(), amount_idr=1), given_back(), id="of another amount"),
        pytest.param(replace(on_record(), amount_idr=None), given_back(), id="unreadable"),
    ],
)
def test_else_the_gateway_is_asked_about_it(row: RefundRow, ours: Refund) -> None:
    assert is_doubtful(row, ours)


def test_a_refund_on_record_that_is_not_ours_is_named_by_its_key() -> None:
    assert refund_not_ours(on_record("by-hand")) == Discrepancy(
        Kind.REFUND_UNKNOWN, None, None, None, "refund by-hand of Rp12000", "no such refund"
    )


PAID_OUT = PayoutRow("midtrans", f"{REFUND_ID}-1", "po-1", PayoutState.COMPLETED, PRICE_IDR, NOW)
COMPLETED = "payout po-1 of Rp12000, completed"
CAME_BACK = "payout po-1 of Rp12000, failed"


@pytest.mark.parametrize(
    ("row", "ours", "differs"),
    [
        pytest.param(PAID_OUT, given_back(), None, id="it agrees"),
        pytest.param(
            PAID_OUT,
            given_back(RefundState.SUBMITTED),
            (Kind.PAYOUT_UNKNOWN, COMPLETED, "its answer was lost"),
            id="its answer was lost",
        ),
        pytest.param(
            PAID_OUT,
            replace(given_back(RefundState.SUBMITTED), payout_reference="po-1"),
            None,
            id="it is known and will be asked about",
        ),
        pytest.param(
            replace(PAID_OUT, state=PayoutState.FAILED),
            given_back(),
            (Kind.PAYOUT_CAME_BACK, CAME_BACK, "confirmed"),
            id="it came back",
        ),
        pytest.param(
            replace(PAID_OUT, amount_idr=1),
            given_back(),
            (Kind.AMOUNT_DIFFERS, "payout po-1 of Rp1, completed", "Rp12000"),
            id="of another amount",
        ),
        pytest.param(
            PAID_OUT,
            replace(given_back(), attempt=2),
            (Kind.PAID_OUT_TWICE, COMPLETED, "attempt 2, confirmed"),
            id="by an earlier attempt too",
        ),
        pytest.param(
            replace(PAID_OUT, state=PayoutState.FAILED),
            replace(given_back(), attempt=2),
            None,
            id="an earlier attempt that came back",
        ),
    ],
)
def test_a_payout_on_record_is_held_against_its_refund(
    row: PayoutRow, ours: Refund, differs: tuple[Kind, str, str] | None
) -> None:
    wanted = [] if differs is None else [of_payment(*differs, refund_id=REFUND_ID)]
    assert list(judge_payout(row, ours)) == wanted


def test_a_payout_that_no_refund_asked_for_is_named_by_its_reference() -> None:
    assert list(judge_payout(PAID_OUT, None)) == [
        Discrepancy(Kind.PAYOUT_NOT_OURS, None, None, None, COMPLETED, "no such refund")
    ]


def of_order(kind: Kind, ours: str) -> Discrepancy:
    return Discrepancy(kind, ORDER_ID, PAYMENT_ID, None, "", ours)


def test_an_order_whose_money_and_emeterai_agree_has_no_difference() -> None:
    assert list(judge_order(busy_order())) == []


def test_stamped_emeterai_without_a_payment_are_named_by_their_serials() -> None:
    ours = replace(busy_order(), payments=[])
    first, *_ = judge_order(ours)
    assert first == of_order(Kind.SERIAL_WITHOUT_PAYMENT, "paid: S")
    another = emeterai("T", 3, SerialState.STAMPED)
    two = replace(ours, emeterai={**ours.emeterai, another.serial: another})
    first, *_ = judge_order(two)
    assert first == of_order(Kind.SERIAL_WITHOUT_PAYMENT, "paid: S, T")


def test_slots_that_do_not_add_up_are_counted() -> None:
    ours = busy_order()
    lost = replace(ours, emeterai={name: one for name, one in ours.emeterai.items() if name != "R"})
    assert list(judge_order(lost)) == [
        of_order(Kind.SLOTS_DO_NOT_ADD_UP, "4 sold, 3 accounted for")
    ]


def test_books_that_do_not_balance_are_told_by_what_they_say() -> None:
    """All slots are accounted for, and the payment is of another amount."""
    ours = replace(busy_order(), payments=[replace(PAYMENT, amount_idr=PAYMENT.amount_idr - 1)])
    assert list(judge_order(ours)) == [
        of_order(
            Kind.BOOKS_DO_NOT_BALANCE,
            "ord_A: Rp47999 was captured, Rp48000 is accounted for; "
            "ord_A: Rp24000 of unused_emeterai, Rp23999 in the ledger",
        )
    ]


ROW = PaymentRow("midtrans", CHARGE_ID, "tx-1", ChargeState.SETTLED, PAYMENT.amount_idr, NOW)


KNOWS_OF_ITS_REVERSAL = replace(facts(), order=replace(facts().order, state=OrderState.REVERSED))


@pytest.mark.parametrize(
    ("state", "ours", "clear"),
    [
        (ChargeState.SETTLED, facts(), True),
        (ChargeState.SETTLED, facts(given_back(RefundState.SUBMITTED)), True),
        (ChargeState.SETTLED, facts(given_back()), False),
        (ChargeState.SETTLED, facts(replace(given_back(), claim=CLAIM)), True),
        (ChargeState.REFUNDED, facts(given_back()), True),
        (ChargeState.REFUNDED, facts(given_back(RefundState.SUBMITTED)), True),
        (ChargeState.REFUNDED, facts(given_back(RefundState.DUE)), False),
        (ChargeState.REFUNDED, facts(), False),
        (ChargeState.REVERSED, facts(), False),
        (ChargeState.REVERSED, KNOWS_OF_ITS_REVERSAL, True),
        (ChargeState.REVERSED, None, True),
        (ChargeState.DENIED, None, True),
        (ChargeState.SETTLED, None, False),
        (ChargeState.PENDING, facts(), False),
    ],
)
def test_a_row_that_agrees_asks_nobody_and_any_doubt_asks(
    state: ChargeState, ours: OrderFacts | None, *, clear: bool
) -> None:
    assert agrees(replace(ROW, state=state), ours) == clear


def test_a_row_of_another_amount_or_of_a_payment_that_pays_nothing_is_a_doubt() -> None:
    ours = facts()
    assert not agrees(ROW, replace(ours, payments=[]))
    assert not agrees(replace(ROW, amount_idr=1), ours)
    assert not agrees(ROW, replace(ours, order=replace(ours.order, payment_id="midtrans#tx-2")))
