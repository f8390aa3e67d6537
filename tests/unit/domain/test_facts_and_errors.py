"""Values that appear in messages: those of an error and of a warning, and a payment's own name."""

from dataclasses import replace

import pytest

from meterai.domain.errors import AlreadyStamped, NoBalance
from meterai.domain.orders.payments import gateway_of, payment_id, transaction_of
from meterai.domain.stamping.preflight import remark
from tests.unit.domain.facts import DOCUMENT, PAID, taken


def test_an_error_shows_its_code_and_its_values_in_a_traceback_too() -> None:
    error = NoBalance(order_id="ord_A", available=0, wanted=1)
    assert error.values == {"order_id": "ord_A", "available": 0, "wanted": 1}
    assert str(error) == str(("no_balance", error.values))


def test_a_warning_has_the_values_it_is_about() -> None:
    assert remark("javascript", page=3).values == {"page": 3}


def test_a_payment_is_named_by_its_gateway_and_its_whole_transaction_id() -> None:
    assert transaction_of(payment_id("midtrans", "a#b")) == "a#b"
    assert gateway_of(payment_id("midtrans", "a#b")) == "midtrans"


def test_a_document_that_this_order_already_stamped_is_refused_with_its_name() -> None:
    order = replace(PAID, slots={0: taken("S")})
    with pytest.raises(AlreadyStamped) as refused:
        order.take_slots(1, DOCUMENT, allow_duplicate=False)
    assert refused.value.values == {"order_id": order.order_id}
