"""Comparing a gateway's records with ours: each discrepancy names its order, payment and refund,
and shows both sides in plain words."""

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


def confirmed_refund(state: RefundState = RefundState.CONFIRMED) -> Refund:
    return refund(REFUND_ID, (2,), state, PRICE_IDR)


def facts(*refunds: Refund) -> OrderFacts:
    return replace(busy_order(), refunds={one.refund_id: one for one in refunds})


def listing(*refunds: RefundStatus) -> ChargeStatus:
    """The gateway's status, with these refunds."""
    return replace(STATUS, state=ChargeState.REFUNDED, refunds=refunds)


def gateway_refund(amount_idr: int = PRICE_IDR, *, final: bool = True) -> RefundStatus:
    return RefundStatus(f"{REFUND_ID}-1", amount_idr, final)


def of_payment(kind: Kind, theirs: str, ours: str, refund_id: str | None = None) -> Discrepancy:
    return Discrepancy(kind, ORDER_ID, PAYMENT_ID, refund_id, theirs, ours)


def judged(status: ChargeStatus | None, ours: OrderFacts | None) -> Sequence[Discrepancy]:
    return list(judge_charge(PAYMENT_ID, status, ours))


def test_a_refund_that_only_the_gateway_calls_final_names_its_state() -> None:
    assert judged(listing(gateway_refund()), facts(confirmed_refund(RefundState.SUBMITTED))) == [
        of_payment(Kind.REFUND_UNCONFIRMED, "refund of Rp12000, final", "submitted", REFUND_ID)
    ]


def test_a_refund_that_the_gateway_is_still_making_is_no_discrepancy() -> None:
    assert (
        judged(listing(gateway_refund(final=False)), facts(confirmed_refund(RefundState.SUBMITTED)))
        == []
    )


def test_a_refund_of_another_amount_names_both() -> None:
    ours = facts(confirmed_refund(RefundState.SUBMITTED))
    assert judged(listing(gateway_refund(PRICE_IDR - 1, final=False)), ours) == [
        of_payment(Kind.AMOUNT_DIFFERS, "refund of Rp11999", "Rp12000", REFUND_ID)
    ]


def test_a_confirmed_refund_that_the_gateway_does_not_list_is_named() -> None:
    assert judged(listing(), facts(confirmed_refund())) == [
        of_payment(Kind.REFUND_NOT_EXECUTED, "not listed as final", "confirmed", REFUND_ID)
    ]


@pytest.mark.parametrize("key", ["by-hand", "rfd_ZZZZZZZZZZZZZZZZZZZZZZZZZZ-1"])
def test_a_refund_made_outside_the_system_is_named_without_a_refund_of_ours(key: str) -> None:
    by_hand = RefundStatus(key, PRICE_IDR, final=True)
    assert judged(listing(by_hand), facts()) == [
        of_payment(Kind.REFUND_UNKNOWN, "refund of Rp12000, final", "no such refund")
    ]


def test_a_payout_to_an_account_is_not_looked_for_among_the_refunds() -> None:
    """Nor is a refund that the gateway then lists taken for a confirmation of the payout."""
    by_payout = replace(confirmed_refund(), claim=CLAIM)
    assert judged(listing(), facts(by_payout)) == []
    waiting = replace(by_payout, state=RefundState.SUBMITTED)
    assert judged(listing(gateway_refund()), facts(waiting)) == []


def test_agreeing_records_are_no_discrepancy() -> None:
    assert judged(STATUS, facts()) == []
    assert judged(listing(gateway_refund()), facts(confirmed_refund())) == []


@pytest.mark.parametrize(
    ("status", "says"),
    [(None, "unknown"), (replace(STATUS, state=ChargeState.EXPIRED), "expired, Rp48000")],
)
def test_a_payment_that_the_gateway_does_not_have_names_what_it_reports_instead(
    status: ChargeStatus | None, says: str
) -> None:
    assert judged(status, facts()) == [of_payment(Kind.MISSING_AT_GATEWAY, says, "Rp48000")]
    assert judged(status, None) == [], "nobody has it"


def test_money_that_is_not_recorded_here_is_of_an_order_or_of_none() -> None:
    unwritten = replace(facts(), payments=[])
    assert judged(STATUS, unwritten) == [
        of_payment(Kind.UNKNOWN_PAYMENT, "settled, Rp48000", "no such payment")
    ]
    assert judged(STATUS, None) == [
        Discrepancy(Kind.NOT_OURS, None, PAYMENT_ID, None, "settled, Rp48000", "no such order")
    ]


def test_a_reversal_names_the_orders_state_and_is_listed_until_the_order_is_reversed() -> None:
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


def test_a_payment_that_pays_no_order_and_has_no_refund_is_named() -> None:
    ours = facts()
    alone = replace(ours, order=replace(ours.order, payment_id="midtrans#tx-2"))
    assert judged(STATUS, alone) == [
        of_payment(Kind.UNPLACED_PAYMENT, "settled, Rp48000", "written down alone")
    ]


def test_a_payment_listed_under_another_day_is_named_with_what_the_gateway_reports() -> None:
    assert settled_later(PAYMENT_ID, STATUS, facts()) == of_payment(
        Kind.SETTLED_LATER, "settled, Rp48000", "of this day"
    )


def on_record(refund_key: str = f"{REFUND_ID}-1", *, final: bool = True) -> RefundRow:
    return RefundRow("midtrans", refund_key, PRICE_IDR, final, NOW)


def test_a_refund_row_that_agrees_in_all_fields_needs_no_request() -> None:
    """Then the gateway is not called: it limits the number of requests a minute."""
    assert not is_doubtful(on_record(), confirmed_refund())


@pytest.mark.parametrize(
    ("row", "ours"),
    [
        pytest.param(on_record(), confirmed_refund(RefundState.SUBMITTED), id="unheard"),
        pytest.param(on_record(f"{REFUND_ID}-2"), confirmed_refund(), id="of another attempt"),
        pytest.param(on_record(final=False), confirmed_refund(), id="not final"),
        pytest.param(
            replace(on_record(), amount_idr=1), confirmed_refund(), id="of another amount"
        ),
        pytest.param(replace(on_record(), amount_idr=None), confirmed_refund(), id="unreadable"),
    ],
)
def test_any_other_refund_row_needs_a_request_to_the_gateway(row: RefundRow, ours: Refund) -> None:
    assert is_doubtful(row, ours)


def test_a_refund_row_that_is_not_ours_is_named_by_its_key() -> None:
    assert refund_not_ours(on_record("by-hand")) == Discrepancy(
        Kind.REFUND_UNKNOWN, None, None, None, "refund by-hand of Rp12000", "no such refund"
    )


PAID_OUT = PayoutRow("midtrans", f"{REFUND_ID}-1", "po-1", PayoutState.COMPLETED, PRICE_IDR, NOW)
COMPLETED = "payout po-1 of Rp12000, completed"
CAME_BACK = "payout po-1 of Rp12000, failed"


@pytest.mark.parametrize(
    ("row", "ours", "differs"),
    [
        pytest.param(PAID_OUT, confirmed_refund(), None, id="it agrees"),
        pytest.param(
            PAID_OUT,
            confirmed_refund(RefundState.SUBMITTED),
            (Kind.PAYOUT_UNKNOWN, COMPLETED, "its answer was lost"),
            id="its answer was lost",
        ),
        pytest.param(
            PAID_OUT,
            replace(confirmed_refund(RefundState.SUBMITTED), payout_reference="po-1"),
            None,
            id="it is known and will be checked",
        ),
        pytest.param(
            replace(PAID_OUT, state=PayoutState.FAILED),
            confirmed_refund(),
            (Kind.PAYOUT_CAME_BACK, CAME_BACK, "confirmed"),
            id="it came back",
        ),
        pytest.param(
            replace(PAID_OUT, amount_idr=1),
            confirmed_refund(),
            (Kind.AMOUNT_DIFFERS, "payout po-1 of Rp1, completed", "Rp12000"),
            id="of another amount",
        ),
        pytest.param(
            PAID_OUT,
            replace(confirmed_refund(), attempt=2),
            (Kind.PAID_OUT_TWICE, COMPLETED, "attempt 2, confirmed"),
            id="by an earlier attempt too",
        ),
        pytest.param(
            replace(PAID_OUT, state=PayoutState.FAILED),
            replace(confirmed_refund(), attempt=2),
            None,
            id="an earlier attempt that came back",
        ),
    ],
)
def test_a_payout_row_is_compared_with_its_refund(
    row: PayoutRow, ours: Refund, differs: tuple[Kind, str, str] | None
) -> None:
    wanted = [] if differs is None else [of_payment(*differs, refund_id=REFUND_ID)]
    assert list(judge_payout(row, ours)) == wanted


def test_a_payout_that_no_refund_requested_is_named_by_its_reference() -> None:
    assert list(judge_payout(PAID_OUT, None)) == [
        Discrepancy(Kind.PAYOUT_NOT_OURS, None, None, None, COMPLETED, "no such refund")
    ]


def of_order(kind: Kind, ours: str) -> Discrepancy:
    return Discrepancy(kind, ORDER_ID, PAYMENT_ID, None, "", ours)


def test_an_order_whose_money_and_emeterai_agree_has_no_discrepancy() -> None:
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


def test_an_unbalanced_ledger_is_described_by_its_amounts() -> None:
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
        (ChargeState.SETTLED, facts(confirmed_refund(RefundState.SUBMITTED)), True),
        (ChargeState.SETTLED, facts(confirmed_refund()), False),
        (ChargeState.SETTLED, facts(replace(confirmed_refund(), claim=CLAIM)), True),
        (ChargeState.REFUNDED, facts(confirmed_refund()), True),
        (ChargeState.REFUNDED, facts(confirmed_refund(RefundState.SUBMITTED)), True),
        (ChargeState.REFUNDED, facts(confirmed_refund(RefundState.DUE)), False),
        (ChargeState.REFUNDED, facts(), False),
        (ChargeState.REVERSED, facts(), False),
        (ChargeState.REVERSED, KNOWS_OF_ITS_REVERSAL, True),
        (ChargeState.REVERSED, None, True),
        (ChargeState.DENIED, None, True),
        (ChargeState.SETTLED, None, False),
        (ChargeState.PENDING, facts(), False),
    ],
)
def test_a_row_that_agrees_needs_no_request_and_any_doubt_needs_one(
    state: ChargeState, ours: OrderFacts | None, *, clear: bool
) -> None:
    assert agrees(replace(ROW, state=state), ours) == clear


def test_a_row_of_another_amount_or_of_a_payment_that_pays_nothing_is_a_doubt() -> None:
    ours = facts()
    assert not agrees(ROW, replace(ours, payments=[]))
    assert not agrees(replace(ROW, amount_idr=1), ours)
    assert not agrees(ROW, replace(ours, order=replace(ours.order, payment_id="midtrans#tx-2")))
