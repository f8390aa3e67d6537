"""The keys of deadline receipts, and what they sign."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from meterai.domain.stamping.receipts import Receipt, ReceiptKey
from meterai.domain.stamping.reports import Report


class ReceiptKeys(Protocol):
    def held(self) -> Sequence[ReceiptKey]:
        """The keys of the last day, and of the coming hour. What was held a moment ago may be
        answered."""
        ...

    def hold(self, keys: Sequence[ReceiptKey]) -> None:
        """In place of those that are held."""

    def publish(self, key_id: str, statement: str) -> None:
        """The statement about a key, for everybody and for good. The root key is called `root`."""

    def statement(self, key_id: str) -> str | None:
        """What was published about it; None: nothing."""
        ...


class SigningCertificates(Protocol):
    """The certificate that stamps are signed with."""

    def expires_at(self) -> datetime | None:
        """As it was seconds ago at most. None: none is installed. Raises Unavailable."""
        ...


class ReceiptSigner(Protocol):
    def root(self) -> str:
        """The public half of the root key, for those who verify; to be known beforehand."""
        ...

    def new_key(self, hour: datetime) -> ReceiptKey:
        """Never the same twice."""
        ...

    def statement(self, key: ReceiptKey) -> str:
        """That this key signs the receipts of its hour, by the root key for receipts: one
        Sign of the key service."""
        ...

    def signed(self, receipt: Receipt, key: ReceiptKey) -> str:
        """The receipt as text, to be checked by anybody. No call; the same for ever."""
        ...


class ReportSigner(Protocol):
    def __call__(self, report: Report, key: ReceiptKey) -> str:
        """The report as text, to be checked by anybody as receipts are. No call."""
        ...
