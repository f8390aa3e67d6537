"""Read an account's ledger: recomputed from the facts at this moment."""

from collections.abc import Collection
from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.domain.reconciliation.ledger import AccountLedger, close_ledger
from meterai.steps.order_facts import OrderFactsPorts, order_facts

OPERATOR_SCOPE = "meterai/operator"


class ReadLedgerPorts(OrderFactsPorts, Protocol):
    pass


def read_ledger(
    account: str, ports: ReadLedgerPorts, *, of: str | None = None, scopes: Collection[str] = ()
) -> AccountLedger:
    """Over an account's newest orders (at most 100): the caller's own, or, for an operator, the one
    `of` names. Raises NotFound."""
    if of not in (None, account) and OPERATOR_SCOPE not in scopes:
        raise NotFound
    order_ids = ports.orders.of_account(of or account)
    found = (order_facts(order_id, ports) for order_id in order_ids)
    return close_ledger(one for one in found if one is not None)
