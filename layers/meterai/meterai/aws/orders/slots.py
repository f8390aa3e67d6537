"""How the slots of an order are stored in its item: a map from slot number to one short text.

A slot of an e-meterai says `serial document-prefix first`, where `first` is the slot of the first
serial of its stamping (and a `b` behind it means bulk): 33 bytes in place of the 54 of a second
serial, so that an order with all of its slots taken and its QRIS text still fits in one write unit.
It holds because a stamping takes its slots, and gives them back, as a whole. A slot of a refund
says the refund's id.

A stamping that was voided leaves its slots; the order goes on to list the last of each slot, as
`void_0` and so on: no map, which orders of before would lack. An order has room for them, since
nothing is voided before the order is paid or closed, and then its QRIS text is gone.
"""

from collections.abc import Mapping, Sequence

from meterai.aws.tables.attributes import Item, Value, text
from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.orders import MAX_QUANTITY, Refunded, SlotUse, Taken
from meterai.domain.stamping.serials import Serial

_BULK = "b"


def slot_texts(slots: Mapping[int, SlotUse]) -> dict[int, str]:
    slot_of = {use.serial: slot for slot, use in slots.items() if isinstance(use, Taken)}
    return {
        slot: f"{use.serial} {use.document_prefix} {slot_of[use.stamping]}{_BULK * use.bulk}"
        if isinstance(use, Taken)
        else use.refund_id
        for slot, use in slots.items()
    }


def slots_of(item: Item) -> dict[int, SlotUse]:
    texts = {int(slot): use["S"].split(" ") for slot, use in item["slots"]["M"].items()}
    return {slot: _use(words, texts) for slot, words in sorted(texts.items())}


def voided_values(voided: Mapping[int, Serial]) -> dict[str, Value]:
    return {f"void_{slot}": serial for slot, serial in voided.items()}


def voided_of(item: Item) -> dict[int, Serial]:
    names = {slot: f"void_{slot}" for slot in range(MAX_QUANTITY)}
    return {slot: Serial(text(item, name)) for slot, name in names.items() if name in item}


def _use(words: Sequence[str], texts: Mapping[int, Sequence[str]]) -> SlotUse:
    if len(words) == 1:
        return Refunded(RefundId(words[0]))
    serial, prefix, first = words
    stamping = texts[int(first.removesuffix(_BULK))][0]
    return Taken(Serial(serial), Serial(stamping), prefix, bulk=first.endswith(_BULK))
