"""Operators: persons who may do what touches others, and the record of what each did."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OperatorAction(StrEnum):
    READ_LEDGER = "read_ledger"
    SET_DEADLINE = "set_deadline"
    TURN_BUYING = "turn_buying"
    INSTALL_CERTIFICATE = "install_certificate"
    REPLACE_TOKEN_KEYS = "replace_token_keys"  # noqa: S105 (an action, and no secret)


@dataclass(frozen=True, slots=True)
class Operator:
    """`operator_id` is what logs show; `name` is for the audit trail alone."""

    operator_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Who did what to whom, when and why. It is stored before the action: what could not be
    recorded is not done, and what is recorded may have failed."""

    operator: Operator
    action: OperatorAction
    target: str  # an account, a portal with its new deadline, a switch, a function
    reason: str
    at: datetime
