"""A refund as a DynamoDB item."""

from meterai.aws.tables.attributes import (
    Item,
    NewItem,
    Value,
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
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.refunds.refunds import Claim, Refund, RefundReason, RefundState


def refund_item(refund: Refund) -> NewItem:
    return new_item(refund_values(refund))


def refund_values(refund: Refund) -> dict[str, Value]:
    """By attribute; None is not stored. `told_at` is the stored name of `submitted_at`."""
    return {
        "refund_id": refund.refund_id,
        "account": refund.account,
        "order_id": refund.order_id,
        "payment_id": refund.payment_id,
        "charge_id": refund.charge_id,
        "amount_idr": refund.amount_idr,
        "slots": tuple(str(slot) for slot in refund.slots) or None,
        "reason": refund.reason,
        "state": refund.state,
        "body_hash": refund.body_hash,
        "created_at": refund.created_at,
        **timer_values(refund.refund_id, refund.timer),
        "confirmed_at": refund.confirmed_at,
        "attempt": refund.attempt,
        "told_at": refund.submitted_at,
        **_claim_values(refund.claim),
        "payout_reference": refund.payout_reference,
        "claim_tries": refund.claim_tries or None,
        "notify": 1 if refund.notify else None,
    }


def _claim_values(claim: Claim | None) -> dict[str, Value]:
    if claim is None:
        return dict.fromkeys(("claim_id", "claim_mark", "account_ciphertext"))
    return {
        "claim_id": claim.claim_id,
        "claim_mark": claim.body_mark,
        "account_ciphertext": claim.account_ciphertext,
    }


def _claim_from(item: Item) -> Claim | None:
    if "claim_id" not in item:
        return None
    return Claim(
        claim_id=text(item, "claim_id"),
        body_mark=text(item, "claim_mark"),
        account_ciphertext=maybe_text(item, "account_ciphertext"),
    )


def refund_from(item: Item) -> Refund:
    return Refund(
        refund_id=RefundId(text(item, "refund_id")),
        account=text(item, "account"),
        order_id=OrderId(text(item, "order_id")),
        payment_id=text(item, "payment_id"),
        charge_id=text(item, "charge_id"),
        amount_idr=whole(item, "amount_idr"),
        slots=tuple(int(slot) for slot in texts(item, "slots")),
        reason=RefundReason(text(item, "reason")),
        state=RefundState(text(item, "state")),
        body_hash=text(item, "body_hash"),
        created_at=time(item, "created_at"),
        timer=timer_of(item),
        confirmed_at=maybe_time(item, "confirmed_at"),
        attempt=whole(item, "attempt"),
        submitted_at=maybe_time(item, "told_at"),
        claim=_claim_from(item),
        payout_reference=maybe_text(item, "payout_reference"),
        claim_tries=maybe_whole(item, "claim_tries"),
        notify="notify" in item,
    )
