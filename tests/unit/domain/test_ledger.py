"""The ledger: every transaction sums to zero, and missing or doubled facts show."""

from dataclasses import replace

import pytest

from meterai.domain.id_derivation import ChargeId, OrderId, RefundId
from meterai.domain.orders.orders import OrderState, Refunded
from meterai.domain.reconciliation.ledger import (
    LedgerAccount,
    OrderFacts,
    Posting,
    close_ledger,
    transactions,
)
from meterai.domain.refunds.refunds import RefundState
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import SerialState
from tests.faults.broken_money import book_net_of_the_gateways_fee
from tests.unit.domain.facts import PAYMENT, PENDING, PRICE_IDR, busy_order, emeterai, refund, taken


def differences(facts: OrderFacts) -> tuple[str, ...]:
    return close_ledger([facts]).differences


def test_a_busy_order_is_accounted_for_to_the_last_rupiah() -> None:
    ledger = close_ledger([busy_order()])
    [order] = ledger.orders
    assert (order.available, order.reserved, order.stamped) == (1, 1, 1)
    assert (order.refunding, order.refunded, order.blocked) == (0, 1, 0)
    assert (order.captured_idr, order.refunds_payable_idr, order.refunded_idr) == (
        4 * PRICE_IDR,
        0,
        PRICE_IDR,
    )
    assert ledger.balances_idr == {
        LedgerAccount.GATEWAY_CLEARING: 3 * PRICE_IDR,
        LedgerAccount.GATEWAY_FEES: 0,
        LedgerAccount.UNUSED_EMETERAI: -2 * PRICE_IDR,
        LedgerAccount.DUTY_PAYABLE: -10_000,
        LedgerAccount.MARGIN: -2_000,
        LedgerAccount.REFUNDS_PAYABLE: 0,
        LedgerAccount.LOSSES: 0,
    }
    assert ledger.differences == ()


@pytest.mark.parametrize("state", [OrderState.PAID, OrderState.REVERSED])
def test_each_transaction_sums_to_zero(state: OrderState) -> None:
    facts = busy_order()
    posted = list(transactions(replace(facts, order=replace(facts.order, state=state))))
    assert all(one.is_balanced for one in posted)
    whats = ["payment", "stamp", "refund due", "refund confirmed"]
    assert [one.what for one in posted] == whats + ["reversal"] * (state is OrderState.REVERSED)


@pytest.mark.parametrize("state", [OrderState.PAID, OrderState.REVERSED])
def test_a_fee_that_the_buyer_bears_is_booked_apart(state: OrderState) -> None:
    """When the payment is reversed, the fee is our loss: the gateway keeps it."""
    plain = busy_order()
    order = replace(plain.order, state=state)
    without = close_ledger([replace(plain, order=order)])
    facts = replace(plain, order=order, payments=[replace(PAYMENT, fee_idr=71)])
    ledger = close_ledger([facts])
    assert ledger.differences == ()
    assert (ledger.orders[0].captured_idr, ledger.orders[0].fees_idr) == (4 * PRICE_IDR + 71, 71)
    changed = {
        account: ledger.balances_idr[account] - without.balances_idr[account]
        for account in LedgerAccount
        if ledger.balances_idr[account] != without.balances_idr[account]
    }
    assert changed == {
        LedgerAccount.GATEWAY_FEES: -71,
        LedgerAccount.GATEWAY_CLEARING if state is OrderState.PAID else LedgerAccount.LOSSES: 71,
    }


def test_a_stamp_turns_a_liability_into_duty_and_margin() -> None:
    [stamp] = [one for one in transactions(busy_order()) if one.what == "stamp"]
    assert stamp.postings == (
        Posting(LedgerAccount.UNUSED_EMETERAI, PRICE_IDR),
        Posting(LedgerAccount.DUTY_PAYABLE, -10_000),
        Posting(LedgerAccount.MARGIN, -2_000),
    )


def test_a_reversal_after_stamping_books_the_loss() -> None:
    facts = busy_order()
    facts = replace(facts, order=replace(facts.order, state=OrderState.REVERSED))
    ledger = close_ledger([facts])
    assert (ledger.orders[0].available, ledger.orders[0].blocked) == (0, 1)
    assert ledger.balances_idr[LedgerAccount.LOSSES] == 2 * PRICE_IDR
    assert ledger.balances_idr[LedgerAccount.UNUSED_EMETERAI] == 0
    assert ledger.differences == ()


def test_a_second_payment_is_owed_back_until_it_is_returned() -> None:
    facts = busy_order()
    second = replace(PAYMENT, payment_id="midtrans#tx-2", charge_id=ChargeId("ord_A-2"))
    back = refund("rfd_B", (), RefundState.SUBMITTED, second.amount_idr)
    both = replace(
        facts,
        payments=[PAYMENT, second],
        refunds={**facts.refunds, back.refund_id: back},
    )
    ledger = close_ledger([both])
    assert ledger.balances_idr[LedgerAccount.REFUNDS_PAYABLE] == -second.amount_idr
    assert ledger.orders[0].refunds_payable_idr == second.amount_idr
    assert ledger.differences == ()
    assert differences(replace(both, refunds=facts.refunds)) != ()


def test_money_for_an_expired_order_must_be_returned() -> None:
    expired = replace(PENDING, state=OrderState.EXPIRED)
    facts = OrderFacts(expired, [PAYMENT], {}, {})
    assert differences(facts) == ("ord_A expired: Rp48000 came, Rp0 goes back",)
    back = refund("rfd_B", (), RefundState.DUE, PAYMENT.amount_idr)
    assert differences(replace(facts, refunds={back.refund_id: back})) == ()
    assert differences(OrderFacts(expired, [], {}, {})) == ()


def without_its_payment(facts: OrderFacts) -> OrderFacts:
    return replace(facts, payments=[])


def with_its_payment_twice(facts: OrderFacts) -> OrderFacts:
    return replace(facts, payments=[PAYMENT, PAYMENT])


def without_an_emeterai(facts: OrderFacts) -> OrderFacts:
    return replace(facts, emeterai={k: v for k, v in facts.emeterai.items() if k != "S"})


def with_a_void_one_in_a_slot(facts: OrderFacts) -> OrderFacts:
    void = emeterai("R", 1, SerialState.VOID)
    return replace(facts, emeterai={**facts.emeterai, void.serial: void})


def with_a_serial_in_two_slots(facts: OrderFacts) -> OrderFacts:
    return replace(facts, order=replace(facts.order, slots={**facts.order.slots, 3: taken("S")}))


def without_its_refund(facts: OrderFacts) -> OrderFacts:
    return replace(facts, refunds={})


def with_a_refund_of_no_slot(facts: OrderFacts) -> OrderFacts:
    second = refund("rfd_B", (3,), RefundState.DUE, PRICE_IDR)
    return replace(facts, refunds={**facts.refunds, second.refund_id: second})


def with_a_slot_given_to_no_refund(facts: OrderFacts) -> OrderFacts:
    slots = {**facts.order.slots, 3: Refunded(RefundId("rfd_missing"))}
    return replace(facts, order=replace(facts.order, slots=slots))


def with_a_refund_of_too_much(facts: OrderFacts) -> OrderFacts:
    excessive = refund("rfd_A", (2,), RefundState.CONFIRMED, 5 * PRICE_IDR)
    return replace(facts, refunds={excessive.refund_id: excessive})


def with_a_stamp_that_no_slot_holds(facts: OrderFacts) -> OrderFacts:
    extra = emeterai("X", 3, SerialState.STAMPED)
    return replace(facts, emeterai={**facts.emeterai, Serial("X"): extra})


SPOILED = (
    without_its_payment,
    with_its_payment_twice,
    without_an_emeterai,
    with_a_void_one_in_a_slot,
    with_a_serial_in_two_slots,
    without_its_refund,
    with_a_refund_of_no_slot,
    with_a_slot_given_to_no_refund,
    with_a_refund_of_too_much,
    with_a_stamp_that_no_slot_holds,
)


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_a_missing_or_doubled_fact_shows(spoil: object) -> None:
    assert callable(spoil)
    assert differences(spoil(busy_order())) != ()


def test_an_empty_ledger_balances() -> None:
    ledger = close_ledger([])
    assert ledger.orders == ()
    assert set(ledger.balances_idr.values()) == {0}
    assert ledger.differences == ()


def test_each_transaction_names_its_cause() -> None:
    facts = busy_order()
    reversed_order = replace(facts.order, state=OrderState.REVERSED)
    posted = transactions(replace(facts, order=reversed_order))
    assert [(one.what, one.reference) for one in posted] == [
        ("payment", PAYMENT.payment_id),
        ("stamp", "S"),
        ("refund due", "rfd_A"),
        ("refund confirmed", "rfd_A"),
        ("reversal", facts.order.order_id),
    ]


def test_a_slot_whose_refund_is_missing_is_still_a_refund_in_progress() -> None:
    [order] = close_ledger([without_its_refund(busy_order())]).orders
    assert (order.refunding, order.refunded, order.stamped) == (1, 0, 1)


def test_differences_are_named_for_every_order_and_with_their_amounts() -> None:
    spoiled = with_a_stamp_that_no_slot_holds(busy_order())
    other = replace(spoiled, order=replace(spoiled.order, order_id=OrderId("ord_B")))
    assert close_ledger([spoiled, other]).differences == tuple(
        f"{name}: Rp24000 of unused_emeterai, Rp12000 in the ledger" for name in ("ord_A", "ord_B")
    )


def test_an_unbalanced_posting_is_named_by_its_transaction_and_in_total(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No transaction of the present code can be unbalanced; the ledger checks it anyway."""
    monkeypatch.setattr(
        "meterai.domain.reconciliation.ledger._transfer", book_net_of_the_gateways_fee
    )
    found = differences(busy_order())
    assert f"payment {PAYMENT.payment_id} is not zero-sum" in found
    assert "the ledger as a whole is not zero-sum" in found


def test_an_order_with_an_emeterai_too_few_says_how_many_were_sold() -> None:
    said = differences(without_an_emeterai(busy_order()))
    assert "ord_A: 4 e-meterai were sold, 3 are accounted for" in said
