"""All that is recorded of one order: itself, its payments, its e-meterai, its refunds."""

from typing import Protocol

from meterai.domain.id_derivation import IdDeriver, OrderId
from meterai.domain.reconciliation.ledger import OrderFacts
from meterai.ports import Orders, Payments, Refunds, Serials


class OrderFactsPorts(Protocol):
    @property
    def orders(self) -> Orders: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def serials(self) -> Serials: ...
    @property
    def refunds(self) -> Refunds: ...
    @property
    def id_deriver(self) -> IdDeriver: ...


def order_facts(order_id: OrderId, ports: OrderFactsPorts) -> OrderFacts | None:
    """None: there is no such order. Read one after the other: if the order changes meanwhile, the
    parts may not fit together."""
    order = ports.orders.get(order_id)
    if order is None:
        return None
    payments = ports.payments.of_order(order_id)
    serials = [use.serial for _, use in order.taken()]
    refund_ids = [
        *order.refunds(),
        *(ports.id_deriver.automatic_refund_id(payment.payment_id) for payment in payments),
    ]
    found = (ports.refunds.get(refund_id) for refund_id in refund_ids)
    return OrderFacts(
        order=order,
        payments=payments,
        emeterai={one.serial: one for one in ports.serials.get_many(serials)},
        refunds={refund.refund_id: refund for refund in found if refund is not None},
    )
