"""Renew the receipt key: each hour has its own, made beforehand and certified once. And tell the
alarms how long the certificate of the stamps is still valid."""

import logging
from datetime import datetime
from typing import Protocol

from meterai.domain.metrics import Metric
from meterai.domain.stamping.receipts import hours_without_key, still_kept
from meterai.ports import Metrics, ReceiptKeys, ReceiptSigner, SigningCertificates

logger = logging.getLogger(__name__)


class RenewReceiptKeyPorts(Protocol):
    @property
    def receipt_keys(self) -> ReceiptKeys: ...
    @property
    def receipt_signer(self) -> ReceiptSigner: ...
    @property
    def signing_certificates(self) -> SigningCertificates: ...
    @property
    def metrics(self) -> Metrics: ...


def renew_receipt_key(ports: RenewReceiptKeyPorts, now: datetime) -> int:
    """How many keys were made. Repeatable; two concurrent runs make two keys for an hour, both
    certified."""
    # 1. What is missing, for this hour and the next.
    held = still_kept(ports.receipt_keys.held(), now)
    made = [ports.receipt_signer.new_key(hour) for hour in hours_without_key(held, now)]
    if made:
        # 2. Published before anything is signed with it, so that every receipt can be checked.
        ports.receipt_keys.publish("root", ports.receipt_signer.root())
        for key in made:
            ports.receipt_keys.publish(key.key_id, ports.receipt_signer.statement(key))
            logger.info("receipt key made", extra={"key_id": key.key_id})
        # 3. From now on receipts are signed with it; keys older than a day are dropped.
        ports.receipt_keys.hold((*held, *made))
    # 4. Last, so that receipts do not depend on it: a signing certificate takes weeks to renew.
    expires_at = ports.signing_certificates.expires_at()
    if expires_at is not None:
        ports.metrics.record(Metric.SIGNING_CERTIFICATE_DAYS, (expires_at - now).days)
    return len(made)
