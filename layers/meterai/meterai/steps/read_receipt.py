"""Read a deadline receipt: that a document was accepted for stamping, and when. For a day, every
request gets the same receipt."""

import logging
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import MeteraiError, NotFound, OrderNotPaid, ReceiptExpired, Unavailable
from meterai.domain.id_derivation import IdDeriver
from meterai.domain.orders.orders import OrderState
from meterai.domain.stamping.receipts import KEPT, key_for, receipt_of
from meterai.domain.stamping.serials import typed_serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.ports import Orders, ReceiptKeys, ReceiptSigner, Serials

logger = logging.getLogger(__name__)


class SignReceiptPorts(Protocol):
    @property
    def receipt_keys(self) -> ReceiptKeys: ...
    @property
    def receipt_signer(self) -> ReceiptSigner: ...
    @property
    def id_deriver(self) -> IdDeriver: ...


class ReadReceiptPorts(SignReceiptPorts, Protocol):
    @property
    def orders(self) -> Orders: ...
    @property
    def serials(self) -> Serials: ...


def read_receipt(account: str, stamping_id: str, ports: ReadReceiptPorts, now: datetime) -> str:
    """Raises NotFound, OrderNotPaid, ReceiptExpired."""
    # 1. It is recorded, and paid: before that nothing was accepted.
    serial = typed_serial(stamping_id)
    first = ports.serials.get(serial) if serial else None  # pragma: no mutate: same answer
    if first is None or first.account != account or first.stamping != serial:
        raise NotFound
    order = ports.orders.get(first.order_id)
    if order is None or order.paid_at is None:
        # pragma: no mutate start, for types only
        state = OrderState.PENDING if order is None else order.state
        # pragma: no mutate end
        raise OrderNotPaid(order_id=first.order_id, state=state.value)
    # 2. Signed with the key of its hour.
    return sign_receipt(first, order.paid_at, ports, now)


def receipt_on_acceptance(first: EMeterai, ports: SignReceiptPorts, now: datetime) -> str | None:
    """Of a stamping that was recorded just now, if it is paid. None where it cannot be signed now:
    that delays no stamping, and it may be read later."""
    if first.lane_begins is None:
        return None
    try:
        return sign_receipt(first, first.lane_begins, ports, now)
    except MeteraiError as error:
        logger.warning("no receipt", extra={"code": error.code})
        return None


def sign_receipt(first: EMeterai, paid_at: datetime, ports: SignReceiptPorts, now: datetime) -> str:
    """Of a recorded stamping. Raises ReceiptExpired; Unavailable while its hour has no key."""
    receipt = receipt_of(first, paid_at, ports.id_deriver)
    key = key_for(ports.receipt_keys.held(), receipt.accepted_at)
    if key is not None:
        return ports.receipt_signer.signed(receipt, key)
    if receipt.accepted_at + KEPT <= now:  # pragma: no mutate: either way is right
        raise ReceiptExpired(stamping_id=first.stamping)
    raise Unavailable(party="receipt keys")  # pragma: no mutate: no client sees it
