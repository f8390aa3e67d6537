"""The invariants, which hold always or once the system is idle. README.md in this folder lists
them.

Each rule reads the whole state and yields a sentence for each violation.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from meterai.domain.id_derivation import ChargeId, order_of_charge
from meterai.domain.orders.orders import Order, OrderState, Refunded, Taken
from meterai.domain.orders.payments import ChargeState, Payment
from meterai.domain.reconciliation.ledger import OrderFacts, close_ledger
from meterai.domain.refunds.payouts import PayoutState
from meterai.domain.refunds.refunds import MOVING, Refund, RefundState, refund_of_gateway_key
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from tests.fakes.augmenter import PROOF
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.stamper import TIMESTAMP, serials_on

_DONE = (RefundState.CONFIRMED, RefundState.SUPERSEDED)
_TAKEN_BACK = (ChargeState.REVERSED, ChargeState.DENIED)
Rule = Callable[[InMemoryState], Iterator[str]]


def findings_of(rule: Callable[..., Iterator[str]], *of: object) -> Iterator[str]:
    """What a rule finds, each with the rule's name."""
    return (f"{rule.__name__.lstrip('_')}: {wrong}" for wrong in rule(*of))


def every_serial_is_of_one_order_on_one_document(state: InMemoryState) -> Iterator[str]:
    holders: dict[str, str] = {}
    for order in state.orders.values():
        for slot, taken in order.taken():
            where = f"{order.order_id}/{slot}"
            if taken.serial in holders:
                yield f"{taken.serial} is in {holders[taken.serial]} and in {where}"
            holders[taken.serial] = where
            one = state.serials.get(taken.serial)
            if one is None or f"{one.order_id}/{one.slot}" != where:
                yield f"{where} holds {taken.serial}, which belongs elsewhere"
            elif not one.document.startswith(taken.document_prefix):
                yield f"{taken.serial} is on two documents"
    for one in state.serials.values():
        held = one.serial in holders
        if held == (one.state is SerialState.VOID):
            yield f"{one.serial} is {one.state}, and {'in' if held else 'not in'} a slot"
        if one.state is not state.serials[one.stamping].state:
            yield f"{one.stamping} is half {one.state}"


def quantity_is_accounted_for(state: InMemoryState) -> Iterator[str]:
    """quantity = available + reserved + stamped + refunding + refunded + blocked."""
    for order in state.orders.values():
        for slot, use in order.slots.items():
            if not 0 <= slot < order.quantity:
                yield f"{order.order_id} has no slot {slot}"
            if isinstance(use, Refunded):
                refund = state.refunds.get(use.refund_id)
                if refund is None or slot not in refund.slots:
                    yield f"{order.order_id}/{slot} belongs to no refund"


def captured_money_is_accounted_for(state: InMemoryState) -> Iterator[str]:
    """A payment pays its order, is refunded whole, or is in suspense; nothing else is refunded."""
    for payment in state.payments.values():
        order = state.orders[payment.order_id]
        refunds = _refunds_of(payment, state)
        back_idr = sum(refund.amount_idr for refund in refunds)
        if order.payment_id == payment.payment_id:
            given = [s for s, use in order.slots.items() if isinstance(use, Refunded)]
            if back_idr != len(given) * order.unit_price_idr:
                yield f"{payment.payment_id}: Rp{back_idr} are refunded for {len(given)} slots"
            if payment.amount_idr != order.amount_idr:
                yield f"{payment.payment_id} paid {order.order_id} with Rp{payment.amount_idr}"
        elif refunds and back_idr != payment.amount_idr:
            yield f"{payment.payment_id}: of Rp{payment.amount_idr}, Rp{back_idr} are refunded"


def refunded_is_at_most_captured(state: InMemoryState) -> Iterator[str]:
    """The gateway refunded exactly what our refunds say, each of them once."""
    facts = {refund.gateway_key: refund.amount_idr for refund in state.refunds.values()}
    for charge in state.charges.values():
        listed_here = charge.refunds.values()
        if sum(one.amount_idr for one in listed_here) > (charge.amount_idr or 0):
            yield f"{charge.charge_id}: more was refunded than captured"
        yield from (
            f"the gateway refunded {one.refund_key}, which is no refund of ours"
            for one in listed_here
            if facts.get(one.refund_key) != one.amount_idr
        )
    listed = {one.refund_key: one for c in state.charges.values() for one in c.refunds.values()}
    for refund in state.refunds.values():
        at_bank = listed.get(refund.gateway_key)
        payout = state.payouts.get(refund.payout_reference or "")
        by_bank = payout is not None or (at_bank is not None and at_bank.final)
        if refund.state is RefundState.CONFIRMED and not by_bank:
            yield f"{refund.refund_id} is confirmed, but not by the bank"


def money_is_returned_once(state: InMemoryState) -> Iterator[str]:
    """By the gateway, by a payout that did not bounce, or by the bank itself."""
    for refund in state.refunds.values():
        ways = [
            one.refund_key
            for charge in state.charges.values()
            for one in charge.refunds.values()
            if refund_of_gateway_key(one.refund_key) == refund.refund_id
        ]
        ways += [
            payout.reference
            for payout in state.payouts.values()
            if refund_of_gateway_key(payout.key) == refund.refund_id
            and payout.state is not PayoutState.FAILED
        ]
        ways += ["by the bank itself"] if refund.state is RefundState.SUPERSEDED else []
        if len(ways) > 1:
            yield f"{refund.refund_id} was returned {len(ways)} times: {ways}"


def no_account_is_kept_without_need(state: InMemoryState) -> Iterator[str]:
    """When idle: the account is deleted once its payout is final or was refused."""
    for refund in state.refunds.values():
        if refund.claim is not None and refund.claim.account_ciphertext is not None:
            yield f"{refund.refund_id} is {refund.state}, and its account is still kept"


def a_refund_is_of_its_payment(state: InMemoryState) -> Iterator[str]:
    """A refund goes to the account that paid, and its deadline is after its creation."""
    for refund in state.refunds.values():
        payment = state.payments.get((refund.order_id, refund.payment_id))
        owner = state.orders[refund.order_id].account
        if payment is None or (payment.charge_id, owner) != (refund.charge_id, refund.account):
            yield f"{refund.refund_id} is of {refund.account}, its payment is {payment}"
        if refund.timer is not None and refund.timer.deadline_at < refund.created_at:
            yield f"{refund.refund_id} is due before it was created, at {refund.timer.deadline_at}"


def stamped_means_a_stored_file_with_a_listed_hash(state: InMemoryState) -> Iterator[str]:
    for one in state.serials.values():
        content = state.stamped.get(one.stamping)
        if one.state is SerialState.STAMPED:
            found = content is not None and Output.of(content) in one.outputs
            if not found:
                yield f"{one.serial} is stamped, but its file is not stored"
            elif one.serial not in serials_on(content or b""):
                yield f"{one.serial} is stamped, but not on its file"


def no_file_bears_a_voided_serial(state: InMemoryState) -> Iterator[str]:
    for stamping in state.stamped:
        if state.serials[stamping].state is SerialState.VOID:
            yield f"a portal was notified of {stamping}, which is void"


def every_unfinished_item_has_a_timer(state: InMemoryState) -> Iterator[str]:
    for order in state.orders.values():
        if (order.timer is None) == (order.state is OrderState.PENDING):
            yield f"{order.order_id} is {order.state}, its timer is {order.timer}"
    for one in state.serials.values():
        waits = one.state is SerialState.RESERVED and one.serial == one.stamping
        if (one.timer is None) == waits and not _may_need_augmentation(one):
            yield f"{one.serial} is {one.state}, its timer is {one.timer}"
    for refund in state.refunds.values():
        holds_account = refund.claim is not None and refund.claim.account_ciphertext is not None
        if (refund.timer is None) == (refund.state not in _DONE or holds_account):
            yield f"{refund.refund_id} is {refund.state}, its timer is {refund.timer}"


def every_listed_hash_is_of_a_stored_file(state: InMemoryState) -> Iterator[str]:
    for one in state.serials.values():
        files = (state.stamped.get(one.stamping), state.augmented.get(one.stamping))
        stored = {Output.of(file) for file in files if file is not None}
        if not stored.issuperset(one.outputs):
            yield f"{one.serial} lists a file that is not stored"


def every_stamp_to_be_augmented_has_a_timer(state: InMemoryState) -> Iterator[str]:
    for one in state.serials.values():
        if _needs_augmentation(one, state) and one.serial == one.stamping and one.timer is None:
            yield f"{one.serial} is to be {one.level}, and nothing will check it again"


def every_stamp_has_its_signature_level(state: InMemoryState) -> Iterator[str]:
    """When idle, in a listed file of which the file as issued is a prefix."""
    for one in state.serials.values():
        if one.timer is not None or _needs_augmentation(one, state):
            yield f"{one.serial} has not reached its level, its timer is {one.timer}"
        augmented = state.augmented.get(one.stamping)
        if augmented is not None and not augmented.startswith(state.stamped[one.stamping]):
            yield f"the augmented file of {one.serial} is another file"


def _may_need_augmentation(one: EMeterai) -> bool:
    """It has not been checked yet whether the file has the requested level."""
    is_to_be_augmented = one.level is not SignatureLevel.B_B and one.state is SerialState.STAMPED
    return is_to_be_augmented and len(one.outputs) == 1


def _needs_augmentation(one: EMeterai, state: InMemoryState) -> bool:
    """None of its listed files has the requested level."""
    proof = TIMESTAMP if one.level is SignatureLevel.B_T else PROOF
    files = (state.stamped.get(one.stamping, b""), state.augmented.get(one.stamping, b""))
    listed = [f for f in files if Output.of(f) in one.outputs]
    return _may_need_augmentation(one) and not any(proof in file for file in listed)


def a_ticket_buys_one_order(state: InMemoryState) -> Iterator[str]:
    """While buying is paused, no account buys more orders than it has tickets. An order that the
    gateway refused to charge does not count."""
    if state.paused_since is None:
        return
    tickets = Counter(account for account, _ in state.tickets)
    charged = {order_of_charge(ChargeId(charge)) for charge in state.charges}
    orders = Counter(
        order.account
        for order in state.orders.values()
        if order.created_at >= state.paused_since and order.order_id in charged
    )
    for account, count in (orders - tickets).items():
        yield f"{account} bought {count} orders more than it has tickets"


def a_receipt_is_of_a_stored_and_paid_stamping(state: InMemoryState) -> Iterator[str]:
    """Its signature is checked when it is issued, in `tests/unit/steps/in_memory_app.py`."""
    for receipt in state.receipts:
        one = state.serials.get(receipt.stamping)
        if one is None or one.document != receipt.document:
            yield f"{receipt} is about no stored stamping"
        elif state.orders[one.order_id].paid_at is None:
            yield f"{receipt} is about an unpaid stamping"


def every_receipt_key_is_certified(state: InMemoryState) -> Iterator[str]:
    """A key signs nothing before its certificate is published."""
    for key in state.receipt_keys:
        if not {key.key_id, "root"} <= state.receipt_statements.keys():
            yield f"{key.key_id} is in use, and its statement is not published"


def every_paid_emeterai_is_stamped_available_or_refunded(state: InMemoryState) -> Iterator[str]:
    """When idle. A refund is confirmed, or waits for the buyer's account number."""
    for order in state.orders.values():
        if order.state is OrderState.PENDING:
            yield f"{order.order_id} is still pending"
        for slot, use in order.slots.items():
            if isinstance(use, Taken) and state.serials[use.serial].state is SerialState.RESERVED:
                yield f"{order.order_id}/{slot} is still reserved"
    for refund in state.refunds.values():
        if refund.state in MOVING:
            yield f"{refund.refund_id} is still {refund.state}"
    known = {payment.payment_id for payment in state.payments.values()}
    for charge in state.charges.values():
        holds = charge.settled_at is not None and charge.state not in _TAKEN_BACK
        if holds and f"midtrans#{charge.transaction_id}" not in known:
            yield f"{charge.charge_id} was paid, and no payment is stored"
    for payment in state.payments.values():
        pays = state.orders[payment.order_id].payment_id == payment.payment_id
        if not pays and not _refunds_of(payment, state):
            yield f"{payment.payment_id} bought nothing and is not refunded"


def an_ordered_draft_has_its_stampings(state: InMemoryState) -> Iterator[str]:
    """Of its order, one for each document: so its payment is all that is missing."""
    for draft in state.drafts.values():
        for document in draft.documents if draft.order_id else ():
            one = state.serials.get(document.stamping or Serial(""))
            if one is None or (one.order_id, one.document) != (draft.order_id, document.sha256):
                yield f"{draft.draft_id} is ordered by {draft.order_id}, and {document} is not"


def a_draft_is_stamped_once(state: InMemoryState) -> Iterator[str]:
    """When idle."""
    stamped = Counter(
        (one.account, one.document)
        for one in state.serials.values()
        if one.state is SerialState.STAMPED
    )
    for draft in state.drafts.values():
        for document in draft.documents:
            if (times := stamped[draft.account, document.sha256]) > 1:
                yield f"{document} of {draft.draft_id} was stamped {times} times"


def the_ledger_balances(state: InMemoryState) -> Iterator[str]:
    yield from close_ledger(_facts(order, state) for order in state.orders.values()).differences


def _facts(order: Order, state: InMemoryState) -> OrderFacts:
    payments = [p for p in state.payments.values() if p.order_id == order.order_id]
    return OrderFacts(
        order=order,
        payments=payments,
        emeterai={taken.serial: state.serials[taken.serial] for _, taken in order.taken()},
        refunds={
            refund.refund_id: refund
            for payment in payments
            for refund in _refunds_of(payment, state)
        },
    )


def _refunds_of(payment: Payment, state: InMemoryState) -> list[Refund]:
    return [one for one in state.refunds.values() if one.payment_id == payment.payment_id]


ALWAYS: tuple[Rule, ...] = (
    every_serial_is_of_one_order_on_one_document,
    quantity_is_accounted_for,
    captured_money_is_accounted_for,
    refunded_is_at_most_captured,
    a_refund_is_of_its_payment,
    money_is_returned_once,
    stamped_means_a_stored_file_with_a_listed_hash,
    no_file_bears_a_voided_serial,
    every_unfinished_item_has_a_timer,
    every_stamp_to_be_augmented_has_a_timer,
    every_listed_hash_is_of_a_stored_file,
    a_ticket_buys_one_order,
    a_receipt_is_of_a_stored_and_paid_stamping,
    every_receipt_key_is_certified,
    an_ordered_draft_has_its_stampings,
)
WHEN_IDLE: tuple[Rule, ...] = (
    *ALWAYS,
    every_paid_emeterai_is_stamped_available_or_refunded,
    every_stamp_has_its_signature_level,
    no_account_is_kept_without_need,
    a_draft_is_stamped_once,
    the_ledger_balances,
)
