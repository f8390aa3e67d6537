"""The kinds of discrepancies that a reconciliation finds, and the remedy of each.

Some are corrected automatically: the gateway's status is read, as after a webhook. The others
are left to an operator, who is told what to check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Payments, refunds and payouts that only one side has, or that the sides have differently."""

    UNKNOWN_PAYMENT = "unknown_payment"
    UNPLACED_PAYMENT = "unplaced_payment"
    REVERSED_AT_GATEWAY = "reversed_at_gateway"
    MISSING_AT_GATEWAY = "missing_at_gateway"
    AMOUNT_DIFFERS = "amount_differs"
    NOT_OURS = "not_ours"
    SETTLED_LATER = "settled_later"
    REFUND_UNKNOWN = "refund_unknown"
    REFUND_NOT_EXECUTED = "refund_not_executed"
    REFUND_UNCONFIRMED = "refund_unconfirmed"
    PAYOUT_NOT_OURS = "payout_not_ours"
    PAYOUT_UNKNOWN = "payout_unknown"
    PAYOUT_CAME_BACK = "payout_came_back"
    PAID_OUT_TWICE = "paid_out_twice"
    SERIAL_WITHOUT_PAYMENT = "serial_without_payment"
    SLOTS_DO_NOT_ADD_UP = "slots_do_not_add_up"
    BOOKS_DO_NOT_BALANCE = "books_do_not_balance"


class Resolver(StrEnum):
    """Who corrects it."""

    ASKING_THE_GATEWAY = "asking_the_gateway"  # the payments lane, as after a webhook
    ASKING_THE_REFUND = "asking_the_refund"  # the refunds lane, as by its timer
    A_PERSON = "a_person"
    ITSELF = "itself"  # nothing is wrong


@dataclass(frozen=True, slots=True)
class Remedy:
    by: Resolver
    says: str


REMEDIES: Mapping[Kind, Remedy] = {
    Kind.UNKNOWN_PAYMENT: Remedy(
        Resolver.ASKING_THE_GATEWAY,
        "A payment came without a webhook. Its status is read: it pays its order or is refunded.",
    ),
    Kind.UNPLACED_PAYMENT: Remedy(
        Resolver.ASKING_THE_GATEWAY,
        "The payment is stored, and neither pays its order nor is refunded. Its status is read.",
    ),
    Kind.REVERSED_AT_GATEWAY: Remedy(
        Resolver.ASKING_THE_GATEWAY,
        "The bank reversed it and no webhook said so. Its status is read: unused e-meterai are "
        "blocked.",
    ),
    Kind.MISSING_AT_GATEWAY: Remedy(
        Resolver.A_PERSON,
        "We have a payment that the gateway does not know. Compare its server key and address with "
        "the parameters, then ask its support about this transaction.",
    ),
    Kind.AMOUNT_DIFFERS: Remedy(
        Resolver.A_PERSON,
        "The amounts of one transaction differ. Ask the gateway's support which is right; facts "
        "are not rewritten, so book the rest by hand.",
    ),
    Kind.NOT_OURS: Remedy(
        Resolver.A_PERSON,
        "Its charge names no order of ours: another shop with the same account, or another stack. "
        "See on the gateway's pages who was paid, and refund it there.",
    ),
    Kind.SETTLED_LATER: Remedy(
        Resolver.ITSELF,
        "The gateway lists it under another day. No action is needed.",
    ),
    Kind.REFUND_UNKNOWN: Remedy(
        Resolver.A_PERSON,
        "The gateway made a refund that we did not request: a person did so on its pages. Find "
        "out who, and book it by hand.",
    ),
    Kind.REFUND_NOT_EXECUTED: Remedy(
        Resolver.A_PERSON,
        "We call a refund confirmed, and the gateway does not list it as done. Ask its support; if "
        "the buyer has nothing, pay it out by hand.",
    ),
    Kind.REFUND_UNCONFIRMED: Remedy(
        Resolver.ASKING_THE_REFUND,
        "The bank has confirmed it and no webhook said so. The refund's status is read.",
    ),
    Kind.PAYOUT_NOT_OURS: Remedy(
        Resolver.A_PERSON,
        "Money was paid out that no refund of ours requested. Find out at once on the gateway's "
        "pages who did it: it may be theft.",
    ),
    Kind.PAYOUT_UNKNOWN: Remedy(
        Resolver.ASKING_THE_REFUND,
        "Money was paid out for a refund, and the response was lost. The payout is looked up by "
        "its key.",
    ),
    Kind.PAYOUT_CAME_BACK: Remedy(
        Resolver.ASKING_THE_REFUND,
        "A bank returned a payout. Its state is read, and the claim is opened again.",
    ),
    Kind.PAID_OUT_TWICE: Remedy(
        Resolver.A_PERSON,
        "An earlier attempt was paid out after all, as well as a later one. Stop the later one if "
        "it still waits; otherwise ask the buyer to return it.",
    ),
    Kind.SERIAL_WITHOUT_PAYMENT: Remedy(
        Resolver.A_PERSON,
        "E-meterai of an unpaid order are stamped. The duty is owed all the same: look at the "
        "stamping's log, and book the loss.",
    ),
    Kind.SLOTS_DO_NOT_ADD_UP: Remedy(
        Resolver.A_PERSON,
        "The e-meterai sold are not the sum of available, reserved, stamped, refunded and blocked. "
        "Read the order, its e-meterai and its refunds; restore the item that is wrong.",
    ),
    Kind.BOOKS_DO_NOT_BALANCE: Remedy(
        Resolver.A_PERSON,
        "The order's money does not add up: `GET /v1/ledger` says where. Read its payments and "
        "refunds; restore the item that is wrong.",
    ),
}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One, with both sides in plain words; `None` where there is no such thing."""

    kind: Kind
    order_id: str | None
    payment_id: str | None
    refund_id: str | None
    theirs: str
    ours: str

    @property
    def remedy(self) -> Remedy:
        return REMEDIES[self.kind]

    def is_open(self, *, is_last_check: bool) -> bool:
        """It waits for a person: it always did, or what was to put it right did not."""
        return self.remedy.by is Resolver.A_PERSON or (
            is_last_check and self.remedy.by is not Resolver.ITSELF
        )
