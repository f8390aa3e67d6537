"""Read the books of an account: recomputed from the facts at this moment."""

from meterai.domain.books import AccountBooks, close_books
from meterai.domain.identity import Identities
from meterai.ports import Orders, Payments, Refunds, Serials
from meterai.steps.order_facts import Facts


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
    facts = Facts(orders, payments, stock, refunds, identities)
    found = (facts.of(order_id) for order_id in orders.of_account(account))
    return close_books(one for one in found if one is not None)
