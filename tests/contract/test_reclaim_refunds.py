"""After a restore: refunds that the gateway lists and the tables do not know.

The whole of it, with the gateway's simulator: tests/e2e/test_restored.py.
"""

from dataclasses import dataclass
from typing import cast
from unittest.mock import Mock

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.payments import ChargeState, ChargeStatus, RefundStatus
from meterai.domain.refunds.refunds import RefundState
from meterai.ports import Gateway
from meterai_cli.reclaim import Finding
from meterai_cli.reclaim_refunds import Books, reclaim_refunds
from tests.contract.backends import Backend, paid
from tests.contract.factories import NOW, a_refund, a_stamping, an_order


@dataclass
class Listing:
    """A gateway that lists refunds."""

    listed: tuple[RefundStatus, ...]

    def status(self, name: str) -> ChargeStatus:
        assert name == "tx-1", "the payment is asked about, by the gateway's own id"
        return ChargeStatus("charge", name, ChargeState.REFUNDED, 30_000, "IDR", NOW, self.listed)


def run(
    backend: Backend, order_id: str, *listed: RefundStatus, apply: bool = True
) -> list[Finding]:
    gateways = {"midtrans": cast("Gateway", Listing(listed))}
    books = Books(backend.orders, backend.payments, backend.refunds, gateways)
    return list(reclaim_refunds(OrderId(order_id), books, NOW, apply=apply))


def test_a_refund_takes_its_slots_again_under_the_key_that_the_gateway_has(
    backend: Backend,
) -> None:
    order = paid(backend)
    backend.serials.reserve(order, a_stamping(order, 0))
    lost = a_refund(order, [0, 1], "lost")
    listed = RefundStatus(f"{lost.refund_id}-2", 20_000, final=True)
    [would] = run(backend, order.order_id, listed, apply=False)
    assert (would.is_open, backend.refunds.get(lost.refund_id)) == (False, None)
    [found] = run(backend, order.order_id, listed)
    assert not found.is_open
    refund = backend.refunds.get(lost.refund_id)
    assert refund is not None
    assert (refund.slots, refund.gateway_key, refund.state) == (
        (1, 2),
        listed.refund_key,
        RefundState.DUE,
    )
    assert refund.timer is not None, "the sweep sends it to the lane, which asks the gateway"
    assert backend.orders.get(order.order_id).free_slots == ()  # type: ignore[union-attr]
    assert run(backend, order.order_id, listed) == []


@pytest.mark.parametrize("amount_idr", [15_000, 40_000, 0])
def test_an_amount_that_fits_no_free_slots_is_told(backend: Backend, amount_idr: int) -> None:
    order = paid(backend)
    key = f"{a_refund(order).refund_id}-1"
    [found] = run(backend, order.order_id, RefundStatus(key, amount_idr, final=True))
    assert found.is_open
    assert "fits no free slots" in found.says
    assert backend.orders.get(order.order_id) == order


def test_a_refund_that_was_made_without_us_is_left_to_reconciliation(backend: Backend) -> None:
    order = paid(backend)
    assert run(backend, order.order_id, RefundStatus("by hand", 10_000, final=True)) == []


def test_a_gateway_that_does_not_answer_is_told_and_nothing_is_written(backend: Backend) -> None:
    order = paid(backend)
    gateway = Mock(status=Mock(side_effect=Unavailable(party="midtrans", reason="TimeoutError")))
    books = Books(backend.orders, backend.payments, backend.refunds, {"midtrans": gateway})
    [found] = reclaim_refunds(order.order_id, books, NOW, apply=True)
    assert found.is_open
    assert "does not answer" in found.says
    assert backend.orders.get(order.order_id) == order


def test_an_order_that_is_not_known_to_be_paid_is_told(backend: Backend) -> None:
    pending = backend.orders.put_new(an_order())
    for order_id in (pending.order_id, "ord_UNKNOWN"):
        [found] = run(backend, order_id)
        assert found.is_open
        assert "not known to be paid" in found.says
