"""Every id is derived from the request that asks for the thing.

An id is an HMAC over (version, route, account, `Idempotency-Key`, index), each part length-prefixed
so that no two requests share bytes. A retry computes the same id and finds the same item: there is
no idempotency table, nothing expires and nothing is issued twice. The secret never rotates.
"""

from dataclasses import dataclass
from typing import NewType

from meterai.domain.keyed_hash import keyed_digest, keyed_text, signature
from meterai.domain.stamping.serials import Serial, serial_from_digest

OrderId = NewType("OrderId", str)
RefundId = NewType("RefundId", str)
ChargeId = NewType("ChargeId", str)
DraftId = NewType("DraftId", str)


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

    def draft_id(self, request_identity: RequestIdentity) -> DraftId:
        return DraftId("drf_" + self._text(_parts(request_identity, 0)))

    def automatic_refund_id(self, payment_id: str, slots: tuple[int, ...] = ()) -> RefundId:
        """The id of an automatic refund: one for each payment and set of slots, whatever the
        reason, so that two reasons to give the same money back lead to the same item."""
        parts = ("refund", payment_id, *(str(slot) for slot in slots))
        return RefundId("rfd_" + self._text(parts))

    def pseudonym(self, account: str) -> str:
        """The account's name in object keys: stable, and says nothing about the account."""
        return self._text(("pseudonym", account)).lower()

    def signature(self, purpose: str, *parts: str) -> str:
        """Of what is stored and compared for good. What expires is signed by `token_keys`."""
        return signature(self.secret, purpose, parts)

    def _text(self, parts: tuple[str, ...]) -> str:
        return keyed_text(self.secret, parts)

    def _digest(self, parts: tuple[str, ...]) -> bytes:
        return keyed_digest(self.secret, parts)


def _parts(request_identity: RequestIdentity, index: int) -> tuple[str, ...]:
    return (request_identity.route, request_identity.account, request_identity.key, str(index))


def charge_id(order_id: OrderId, attempt: int) -> ChargeId:
    """A gateway may not see an order's id twice, so each attempt to pay is its own charge."""
    return ChargeId(f"{order_id}-{attempt}")


def order_of_charge(charge: str) -> OrderId:
    """The order a charge belongs to; a name that no attempt ends is taken as it is."""
    return OrderId(charge.rsplit("-", 1)[0])  # pragma: no mutate: an id has one dash
