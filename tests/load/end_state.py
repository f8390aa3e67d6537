"""The end state: tables, stored files and the gateway's ledger.

It has the form of `tests/faults`, whose invariants check it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from meterai.aws.orders.order_items import order_from
from meterai.aws.orders.payments import _payment_from
from meterai.aws.orders.refund_items import refund_from
from meterai.aws.orders.serial_items import serial_from
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import ChargeState, Method, RefundStatus
from meterai.domain.refunds.refunds import MOVING
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import SerialState
from meterai.pdf.stamp_spec import FIELD_PREFIX
from tests.fakes.charges import Charge
from tests.fakes.in_memory_state import InMemoryState
from tests.faults.invariants import (
    WHEN_IDLE,
    findings_of,
    stamped_means_a_stored_file_with_a_listed_hash,
)
from tests.local.environment import Environment
from tests.midtrans.ledger import Transaction

V = TypeVar("V")

READERS = 8
STATES = {
    "pending": ChargeState.PENDING,
    "settlement": ChargeState.SETTLED,
    "partial_refund": ChargeState.REFUNDED,
    "refund": ChargeState.REFUNDED,
    "expire": ChargeState.EXPIRED,
    "cancel": ChargeState.CANCELLED,
    "deny": ChargeState.DENIED,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """The names of items that are not finished. Each has a timer."""

    orders: list[str]
    stampings: list[str]
    refunds: list[str]

    def __bool__(self) -> bool:
        return bool(self.orders or self.stampings or self.refunds)


@dataclass(frozen=True, slots=True)
class EndState:
    """`state.stamped`: each stored file. `state.charges`: the gateway's ledger, by transaction."""

    state: InMemoryState

    @property
    def waiting(self) -> Waiting:
        state = self.state
        known = {payment.payment_id for payment in state.payments.values()}
        unheard = {
            charge.charge_id.rpartition("-")[0]
            for charge in state.charges.values()
            if charge.settled_at is not None and f"midtrans#{charge.transaction_id}" not in known
        }
        return Waiting(
            orders=[
                str(name)
                for name, order in state.orders.items()
                if order.timer is not None
                and (order.state is OrderState.PENDING or name in unheard)
            ],
            stampings=[
                str(name)
                for name, one in state.serials.items()
                if one.state is SerialState.RESERVED and one.timer is not None
            ],
            refunds=[str(name) for name, refund in state.refunds.items() if refund.state in MOVING],
        )

    def wrong(self) -> list[str]:
        """The violations of the invariants."""
        state = self.state
        rules = [r for r in WHEN_IDLE if r is not stamped_means_a_stored_file_with_a_listed_hash]
        found = [wrong for rule in rules for wrong in findings_of(rule, state)]
        found += findings_of(_stamped_means_a_stored_file_with_its_field, state)
        found += findings_of(_nobody_has_a_second_stamp_of_one_letter, state)
        return found


def end_state(place: Environment) -> EndState:
    """Read everything. Only tests scan: the system scans no table."""
    account = place.account
    dynamodb = account.client("dynamodb")

    def shelf(table: str, read: Callable[[Any], V]) -> Iterator[V]:
        pages = dynamodb.get_paginator("scan").paginate(
            TableName=account.physical(table), ConsistentRead=True
        )
        return (read(item) for page in pages for item in page["Items"])

    state = InMemoryState()
    for order in shelf("OrdersTable", order_from):
        state.orders[order.order_id] = order
    for one in shelf("SerialsTable", serial_from):
        state.serials[one.serial] = one
    for refund in shelf("RefundsTable", refund_from):
        state.refunds[refund.refund_id] = refund
    for payment in shelf("PaymentsTable", _payment_from):
        state.payments[payment.order_id, payment.payment_id] = payment
    state.stamped.update(_files(place, "stamped/"))
    with place.gateway.ledger.lock:
        for transaction in place.gateway.ledger.all():
            state.charges[transaction.transaction_id] = _charge(transaction)
    return EndState(state)


def _files(place: Environment, prefix: str) -> dict[Serial, bytes]:
    s3, bucket = place.account.client("s3"), place.account.outputs["DocumentsBucketName"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [one["Key"] for page in pages for one in page.get("Contents", [])]

    def content(key: str) -> bytes:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    with ThreadPoolExecutor(READERS) as readers:
        contents = readers.map(content, keys)
    names = (Serial(key.rpartition("/")[2].removesuffix(".pdf")) for key in keys)
    return dict(zip(names, contents, strict=True))


def _charge(transaction: Transaction) -> Charge:
    return Charge(
        charge_id=transaction.order_id,
        transaction_id=transaction.transaction_id,
        amount_idr=transaction.amount_idr,
        method=Method.QRIS,
        expires_at=transaction.expires_at,
        state=STATES[transaction.state],
        settled_at=transaction.settled_at,
        refunds={
            one.refund_key: RefundStatus(
                one.refund_key, one.amount_idr, final=one.bank_confirmed_at is not None
            )
            for one in transaction.refunds
        },
    )


def _stamped_means_a_stored_file_with_its_field(state: InMemoryState) -> Iterator[str]:
    """Its hash is listed, and it has the signature field of the e-meterai."""
    for one in state.serials.values():
        if one.state is not SerialState.STAMPED:
            continue
        content = state.stamped.get(one.stamping, b"")
        if Output.of(content) not in one.outputs:
            yield f"{one.serial} is stamped, but its file is not stored"
        elif f"{FIELD_PREFIX}{one.serial}".encode() not in content:
            yield f"{one.serial} is stamped, but not on its file"


def _nobody_has_a_second_stamp_of_one_letter(state: InMemoryState) -> Iterator[str]:
    """Every buyer wanted one, however often they clicked."""
    stamped = Counter(
        (one.account, one.document)
        for one in state.serials.values()
        if one.state is SerialState.STAMPED
    )
    for (account, document), count in stamped.items():
        if count > 1:
            yield f"{account} has {count} stamps on {document[:8]}"
