"""Seeded bugs in the waiting room and in receipts."""

from datetime import datetime

from meterai.domain.errors import NotFound
from meterai.domain.id_derivation import OrderId
from meterai.domain.stamping.receipts import hours_without_key
from meterai.domain.stamping.serials import Serial
from meterai.domain.waiting.tickets import QueueTicket
from meterai.steps.read_receipt import ReadReceiptPorts, sign_receipt
from meterai.steps.renew_receipt_key import RenewReceiptKeyPorts
from tests.fakes.waiting_room import MemoryWaitingRoom


def accept_a_ticket_for_any_order(
    room: MemoryWaitingRoom, place: QueueTicket, order_id: OrderId
) -> bool:
    del order_id
    return place.account in room.state.places


def accept_what_is_not_paid(
    account: str, stamping: Serial, ports: ReadReceiptPorts, now: datetime
) -> str:
    first = ports.serials.get(stamping)
    if first is None or first.account != account:
        raise NotFound
    return sign_receipt(first, first.requested_at, ports, now)


def use_a_key_before_it_is_certified(ports: RenewReceiptKeyPorts, now: datetime) -> int:
    keys, signer = ports.receipt_keys, ports.receipt_signer
    held = keys.held()
    made = [signer.new_key(hour) for hour in hours_without_key(held, now)]
    keys.hold((*held, *made))
    keys.publish("root", signer.root())
    for key in made:
        keys.publish(key.key_id, signer.statement(key))
    return len(made)
