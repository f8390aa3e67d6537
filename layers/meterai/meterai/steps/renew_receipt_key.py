"""Renew the receipt key: each hour has one, made beforehand and vouched for once."""

import logging
from datetime import datetime

from meterai.domain.stamping.receipts import hours_without_key, still_kept
from meterai.ports import ReceiptKeys, ReceiptSigner

logger = logging.getLogger(__name__)


def renew_receipt_key(keys: ReceiptKeys, signer: ReceiptSigner, now: datetime) -> int:
    """How many were made. Repeatable; two at once make two keys for an hour, both vouched for."""
    # 1. What is lacking, of this hour and the next.
    held = still_kept(keys.held(), now)
    made = [signer.new_key(hour) for hour in hours_without_key(held, now)]
    if not made:
        return 0
    # 2. Whoever checks finds the key before anything is signed with it.
    keys.publish("root", signer.root())
    for key in made:
        keys.publish(key.key_id, signer.statement(key))
        logger.info("receipt key made", extra={"key_id": key.key_id})
    # 3. From now on receipts are signed with it; what is older than a day is forgotten.
    keys.hold((*held, *made))
    return len(made)
