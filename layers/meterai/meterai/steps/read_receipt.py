"""Read a receipt: that a document was accepted for stamping, and when. It is the same one however
often it is asked for, for a day."""

import logging
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.errors import MeteraiError, NotFound, OrderNotPaid, ReceiptOver, Unavailable
from meterai.domain.id_derivation import IdDeriver
from meterai.domain.orders.orders import OrderState
from meterai.domain.stamping.receipts import KEPT, key_for, receipt_of
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.ports import Orders, ReceiptKeys, ReceiptSigner, Serials

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadReceiptPorts:
    """What the step needs from outside."""

    orders: Orders
    serials: Serials
    keys: ReceiptKeys
    signer: ReceiptSigner
    id_deriver: IdDeriver
    now: datetime


def read_receipt(account: str, stamping: Serial, ports: ReadReceiptPorts) -> str:
    """Raises NotFound, OrderNotPaid, ReceiptOver."""
    # 1. It stands, and is paid: before that nothing was accepted.
    first = ports.serials.get(stamping)
    if first is None or first.account != account or first.stamping != stamping:
        raise NotFound
    order = ports.orders.get(first.order_id)
    if order is None or order.paid_at is None:
        state = OrderState.PENDING if order is None else order.state
        raise OrderNotPaid(order_id=first.order_id, state=state.value)
    # 2. Signed with the key of its hour.
    return sign_receipt(
        first,
        order.paid_at,
        keys=ports.keys,
        signer=ports.signer,
        id_deriver=ports.id_deriver,
        now=ports.now,
    )


def receipt_on_acceptance(
    first: EMeterai,
    accepted_at: datetime,
    *,
    keys: ReceiptKeys,
    signer: ReceiptSigner,
    id_deriver: IdDeriver,
    now: datetime,
) -> str | None:
    """Of a stamping that was stored just now. None where it cannot be had: it holds no stamping up,
    and may be asked for later."""
    try:
        return sign_receipt(
            first, accepted_at, keys=keys, signer=signer, id_deriver=id_deriver, now=now
        )
    except MeteraiError as error:
        logger.warning("no receipt", extra={"code": error.code})
        return None


def sign_receipt(
    first: EMeterai,
    paid_at: datetime,
    *,
    keys: ReceiptKeys,
    signer: ReceiptSigner,
    id_deriver: IdDeriver,
    now: datetime,
) -> str:
    """Of a stamping that is stored. Raises ReceiptOver; Unavailable while its hour has no key."""
    receipt = receipt_of(first, paid_at, id_deriver)
    key = key_for(keys.held(), receipt.accepted_at)
    if key is not None:
        return signer.signed(receipt, key)
    if receipt.accepted_at + KEPT <= now:
        raise ReceiptOver(stamping_id=first.stamping)
    raise Unavailable(party="receipt keys")
