"""Read the books of an account: recomputed from the facts at this moment."""

from meterai.domain.id_derivation import IdDeriver
from meterai.domain.reconciliation.ledger import AccountLedger, close_ledger
from meterai.ports import Orders, Payments, Refunds, Serials
from meterai.steps.order_facts import Facts


def read_ledger(
    account: str,
    *,
    orders: Orders,
    payments: Payments,
    store: Serials,
    refunds: Refunds,
    id_deriver: IdDeriver,
) -> AccountLedger:
    """Over the account's newest orders (at most 100)."""
    facts = Facts(orders, payments, store, refunds, id_deriver)
    found = (facts.of(order_id) for order_id in orders.of_account(account))
    return close_ledger(one for one in found if one is not None)
