"""The account's ledger."""

from pydantic import Field

from meterai.api.models import Answer
from meterai.domain.reconciliation.ledger import AccountLedger


class LedgerAnswer(Answer):
    """The account's ledger, computed anew from the stored records for each answer."""

    ledger: AccountLedger
    balanced: bool = Field(description="`differences` is empty")
