"""Read the books of an account: recomputed from the facts at this moment."""

from collections.abc import Iterator

from meterai.domain.books import AccountBooks, OrderFacts, close_books
from meterai.domain.identity import Identities, RefundId
from meterai.domain.orders import Order
from meterai.domain.refunds import Refund
from meterai.ports import Orders, Payments, Refunds, Serials


def read_books(
    account: str,
    *,
    orders: Orders,
    payments: Payments,
    stock: Serials,
    refunds: Refunds,
    identities: Identities,
) -> AccountBooks:
    """Over the account's newest orders (at most 100)."""

    def facts() -> Iterator[OrderFacts]:
        for order_id in orders.of_account(account):
            order = orders.get(order_id)
            if order is not None:
                yield _facts_of(order)

    def _facts_of(order: Order) -> OrderFacts:
        paid = payments.of_order(order.order_id)
        serials = [use.serial for _, use in order.taken()]
        refund_ids = [
            *order.refunds(),
            *(identities.own_refund_id(payment.payment_id) for payment in paid),
        ]
        return OrderFacts(
            order=order,
            payments=paid,
            emeterai={one.serial: one for one in stock.get_many(serials)},
            refunds=_standing(refund_ids),
        )

    def _standing(refund_ids: list[RefundId]) -> dict[RefundId, Refund]:
        found = (refunds.get(refund_id) for refund_id in refund_ids)
        return {refund.refund_id: refund for refund in found if refund is not None}

    return close_books(facts())
