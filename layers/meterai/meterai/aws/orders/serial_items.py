"""An e-meterai as a DynamoDB item: at most 1,024 bytes, complete in one read."""

from collections.abc import Sequence

from meterai.aws.tables.attributes import (
    Item,
    NewItem,
    Value,
    decimal,
    digest,
    hex_texts,
    maybe_text,
    maybe_time,
    maybe_whole,
    new_item,
    text,
    texts,
    time,
    whole,
)
from meterai.aws.tables.timer_attributes import timer_of, timer_values
from meterai.domain.id_derivation import OrderId
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState, VoidReason

# A letter for each finding's code, so that the item stays below 1,024 bytes. Items are read for
# years: a letter is never given to another code.
LETTERS = {
    "document_damaged": "D",
    "document_ambiguous": "T",
    "fields_not_drawn": "I",
    "form_is_xfa": "X",
    "over_portal_limit": "L",
    "version_below_1_6": "V",
    "page_not_a4": "A",
    "encryption_without_password": "E",
    "javascript": "J",
    "launch_action": "P",
    "embedded_files": "F",
    "fields_drawn_by_reader": "N",
    "hybrid_references": "H",
    "portfolio": "C",
    "reader_extended": "U",
    "opens_other_file": "G",
    "exchanges_form_data": "S",
    "rich_media": "M",
    "surprising_link": "W",
    "pictured_emeterai": "Q",
    "field_stays_empty": "K",
    "changed_emeterai": "R",
}
# How it was requested, as the bits of one number.
REQUESTED = "b"
BULK, BEFORE_PAYMENT, NOTIFY = 1, 2, 4
SHA256_BYTES, SIZE_BYTES = 32, 4
"""Of an output: its hash, then its size as a big-endian number. Outputs recorded before sizes were
have the hash alone, in items of version 1 as hex text."""
_CODES = {letter: code for code, letter in LETTERS.items()}


def serial_item(emeterai: EMeterai) -> NewItem:
    return new_item(serial_values(emeterai))


def serial_values(emeterai: EMeterai) -> dict[str, Value]:
    """By attribute; what is None is not in the item."""
    return {
        "serial": emeterai.serial,
        "serials": emeterai.serials,
        "state": emeterai.state,
        "order_id": emeterai.order_id,
        "slot": emeterai.slot,
        "account": emeterai.account,
        "document": bytes.fromhex(emeterai.document),
        "page": emeterai.placement.page,
        "x_pt": emeterai.placement.x_pt,
        "y_pt": emeterai.placement.y_pt,
        "side_pt": emeterai.placement.side_pt,
        "kind": emeterai.kind,
        "reason": emeterai.reason,
        "portal": emeterai.portal,
        "body_hash": emeterai.body_hash,
        "requested_at": emeterai.requested_at,
        **timer_values(emeterai.serial, emeterai.timer),
        "claimed_until": emeterai.claimed_until,
        "stamped_at": emeterai.stamped_at,
        "outputs": output_values(emeterai.outputs) or None,
        "level": None if emeterai.level is SignatureLevel.B_B else emeterai.level,
        "earlier": emeterai.earlier_stamps or None,
        "void_reason": emeterai.void_reason,
        "void_code": emeterai.void_code,
        REQUESTED: _requested(emeterai) or None,
        "found": "".join(LETTERS[code] for code in emeterai.findings) or None,
    }


def _requested(emeterai: EMeterai) -> int:
    return (
        BULK * emeterai.bulk | BEFORE_PAYMENT * emeterai.before_payment | NOTIFY * emeterai.notify
    )


def output_values(outputs: Sequence[Output]) -> tuple[bytes, ...]:
    """As they are stored; one whose size is unknown as it was read."""
    return tuple(
        bytes.fromhex(one.sha256)
        + (b"" if one.size_bytes is None else one.size_bytes.to_bytes(SIZE_BYTES, "big"))
        for one in outputs
    )


def _outputs_from(item: Item) -> tuple[Output, ...]:
    return tuple(_output_from(one) for one in hex_texts(item, "outputs"))


def _output_from(stored: str) -> Output:
    sha256, size = stored[: 2 * SHA256_BYTES], stored[2 * SHA256_BYTES :]
    return Output(sha256, int(size, 16) if size else None)


def serial_from(item: Item) -> EMeterai:
    """As it was stored; what is left out has its default."""
    void_reason = maybe_text(item, "void_reason")
    return EMeterai(
        serial=Serial(text(item, "serial")),
        serials=tuple(Serial(serial) for serial in texts(item, "serials")),
        state=SerialState(text(item, "state")),
        order_id=OrderId(text(item, "order_id")),
        slot=whole(item, "slot"),
        account=text(item, "account"),
        document=digest(item, "document"),
        placement=Placement(
            page=whole(item, "page"),
            x_pt=decimal(item, "x_pt"),
            y_pt=decimal(item, "y_pt"),
            side_pt=decimal(item, "side_pt"),
        ),
        kind=DocumentKind(text(item, "kind")),
        reason=text(item, "reason"),
        portal=maybe_text(item, "portal"),
        body_hash=text(item, "body_hash"),
        requested_at=time(item, "requested_at"),
        timer=timer_of(item),
        claimed_until=maybe_time(item, "claimed_until"),
        stamped_at=maybe_time(item, "stamped_at"),
        outputs=_outputs_from(item),
        level=SignatureLevel(maybe_text(item, "level") or SignatureLevel.B_B),
        earlier_stamps=whole(item, "earlier") if "earlier" in item else 0,
        void_reason=None if void_reason is None else VoidReason(void_reason),
        void_code=maybe_text(item, "void_code"),
        bulk=bool(maybe_whole(item, REQUESTED) & BULK),
        before_payment=bool(maybe_whole(item, REQUESTED) & BEFORE_PAYMENT),
        notify=bool(maybe_whole(item, REQUESTED) & NOTIFY),
        findings=tuple(_CODES[letter] for letter in maybe_text(item, "found") or ""),
    )
