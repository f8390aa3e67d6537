"""Read a receipt key: what is needed to check a deadline receipt. Public, and never changed."""

from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.ports import ReceiptKeys


class ReadReceiptKeyPorts(Protocol):
    @property
    def receipt_keys(self) -> ReceiptKeys: ...


def read_receipt_key(key_id: str, ports: ReadReceiptKeyPorts) -> str:
    """The key's certified statement. Raises NotFound."""
    statement = ports.receipt_keys.statement(key_id)
    if statement is None:
        raise NotFound
    return statement
