"""Lists of an account's own orders, stampings and refunds."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from meterai.api.models import Answer, Sha256
from meterai.api.orders import OrderAnswer
from meterai.api.refunds import RefundAnswer
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import OrderPlace
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, VoidReason

MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime.fromtimestamp(0, UTC)
CURSOR = r"^[0-9]{16}\.ord_[A-Z2-7]{26}$"

Next = Annotated[
    str | None, Field(description="Send it as `after` to get the next page; null: this is the last")
]


class OrderList(Answer):
    """Own orders, newest first. One that was made a second ago may be missing."""

    orders: list[OrderAnswer]
    next: Next


class StampingSummary(Answer):
    """A stamping; all that is known of it is at GET /v1/stampings/{stamping_id}."""

    stamping_id: Serial
    order_id: OrderId
    state: Literal["reserved", "stamped", "void"]
    serials: list[Serial]
    document: Sha256
    reason: str
    portal: str | None
    requested_at: datetime
    stamped_at: datetime | None
    void_reason: VoidReason | None
    void_code: str | None = Field(description="Why the document was refused: a problem's code")

    @classmethod
    def of(cls, first: EMeterai) -> "StampingSummary":
        return cls(
            stamping_id=first.stamping,
            order_id=first.order_id,
            state=first.state.value,
            serials=list(first.serials),
            document=first.document,
            reason=first.reason,
            portal=first.portal,
            requested_at=first.requested_at,
            stamped_at=first.stamped_at,
            void_reason=first.void_reason,
            void_code=first.void_code,
        )


class StampingList(Answer):
    """Own stampings, those of the newest order first. A page may be empty and not be the last."""

    stampings: list[StampingSummary]
    next: Next


class RefundList(Answer):
    """Own refunds, those of the newest order first. A page may be empty and not be the last."""

    refunds: list[RefundAnswer]
    next: Next


def cursor_of(place: OrderPlace | None) -> str | None:
    if place is None:
        return None
    return f"{(place.created_at - _EPOCH) // MICROSECOND:016}.{place.order_id}"


def place_at(cursor: str | None) -> OrderPlace | None:
    """`cursor` has the form of `CURSOR`."""
    if cursor is None:
        return None
    microseconds, _, order_id = cursor.partition(".")
    return OrderPlace(_EPOCH + int(microseconds) * MICROSECOND, OrderId(order_id))
