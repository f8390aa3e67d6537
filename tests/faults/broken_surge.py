"""What is done in a surge, broken on purpose: as `broken_steps.py`, for places and receipts."""

from datetime import datetime

from meterai.domain.errors import NotFound
from meterai.domain.identity import OrderId
from meterai.domain.receipts import hours_without_key
from meterai.domain.serials import Serial
from meterai.domain.waiting import WaitingPlace
from meterai.ports import ReceiptKeys, ReceiptSeal
from meterai.steps.read_receipt import Receipting, sign_receipt
from tests.fakes.waiting_room import MemoryWaitingRoom


def take_a_ticket_for_any_order(
    room: MemoryWaitingRoom, place: WaitingPlace, order_id: OrderId
) -> bool:
    del order_id
    return place.account in room.world.places


def accept_what_is_not_paid(account: str, stamping: Serial, needs: Receipting) -> str:
    first = needs.serials.get(stamping)
    if first is None or first.account != account:
        raise NotFound
    return sign_receipt(
        first,
        first.requested_at,
        keys=needs.keys,
        seal=needs.seal,
        identities=needs.identities,
        now=needs.now,
    )


def hold_a_key_before_it_is_vouched_for(keys: ReceiptKeys, seal: ReceiptSeal, now: datetime) -> int:
    held = keys.held()
    made = [seal.new_key(hour) for hour in hours_without_key(held, now)]
    keys.hold((*held, *made))
    keys.publish("root", seal.root())
    for key in made:
        keys.publish(key.key_id, seal.statement(key))
    return len(made)
