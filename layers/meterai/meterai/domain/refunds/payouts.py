"""Money sent to a person's bank account, where the way it came cannot take it back."""

from dataclasses import dataclass, field
from enum import StrEnum


class PayoutState(StrEnum):
    """What a gateway says of one payout. Completed is not for ever: a bank may send it back."""

    QUEUED = "queued"
    PROCESSED = "processed"
    COMPLETED = "completed"
    FAILED = "failed"  # failed, rejected or sent back: the money is ours again


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The account that receives the money. Number and holder appear in no log and no trace."""

    bank: str
    number: str = field(repr=False)
    holder: str = field(repr=False)
