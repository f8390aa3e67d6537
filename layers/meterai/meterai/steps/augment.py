"""Augment a stamped file: extend it to its signature level, store that beside it, record its hash.

The stamped file stays what is handed out. Safe when it is repeated or interrupted anywhere: the
augmented file is stored once, and what is stored is recorded.
"""

import logging
from datetime import datetime
from typing import Protocol

from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import SerialState
from meterai.ports import Augmenter, Documents, Serials

logger = logging.getLogger(__name__)


class AugmentPorts(Protocol):
    @property
    def serials(self) -> Serials: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def augmenter(self) -> Augmenter: ...


def augment(serial: Serial, ports: AugmentPorts, now: datetime) -> None:
    """The stamping that this serial names. Raises Unavailable (a timestamp server, a revocation
    responder, AWS): the message is delivered again, and the timer stays."""
    # 1. Stamped, and still unfinished.
    first = ports.serials.get(serial)
    if first is None or first.state is not SerialState.STAMPED or first.timer is None:
        return
    # 2. The stamped file, with the hash on record.
    stamped = ports.documents.get_stamped(first)
    # 3. Augmented in memory, by appended revisions: the stamped file is a prefix of the result.
    augmented = ports.augmenter.augment(stamped, first.level, now)
    # 4. Stored once; if an earlier attempt stored one, that one counts.
    output = None if augmented == stamped else ports.documents.put_augmented(first, augmented)
    # 5. Recorded on each e-meterai of the document; no timer is left.
    emeterai = ports.serials.get_many(first.serials)
    if ports.serials.list_augmented(emeterai, output):
        logger.info("augmented", extra={"stamping_id": first.stamping, "level": first.level})
