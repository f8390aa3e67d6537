"""What the steps need from outside: one small Protocol for each thing.

Every `put` and `mark` is one conditional write and may be repeated: it answers whether the world is
now as asked, and by whom it was made so. All reads are consistent unless the name says otherwise.
Every method may raise `Unavailable`: nothing was concluded, do it again later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from meterai.domain.clocks import Clock
from meterai.domain.examination import Examination, Preview
from meterai.domain.identity import OrderId, RefundId
from meterai.domain.orders import Order
from meterai.domain.payments import (
    ChargeStatus,
    Instruction,
    Method,
    Notice,
    Payment,
    RefundOutcome,
)
from meterai.domain.payouts import BankAccount, PayoutState
from meterai.domain.preservation import SignatureLevel
from meterai.domain.refunds import Refund
from meterai.domain.serials import Serial
from meterai.domain.stampings import EMeterai, VoidReason
from meterai.domain.verdicts import StampFinding
from meterai.domain.wishes import PlacementWish


class Orders(Protocol):
    def put_new(self, order: Order) -> Order:
        """Stores it, or answers the one that already stands under its id."""
        ...

    def get(self, order_id: OrderId) -> Order | None: ...

    def of_account(self, account: str) -> Sequence[OrderId]:
        """Newest first, at most 100. From an index: the last second may be missing."""
        ...

    def next_attempt(self, order: Order) -> Order | None:
        """A fresh charge id for a pending order; None if another attempt, or how to pay this one,
        was recorded meanwhile."""
        ...

    def store_instruction(self, order: Order, instruction: Instruction) -> Order:
        """For this attempt of a pending order. Answers the order as it now stands: another
        attempt, or the payment itself, may have been faster."""
        ...

    def mark_paid(self, order_id: OrderId, payment: Payment) -> Order | None:
        """pending -> paid, clock removed. Answers the order as it now stands, None if not pending
        (unless it was this very payment that paid it)."""
        ...

    def mark_expired(self, order_id: OrderId) -> bool:
        """pending -> expired, clock removed."""
        ...

    def mark_reversed(self, order_id: OrderId) -> Order | None:
        """paid -> reversed. Answers the order as it now stands, None if it was neither."""
        ...


class Payments(Protocol):
    def put(self, payment: Payment) -> None:
        """Writes the fact, once."""
        ...

    def put_with_refund(self, payment: Payment, refund: Refund) -> None:
        """Money that must go back: the fact and its refund, each once, and the refund listed in
        its order, in one transaction; where the fact stands already, what is missing."""
        ...

    def get(self, order_id: OrderId, payment_id: str) -> Payment | None: ...

    def of_order(self, order_id: OrderId) -> Sequence[Payment]: ...


@dataclass(frozen=True, slots=True)
class Reserved:
    """The slots were taken and the e-meterai written, now or by an earlier try."""

    emeterai: tuple[EMeterai, ...]


@dataclass(frozen=True, slots=True)
class OrderMoved:
    """The order is no longer as it was read: read it again and decide again."""


class Serials(Protocol):
    def reserve(self, order: Order, emeterai: Sequence[EMeterai]) -> Reserved | OrderMoved:
        """Takes the slots of `order`, in the state it was read, and writes the e-meterai: one
        transaction. If the first serial stands already, answers it alone, as it stands."""
        ...

    def get(self, serial: Serial) -> EMeterai | None: ...

    def get_many(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        """In the order asked for; unknown ones are left out."""
        ...

    def claim(
        self, serials: Sequence[Serial], now: datetime, until: datetime
    ) -> tuple[EMeterai, ...]:
        """Takes all of them for one worker until then, if all are reserved and none is claimed.
        Answers them, or nothing."""
        ...

    def finish(
        self,
        emeterai: Sequence[EMeterai],
        output: str,
        at: datetime,
        clock: Clock | None = None,
    ) -> bool:
        """reserved -> stamped with the output's SHA-256; claims removed, and the clock, or set to
        `clock` where the file is still to be raised. True also if they are so already; False if
        one was voided."""
        ...

    def list_preserved(self, emeterai: Sequence[EMeterai], output: str | None) -> bool:
        """The raised file's SHA-256 listed beside the stamped file's (None: that was all there is
        to do), clock removed. True also if it is so already."""
        ...

    def void(
        self,
        emeterai: Sequence[EMeterai],
        reason: VoidReason,
        now: datetime,
        *,
        code: str | None = None,
        refund: Refund | None = None,
    ) -> bool:
        """reserved -> void and the slots freed, or given to `refund`, which is written too: one
        transaction. Only as they were read: unclaimed, with a claim that lapsed by `now`, or, with
        `code` (the document was refused), by the worker whose claim they still bear."""
        ...


class Refunds(Protocol):
    def request(self, order: Order, refund: Refund) -> Refund | OrderMoved:
        """Gives the refund's slots of `order`, as it was read, to it and writes it: one
        transaction. Answers the one that stands under its id, if there is one."""
        ...

    def get(self, refund_id: RefundId) -> Refund | None: ...

    def advance(self, refund: Refund, then: Refund) -> Refund | None:
        """From the state and attempt as they were read to `then`. None if another was faster."""


class AccountSeal(Protocol):
    """Account numbers and names, encrypted for one refund."""

    def seal(self, refund_id: RefundId, account: BankAccount) -> str: ...

    def open(self, refund_id: RefundId, sealed: str) -> BankAccount:
        """Raises SealBroken where it was sealed for another refund, or is damaged."""


class Documents(Protocol):
    """Files, named by their account's pseudonym and their SHA-256."""

    def offer_upload(self, account: str, sha256: str, size_bytes: int) -> "UploadOffer": ...

    def get(self, account: str, sha256: str) -> bytes:
        """Raises DocumentMissing, DocumentTooLarge, DocumentHashMismatch."""
        ...

    def put_stamped(self, emeterai: EMeterai, content: bytes) -> str:
        """Stores once. Answers the SHA-256 of what is stored: of `content`, or, if an earlier
        worker was faster, of what it stored."""
        ...

    def stamped_hash(self, emeterai: EMeterai) -> str | None:
        """The SHA-256 of the stamped file, None if there is none."""
        ...

    def get_stamped(self, emeterai: EMeterai) -> bytes:
        """The stamped file. Raises DocumentMissing, DocumentHashMismatch (it is not the first of
        the outputs that are listed)."""
        ...

    def put_preserved(self, emeterai: EMeterai, content: bytes) -> str:
        """As `put_stamped`, for the raised file."""
        ...

    def download_url(self, emeterai: EMeterai) -> str:
        """A short-lived address of the stamped file."""
        ...

    def preserved_url(self, emeterai: EMeterai) -> str:
        """The same, of the raised file."""
        ...


@dataclass(frozen=True, slots=True)
class UploadOffer:
    """A presigned POST, pinned to one key, one hash and one size."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class Lanes(Protocol):
    """The queues. `account` is the fair-queue group: one cannot starve the others."""

    def notice(self, gateway: str, body: str) -> None: ...

    def look_at_order(self, order_id: OrderId, account: str) -> None: ...

    def stamp(self, serials: Sequence[Serial], account: str) -> None: ...

    def refund(self, refund_id: RefundId, account: str) -> None: ...

    def preserve(self, serial: Serial, account: str) -> None: ...

    def stamping_is_at_rest(self) -> bool:
        """Nothing waits in the stamping lane: what was sent has been taken or is lost."""
        ...


class Clocks(Protocol):
    """The alarm clocks of one kind of item."""

    def due(self, now: datetime) -> Iterable[str]:
        """Ids whose time has come, by the index: may be stale, look at the item itself."""
        ...

    def move(self, item_id: str, seen: datetime, to: datetime) -> bool:
        """Sets the clock on, if it still stands as it was seen."""
        ...


class Gateway(Protocol):
    """A payment gateway. Where `charge` may be asked about, the gateway's own transaction id of one
    of its payments does as well: it tells two payments of one charge apart."""

    name: str

    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """Raises ChargeExists where an earlier try took the id and its instruction is lost."""
        ...

    def status(self, charge: str) -> ChargeStatus | None:
        """None: it knows no such charge, which concludes nothing. Of several payments: the last."""

    def expire(self, charge_id: str) -> None:
        """Asks that no more money is taken for this charge; what came of it says `status`."""
        ...

    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        """The same key is the same refund."""


class Payouts(Protocol):
    """A payment gateway's other door: money to a bank account."""

    def pay_out(self, key: str, account: BankAccount, amount_idr: int, note: str) -> str:
        """Answers the gateway's reference. The same key is the same payout, for 24 hours.
        Raises PayoutRefused where it will never be made as asked (no such account or bank)."""

    def payout_state(self, reference: str) -> PayoutState | None:
        """None: it knows no such payout, which concludes nothing."""

    def holder_of(self, bank: str, number: str) -> str | None:
        """The account holder's name as the bank has it; None: the bank has no such account."""


class NoticeCheck(Protocol):
    def __call__(self, body: str, headers: Mapping[str, str]) -> Notice:
        """As `NoticeReader`, where it arrives: refused also where it is not the gateway's own."""


class NoticeReader(Protocol):
    def __call__(self, body: str) -> Notice:
        """What a checked notice is about. Raises NoticeRefused."""


class StampReader(Protocol):
    def __call__(self, document: bytes) -> Sequence[StampFinding]:
        """The stamp signatures of a file. Raises DocumentRefused where it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Stamped:
    """A stamped file, and the level that all its stamps have reached."""

    content: bytes
    level: SignatureLevel = SignatureLevel.B_B


class Stamper(Protocol):
    def stamp(self, document: bytes, emeterai: Sequence[EMeterai], at: datetime) -> Stamped:
        """Draws and signs: one signature of the key service for each e-meterai, each checked
        against the certificate. Where the e-meterai ask for a timestamp and no server gives one in
        a moment, goes on without. Raises DocumentRefused, SignatureMismatch."""
        ...


class Preserver(Protocol):
    def raised(self, stamped: bytes, level: SignatureLevel, at: datetime) -> bytes:
        """The file raised to the level by further revisions; as it is where it has the level.
        Raises Unavailable where a timestamp, or the proof of a certificate, cannot be had now."""
        ...


class Examine(Protocol):
    def __call__(
        self,
        document: bytes,
        wishes: Sequence[PlacementWish],
        *,
        allow_overlap: bool,
        repair: bool = False,
    ) -> Examination:
        """Where the stamps will stand, what they cover, and what a person should hear. The same
        document and wishes come to the same answer. A document that could be stamped after a repair
        is refused with `repairable` in the refusal's values; with `repair` it is looked at as it
        will be then, and the refusal is among the findings. Raises DocumentRefused where the
        stamper would, where a wish comes to no place (AnchorNotFound, FieldNotFound, NoFreeSpace,
        CanvasDiffers, StampSizeRefused), where two e-meterai would overlap (CoversStamp) and,
        unless it is allowed, where one would cover text (CoversText)."""
        ...


class Previewer(Protocol):
    def __call__(
        self, document: bytes, wishes: Sequence[PlacementWish], *, page: int | None, dpi: int
    ) -> Preview:
        """A page with its stamps drawn as the stamper draws them, and signed by nobody: by default
        the first stamp's page. Text may be covered. Raises DocumentRefused as `Examine` does."""
        ...
