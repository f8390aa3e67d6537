"""What may become of the e-meterai of one stamping, one change at a time.

Each function answers the e-meterai after the change, or None where it does not permit the change
as it is. Which state follows which is decided by `TRANSITIONS`. Storage applies the same functions,
on the condition that the item is still as it was read.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from meterai.domain.orders.orders import DOCUMENT_PREFIX, Taken
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.outputs import Output, is_listed
from meterai.domain.stamping.stampings import TRANSITIONS, EMeterai, SerialState, VoidReason
from meterai.domain.timers import Timer


def slots_of_stamping(emeterai: Sequence[EMeterai]) -> dict[int, Taken]:
    """The slots that a whole stamping holds in its order. Raises ValueError for a part of one."""
    if {one.serial for one in emeterai} != set(emeterai[0].serials):
        raise ValueError("a stamping is reserved and voided as a whole")
    return {
        one.slot: Taken(one.serial, one.stamping, one.document[:DOCUMENT_PREFIX], one.bulk)
        for one in emeterai
    }


def check_refund_is_of(emeterai: Sequence[EMeterai], refund: Refund | None) -> None:
    """Raises ValueError where the refund is of other slots."""
    if refund is not None and set(refund.slots) != {one.slot for one in emeterai}:
        raise ValueError("the refund is not of the slots that are voided")


def claimed(emeterai: EMeterai, now: datetime, until: datetime) -> EMeterai | None:
    """Held by one worker. Not after its deadline: from then on its money goes back."""
    is_overdue = emeterai.timer is not None and emeterai.timer.deadline_at <= now
    if emeterai.state is not SerialState.RESERVED or emeterai.is_claimed(now) or is_overdue:
        return None
    return replace(emeterai, claimed_until=until)


def stamped(
    emeterai: EMeterai, output: Output, at: datetime, timer: Timer | None = None
) -> EMeterai | None:
    """On this file. `timer`: of a stamping that is still to be augmented; its
    first e-meterai has it."""
    if SerialState.STAMPED not in TRANSITIONS[emeterai.state]:
        return None
    return replace(
        emeterai,
        state=SerialState.STAMPED,
        stamped_at=at,
        outputs=(output,),
        timer=timer if emeterai.serial == emeterai.stamping else None,
        claimed_until=None,
    )


def augmented(emeterai: EMeterai, output: Output | None) -> EMeterai | None:
    """With the augmented file beside the stamped one; None: there was nothing to add. Either way
    no timer is left."""
    if emeterai.state is not SerialState.STAMPED:
        return None
    added = () if output is None else (output,)
    return replace(emeterai, outputs=(*emeterai.outputs, *added), timer=None)


def voided(
    emeterai: EMeterai, reason: VoidReason, now: datetime, code: str | None = None
) -> EMeterai | None:
    """Never to be stamped. Only while no worker holds it, or, with the `code` of a refused
    document, by the worker that holds it."""
    if SerialState.VOID not in TRANSITIONS[emeterai.state]:
        return None
    if code is None and emeterai.is_claimed(now):
        return None
    return replace(
        emeterai,
        state=SerialState.VOID,
        void_reason=reason,
        void_code=code,
        timer=None,
        claimed_until=None,
    )


def is_stamped_already(emeterai: EMeterai, output: Output) -> bool:
    """An earlier try finished it with the same file."""
    return is_listed(output.sha256, emeterai.outputs)


def is_augmented_already(emeterai: EMeterai, output: Output | None) -> bool:
    return emeterai.timer is None and (output is None or is_listed(output.sha256, emeterai.outputs))


def is_voided_already(emeterai: EMeterai, reason: VoidReason, code: str | None) -> bool:
    done = (SerialState.VOID, reason, code)
    return (emeterai.state, emeterai.void_reason, emeterai.void_code) == done
