"""Stamp a document: claim, get, draw and sign, put, finish. Five calls for one e-meterai.

Where the file is to be augmented further (`steps/augment.py`), finishing leaves a timer for that.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.errors import DocumentMissing, DocumentRefused
from meterai.domain.notifications.notifications import document_stamped
from meterai.domain.stamping.augmentation import SignatureLevel, timer_until_augmented
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, VoidReason
from meterai.ports import Documents, Lanes, Repairer, Serials, Stamper
from meterai.ports.notifications import Notifications

logger = logging.getLogger(__name__)


class VoidedButStored(Exception):
    """A stamped file exists for e-meterai that are void: the rule for voiding was broken."""


class StampPorts(Protocol):
    """`claim_duration` is longer than a worker can run."""

    @property
    def serials(self) -> Serials: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def repairer(self) -> Repairer: ...
    @property
    def stamper(self) -> Stamper: ...
    @property
    def lanes(self) -> Lanes: ...
    @property
    def notifications(self) -> Notifications: ...
    @property
    def claim_duration(self) -> timedelta: ...


def stamp(serials: Sequence[Serial], ports: StampPorts, now: datetime) -> None:
    """Stamps the document of these e-meterai once, however often the message is delivered.

    A refused document frees the e-meterai and records why. Raises Unavailable, SignatureMismatch:
    the message is delivered again.
    """
    # 1. Claimed by this worker alone; nothing to do if another has it, or it is done. Without a
    #    certificate to sign with, nothing is claimed, fetched or repaired in vain.
    ports.stamper.check_certificate(now)
    emeterai = ports.serials.claim(serials, now, now + ports.claim_duration)
    if not emeterai:
        return
    first = emeterai[0]
    try:
        # 2. The document, with the hash that was declared, or what a repair makes of it.
        document = _document(first, ports)
        # 3. Drawn and signed in memory: one signature for each e-meterai, each checked.
        stamped = ports.stamper.stamp(document, emeterai, now)
    except (DocumentRefused, DocumentMissing) as refusal:
        _give_up(emeterai, refusal.code, ports, now)
        return
    # 4. Stored once; if an earlier worker stored one, that one counts.
    output = ports.documents.put_stamped(emeterai, stamped.content)
    # 5. Done: no claim, and no timer unless the file is to be augmented further.
    is_ours = output == Output.of(stamped.content)
    _finish(emeterai, output, stamped.level if is_ours else SignatureLevel.B_B, ports, now)


def _document(first: EMeterai, ports: StampPorts) -> bytes:
    if not first.repaired:
        return ports.documents.get(first.account, first.document)
    return ports.repairer(first.account, ports.documents.locate(first.account, first.document))


def _finish(
    emeterai: Sequence[EMeterai],
    output: Output,
    reached: SignatureLevel,
    ports: StampPorts,
    now: datetime,
) -> None:
    first = emeterai[0]
    timer = timer_until_augmented(first.level, reached, now)
    if not ports.serials.finish(emeterai, output, now, timer):
        raise VoidedButStored(first.stamping)
    logger.info("stamped", extra={"stamping_id": first.stamping, "count": len(emeterai)})
    # 6. Augmented at once, unless no timestamp server answers: then the timer does it later.
    if timer is not None and reached is not SignatureLevel.B_B:
        ports.lanes.augment(first.stamping, first.account)
    # 7. Its owner is told, if they asked for it.
    if first.notify:
        ports.notifications.tell(document_stamped(first))


def _give_up(emeterai: Sequence[EMeterai], code: str, ports: StampPorts, now: datetime) -> None:
    """Freed, unless an earlier worker had stored the stamped file before it ended."""
    first = emeterai[0]
    output = ports.documents.stamped_output(first)
    if output is not None:
        _finish(emeterai, output, SignatureLevel.B_B, ports, now)
        return
    # pragma: no mutate start, compared for no claim only
    ports.serials.void(emeterai, VoidReason.DOCUMENT_REFUSED, now, code=code)
    # pragma: no mutate end
    logger.info("document refused", extra={"stamping_id": first.stamping, "code": code})
