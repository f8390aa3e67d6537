"""Read an account's ledger: recomputed from the facts at this moment."""

from datetime import datetime
from typing import Protocol

from meterai.domain.operators import Operator, OperatorAction
from meterai.domain.reconciliation.ledger import AccountLedger, close_ledger
from meterai.steps.audited import AuditedPorts, record_action
from meterai.steps.order_facts import OrderFactsPorts, order_facts


class ReadLedgerPorts(OrderFactsPorts, Protocol):
    pass


class ReadAnyLedgerPorts(OrderFactsPorts, AuditedPorts, Protocol):
    pass


def read_ledger(account: str, ports: ReadLedgerPorts) -> AccountLedger:
    """Over the account's newest orders (at most 100)."""
    order_ids = ports.orders.of_account(account)
    found = (order_facts(order_id, ports) for order_id in order_ids)
    return close_ledger(one for one in found if one is not None)


def read_any_ledger(
    account: str, operator: Operator, reason: str, ports: ReadAnyLedgerPorts, now: datetime
) -> AccountLedger:
    """Any account's, for an operator who says why."""
    record_action(operator, OperatorAction.READ_LEDGER, account, reason, ports, now)
    return read_ledger(account, ports)
