"""Preserve a stamp: raise the stamped file to its level, store that beside it, list its hash.

It is stamped for everybody all the while: what is given out is the stamped file, and stays. Safe
when it comes twice or is cut off anywhere: the copy is stored once, and what is stored is listed.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import SerialState
from meterai.ports import Augmenter, Documents, Serials

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AugmentPorts:
    """What the step needs from outside."""

    serials: Serials
    documents: Documents
    augmenter: Augmenter
    now: datetime


def augment(serial: Serial, ports: AugmentPorts) -> None:
    """The stamping that this serial names. Raises Unavailable (a timestamp server, a responder, AWS
    itself): the message comes again, and its clock goes on."""
    # 1. Stamped, and still unfinished.
    first = ports.serials.get(serial)
    if first is None or first.state is not SerialState.STAMPED or first.timer is None:
        return
    # 2. The stamped file, with the hash that is listed.
    stamped = ports.documents.get_stamped(first)
    # 3. Augmented in memory, by further revisions: the stamped file stays a prefix.
    augmented = ports.augmenter.augment(stamped, first.level, ports.now)
    # 4. Stored once; if an earlier try got so far, what it stored is the truth.
    output = None if augmented == stamped else ports.documents.put_augmented(first, augmented)
    # 5. Listed on each e-meterai of the document; no clock.
    emeterai = ports.serials.get_many(first.serials)
    if ports.serials.list_augmented(emeterai, output):
        logger.info("preserved", extra={"stamping_id": first.stamping, "level": first.level})
