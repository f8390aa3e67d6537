"""Read a stamping: its state, its place in the lane, and the stamped file once there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.domain.stamping.serials import typed_serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.waiting.load_snapshot import QueuePosition
from meterai.ports import Documents, Orders, Serials
from meterai.steps.queue_positions import StampingPositionPorts, stamping_position


class ReadStampingPorts(StampingPositionPorts, Protocol):
    @property
    def orders(self) -> Orders: ...
    @property
    def serials(self) -> Serials: ...
    @property
    def documents(self) -> Documents: ...


@dataclass(frozen=True, slots=True)
class StampingStatus:
    """The e-meterai of one document. The addresses are None until the file is there."""

    emeterai: Sequence[EMeterai]
    download_url: str | None
    augmented_url: str | None
    queue_position: QueuePosition | None


def read_stamping(
    account: str, stamping_id: str, ports: ReadStampingPorts, now: datetime
) -> StampingStatus:
    """Raises NotFound."""
    # 1. One of its e-meterai, which names the others.
    serial = typed_serial(stamping_id)
    found = ports.serials.get(serial) if serial else None  # pragma: no mutate: same answer
    if found is None or found.account != account:
        raise NotFound
    # pragma: no mutate start, same answer with one read more
    several = len(found.serials) > 1
    emeterai = ports.serials.get_many(found.serials) if several else (found,)
    # pragma: no mutate end
    # 2. The files that there are, and how long it still waits.
    is_stamped = found.state is SerialState.STAMPED
    return StampingStatus(
        emeterai,
        download_url=ports.documents.download_url(found) if is_stamped else None,
        augmented_url=ports.documents.augmented_url(found) if found.is_augmented else None,
        queue_position=_position(found, ports, now),
    )


def _position(found: EMeterai, ports: ReadStampingPorts, now: datetime) -> QueuePosition | None:
    """In its lane, until a worker takes it. What was requested before its payment was sent there
    when the payment became known."""
    if found.state is not SerialState.RESERVED or found.is_claimed(now):
        return None
    sent_at = found.lane_begins
    if sent_at is None:
        order = ports.orders.get(found.order_id)
        # pragma: no mutate start, for types only
        sent_at = (order.payment_known_at or order.paid_at) if order else None
        # pragma: no mutate end
    return stamping_position(found, sent_at, ports, now)
