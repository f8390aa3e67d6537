"""Void a stamping: its e-meterai are never put on the document, and their slots are set free.

Only when no worker can be at it: unclaimed, or the claim has lapsed and no stamped file is stored.
If one is stored, the stamping is finished instead: a portal never gets a stamp whose money was
given back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.augmentation import SignatureLevel, timer_until_augmented
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.ports import Documents, Serials


class VoidStampingPorts(Protocol):
    @property
    def serials(self) -> Serials: ...
    @property
    def documents(self) -> Documents: ...


def void_stamping(
    serials: Sequence[Serial],
    reason: VoidReason,
    ports: VoidStampingPorts,
    now: datetime,
    *,
    refund: Refund | None = None,
) -> bool:
    """True: voided, now or before; with `refund`, now and with it. False: it is stamped, a worker
    holds it, or it was voided for another reason. Repeatable."""
    # 1. All of its e-meterai as they are.
    emeterai = ports.serials.get_many(serials)
    if not emeterai or emeterai[0].state is not SerialState.RESERVED:
        return bool(emeterai) and emeterai[0].state is SerialState.VOID and refund is None
    if any(one.is_claimed(now) for one in emeterai):
        return False
    # 2. A lapsed claim may have left a stamped file: then that file decides.
    if any(one.claimed_until for one in emeterai):
        output = ports.documents.stamped_output(emeterai[0])
        if output is not None:
            # pragma: no mutate start, B-B is no level
            timer = timer_until_augmented(emeterai[0].level, SignatureLevel.B_B, now)
            # pragma: no mutate end
            ports.serials.finish(emeterai, output, now, timer)
            return False
    # 3. Voided, unless another worker was faster.
    return ports.serials.void(emeterai, reason, now, refund=refund)
