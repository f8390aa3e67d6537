"""Void a stamping: its e-meterai are never put on the document, and their slots are set free.

Only when no worker can be at it: unclaimed, or the claim has lapsed and no stamped file is stored.
If one is stored, the stamping is finished instead: so a portal never hears of a stamp whose money
went back.
"""

from collections.abc import Sequence
from datetime import datetime

from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.augmentation import SignatureLevel, timer_until_augmented
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.ports import Documents, Serials


def void_stamping(
    serials: Sequence[Serial],
    reason: VoidReason,
    *,
    now: datetime,
    store: Serials,
    documents: Documents,
    refund: Refund | None = None,
) -> bool:
    """True: voided, now or before; with `refund`, now and with it. False: it is stamped, a worker
    holds it, or it was voided for another reason. Repeatable."""
    # 1. All of them as they stand.
    emeterai = store.get_many(serials)
    if not emeterai or emeterai[0].state is not SerialState.RESERVED:
        return bool(emeterai) and emeterai[0].state is SerialState.VOID and refund is None
    if any(one.is_claimed(now) for one in emeterai):
        return False
    # 2. A lapsed claim may have left a stamped file: then that is the truth.
    if any(one.claimed_until for one in emeterai):
        output = documents.stamped_hash(emeterai[0])
        if output is not None:
            timer = timer_until_augmented(emeterai[0].level, SignatureLevel.B_B, now)
            store.finish(emeterai, output, now, timer)
            return False
    # 3. Voided, if nobody was faster.
    return store.void(emeterai, reason, now, refund=refund)
