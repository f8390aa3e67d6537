"""Every new item has its schema version, and items of version 1 are still read and changed.

`version_1_items.json` holds one item of each table as the adapters wrote it before there was a
version: without `v`, with SHA-256 values as hex text.
"""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from meterai.aws.tables.attributes import Item
from meterai.domain.notifications.consents import Consent
from meterai.domain.orders.orders import OrderState, Taken
from meterai.domain.refunds.refunds import Claim
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.waiting.deadlines import Deadline
from meterai.domain.waiting.tickets import QueueTicket
from tests.contract.backends import AwsBackend, pseudonym
from tests.contract.factories import (
    DOCUMENT,
    MINUTE,
    NOW,
    OUTPUT,
    QRIS,
    a_payment,
    a_refund,
    a_stamping,
    an_order,
)
from tests.contract.test_drafts import a_draft
from tests.contract.test_load_metrics import SECOND, a_sample, a_snapshot

ITEMS: dict[str, Item] = json.loads(
    (Path(__file__).parent / "version_1_items.json").read_text("utf-8")
)
AUGMENTED = Output("e" * 64, 200_000)
WITHOUT_SIZE = Output(OUTPUT.sha256, None)
STAMPED: EMeterai = replace(
    a_stamping(an_order(), 0, level=SignatureLevel.B_LT)[0],
    state=SerialState.STAMPED,
    outputs=(WITHOUT_SIZE,),
    stamped_at=NOW,
)
ORDER = replace(
    an_order(),
    instruction=QRIS,
    slots={0: Taken(STAMPED.serial, STAMPED.serial, DOCUMENT[:8])},
)
REFUND = a_refund(an_order(), (1,), claim=Claim("claim", "mark", "sealed"))
DEADLINE = Deadline("sscasn", NOW + timedelta(days=7), honours_receipts=True, reported_at=NOW)


def put(backend: AwsBackend, table: str, name: str, **changes: Any) -> None:
    backend.clients.dynamodb.put_item(TableName=table, Item={**ITEMS[name], **changes})


def versions(backend: AwsBackend, table: str) -> list[str | None]:
    items = backend.clients.dynamodb.scan(TableName=table)["Items"]
    return [item["v"]["N"] if "v" in item else None for item in items]


def test_no_item_of_version_1_has_a_version() -> None:
    assert not any("v" in item for item in ITEMS.values())


def test_every_new_item_has_version_2(moto_backend: AwsBackend) -> None:
    backend, order = moto_backend, an_order()
    backend.orders.put_new(order)
    backend.serials.reserve(order, a_stamping(order, 0))
    backend.payments.put_with_refund(a_payment(order), a_refund(order, ()))
    backend.waiting_room.take(QueueTicket("someone", NOW), NOW - MINUTE)
    backend.load_metrics.put_sample(a_sample())
    backend.load_metrics.put_snapshot(a_snapshot())
    backend.portal_deadlines.put(DEADLINE)
    backend.drafts.put_new(a_draft())
    backend.consents.put("pseudonym", Consent("id", NOW))
    assert {table: set(versions(backend, table)) for table in backend.tables.all()} == {
        table: {"2"} for table in backend.tables.all()
    }


def test_a_new_serial_holds_digests_as_32_bytes_and_sizes_as_4(moto_backend: AwsBackend) -> None:
    backend = moto_backend
    order = backend.orders.put_new(an_order())
    emeterai = a_stamping(order, 0)
    backend.serials.reserve(order, emeterai)
    backend.serials.finish(emeterai, OUTPUT, NOW)
    (item,) = backend.clients.dynamodb.scan(TableName=backend.tables.serials)["Items"]
    assert item["document"] == {"B": bytes.fromhex(DOCUMENT)}
    output = bytes.fromhex(OUTPUT.sha256) + b"\x01\x31\x2c\xff"
    assert item["outputs"] == {"L": [{"B": output}]}


def test_an_output_without_a_size_is_read_and_the_next_has_one(moto_backend: AwsBackend) -> None:
    """As outputs were recorded before their size was."""
    backend = moto_backend
    hash_alone: Any = {"L": [{"B": bytes.fromhex(OUTPUT.sha256)}]}
    put(backend, backend.tables.serials, "serial", outputs=hash_alone, v={"N": "2"})
    assert backend.serials.get(STAMPED.serial) == STAMPED
    assert backend.serials.finish([STAMPED], OUTPUT, NOW), "the same file counts as listed"
    assert backend.serials.list_augmented([STAMPED], AUGMENTED)
    augmented = replace(STAMPED, outputs=(WITHOUT_SIZE, AUGMENTED), timer=None)
    assert backend.serials.get(STAMPED.serial) == augmented


def test_an_order_of_version_1_is_read_and_paid(moto_backend: AwsBackend) -> None:
    put(moto_backend, moto_backend.tables.orders, "order")
    assert moto_backend.orders.get(ORDER.order_id) == ORDER
    paid = moto_backend.orders.mark_paid(ORDER, a_payment(ORDER))
    assert paid is not None
    assert (paid.state, paid.slots) == (OrderState.PAID, ORDER.slots)


def test_a_payment_of_version_1_is_read(moto_backend: AwsBackend) -> None:
    payment = a_payment(an_order())
    put(moto_backend, moto_backend.tables.payments, "payment")
    assert moto_backend.payments.get(payment.order_id, payment.payment_id) == payment


def test_a_refund_of_version_1_is_read(moto_backend: AwsBackend) -> None:
    put(moto_backend, moto_backend.tables.refunds, "refund")
    assert moto_backend.refunds.get(REFUND.refund_id) == REFUND


def test_an_emeterai_of_version_1_is_read_and_augmented(moto_backend: AwsBackend) -> None:
    """Its document hash stays hex text; the list of its outputs becomes bytes."""
    backend = moto_backend
    put(backend, backend.tables.serials, "serial")
    assert backend.serials.get(STAMPED.serial) == STAMPED
    assert backend.serials.list_augmented([STAMPED], AUGMENTED)
    augmented = replace(STAMPED, outputs=(WITHOUT_SIZE, AUGMENTED), timer=None)
    assert backend.serials.get(STAMPED.serial) == augmented
    assert backend.serials.list_augmented([STAMPED], AUGMENTED)
    assert not backend.serials.list_augmented([STAMPED], Output("f" * 64, 1))
    assert versions(backend, backend.tables.serials) == [None]


def test_a_ticket_of_version_1_is_read_and_used(moto_backend: AwsBackend) -> None:
    room = moto_backend.waiting_room
    put(
        moto_backend,
        moto_backend.tables.waiting_room,
        "ticket",
        account={"S": pseudonym("someone")},
    )
    ticket = QueueTicket("someone", NOW)
    assert room.take(QueueTicket("someone", NOW + MINUTE), NOW - MINUTE) == ticket
    assert room.use(ticket, ORDER.order_id)


def test_a_sample_and_a_snapshot_of_version_1_are_read(moto_backend: AwsBackend) -> None:
    put(moto_backend, moto_backend.tables.load_status, "sample")
    put(moto_backend, moto_backend.tables.load_status, "snapshot")
    assert list(moto_backend.load_metrics.samples(NOW, NOW + SECOND)) == [a_sample()]
    assert moto_backend.load_metrics.snapshot() == a_snapshot()


def test_a_portal_deadline_of_version_1_is_read(moto_backend: AwsBackend) -> None:
    put(moto_backend, moto_backend.tables.portals, "portal_deadline")
    assert list(moto_backend.portal_deadlines.all()) == [DEADLINE]
