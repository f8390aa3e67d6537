"""Sign the report of a verification, for a portal to file away. It never delays the answer."""

import logging
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import MeteraiError
from meterai.domain.stamping.receipts import key_for
from meterai.domain.stamping.reports import report_of
from meterai.domain.stamping.verdicts import VerificationResult
from meterai.ports import ReceiptKeys, ReportSigner

logger = logging.getLogger(__name__)


class SignReportPorts(Protocol):
    @property
    def receipt_keys(self) -> ReceiptKeys: ...
    @property
    def report_signer(self) -> ReportSigner: ...


def sign_report(
    document: str, result: VerificationResult, ports: SignReportPorts, now: datetime
) -> str | None:
    """None where this hour's key is not at hand: the verdict stands without a report."""
    try:
        key = key_for(ports.receipt_keys.held(), now)
    except MeteraiError as error:
        logger.warning("no report", extra={"code": error.code})
        return None
    if key is None:
        logger.warning("no report", extra={"code": "no_key"})
        return None
    return ports.report_signer(report_of(document, result, now), key)
