"""The account's books."""

from pydantic import Field

from meterai.api.models import Answer
from meterai.domain.reconciliation.ledger import AccountLedger


class LedgerAnswer(Answer):
    """The account's books, recomputed from the facts at this moment."""

    ledger: AccountLedger
    balanced: bool = Field(description="Nothing stands in `differences`")
