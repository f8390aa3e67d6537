"""Every id is derived from the request that asks for the thing.

An id is an HMAC over (version, route, account, `Idempotency-Key`, index), each part length-prefixed
so that no two requests share bytes. A retry computes the same id and finds the same item: there is
no idempotency table, nothing expires and nothing is issued twice. The secret never rotates.
"""

import base64
import hmac
from dataclasses import dataclass
from typing import NewType

from meterai.domain.stamping.serials import Serial, serial_from_digest

OrderId = NewType("OrderId", str)
RefundId = NewType("RefundId", str)
ChargeId = NewType("ChargeId", str)

_VERSION = "1"


@dataclass(frozen=True, slots=True)
class RequestIdentity:
    """One request: a route, an account, an Idempotency-Key."""

    route: str
    account: str
    key: str


@dataclass(frozen=True, slots=True)
class IdDeriver:
    """Derives every id of the system from one secret."""

    secret: bytes

    def order_id(self, request_identity: RequestIdentity) -> OrderId:
        return OrderId("ord_" + self._text(_parts(request_identity, 0)))

    def serial(self, request_identity: RequestIdentity, index: int) -> Serial:
        return serial_from_digest(self._digest(_parts(request_identity, index)))

    def refund_id(self, request_identity: RequestIdentity) -> RefundId:
        return RefundId("rfd_" + self._text(_parts(request_identity, 0)))

    def automatic_refund_id(self, payment_id: str, slots: tuple[int, ...] = ()) -> RefundId:
        """The id of an automatic refund: one for each payment and set of slots, whatever the
        reason, so that two reasons to give the same money back lead to the same item."""
        parts = ("refund", payment_id, *(str(slot) for slot in slots))
        return RefundId("rfd_" + self._text(parts))

    def pseudonym(self, account: str) -> str:
        """The account's name in object keys: stable, and says nothing about the account."""
        return self._text(("pseudonym", account)).lower()

    def signature(self, purpose: str, *parts: str) -> str:
        """A keyed signature of 130 bits. Each purpose has a key of its own, derived from the
        secret, so that no signature serves another purpose, or is an id."""
        key = self._digest(("key of", purpose))
        # pragma: no mutate start, same as Python's default
        digest = hmac.digest(key, _message(parts), "sha256")
        # pragma: no mutate end
        # pragma: no mutate start, same as Python's default
        return base64.b32encode(digest).decode("ascii")[:26]
        # pragma: no mutate end

    def _text(self, parts: tuple[str, ...]) -> str:
        # pragma: no mutate start, same as Python's default
        return base64.b32encode(self._digest(parts)).decode("ascii")[:26]
        # pragma: no mutate end

    def _digest(self, parts: tuple[str, ...]) -> bytes:
        # pragma: no mutate start, same as Python's default
        return hmac.digest(self.secret, _message(parts), "sha256")
        # pragma: no mutate end


def _message(parts: tuple[str, ...]) -> bytes:
    return b"".join(
        len(encoded).to_bytes(4, "big") + encoded  # pragma: no mutate: same as Python's default
        for encoded in (part.encode() for part in (_VERSION, *parts))
    )


def _parts(request_identity: RequestIdentity, index: int) -> tuple[str, ...]:
    return (request_identity.route, request_identity.account, request_identity.key, str(index))


def charge_id(order_id: OrderId, attempt: int) -> ChargeId:
    """A gateway may not see an order's id twice, so each attempt to pay is its own charge."""
    return ChargeId(f"{order_id}-{attempt}")


def order_of_charge(charge: str) -> OrderId:
    """The order a charge belongs to; a name that no attempt ends is taken as it is."""
    return OrderId(charge.rsplit("-", 1)[0])  # pragma: no mutate: an id has one dash
