"""All that is written of one order: itself, its payments, its e-meterai, its refunds."""

from dataclasses import dataclass

from meterai.domain.id_derivation import IdDeriver, OrderId
from meterai.domain.orders.orders import Order
from meterai.domain.reconciliation.ledger import OrderFacts
from meterai.ports import Orders, Payments, Refunds, Serials


@dataclass(frozen=True, slots=True)
class Facts:
    """Where they stand."""

    orders: Orders
    payments: Payments
    serials: Serials
    refunds: Refunds
    id_deriver: IdDeriver

    def of(self, order_id: OrderId) -> OrderFacts | None:
        """Read one after the other: of an order that moves meanwhile they may not fit together."""
        order = self.orders.get(order_id)
        return None if order is None else self._of(order)

    def _of(self, order: Order) -> OrderFacts:
        payments = self.payments.of_order(order.order_id)
        serials = [use.serial for _, use in order.taken()]
        refund_ids = [
            *order.refunds(),
            *(self.id_deriver.automatic_refund_id(payment.payment_id) for payment in payments),
        ]
        found = (self.refunds.get(refund_id) for refund_id in refund_ids)
        return OrderFacts(
            order=order,
            payments=payments,
            emeterai={one.serial: one for one in self.serials.get_many(serials)},
            refunds={refund.refund_id: refund for refund in found if refund is not None},
        )
