"""Take a place in the waiting room, or find the one that is held: whoever comes again, with another
phone or after closing the page, stands where he stood."""

from datetime import datetime

from meterai.domain.waiting.admission_control import Admission
from meterai.domain.waiting.tickets import QueueTicket, whole_milliseconds
from meterai.ports import WaitingRoom


def join_waiting_room(
    account: str, admission: Admission, *, room: WaitingRoom, now: datetime
) -> QueueTicket:
    """The account's one place, while buying is paused. Repeatable for ever: who holds one whose
    time is not over, and bought nothing with it, keeps it."""
    return room.take(QueueTicket(account, whole_milliseconds(now)), admission.over)
