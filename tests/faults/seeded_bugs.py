"""Which code each seeded bug replaces, and which invariant has to find it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import (
    broken_drafts,
    broken_money,
    broken_steps,
    broken_surge,
    draft_scripts,
    money_scripts,
    stamp_scripts,
    surge_scripts,
)
from tests.faults.scripts import Script

STEPS = "meterai.steps"
APP = "tests.unit.steps.in_memory_app"
FAKES = "tests.fakes"


@dataclass(frozen=True, slots=True)
class SeededBug:
    """`target`: the dotted name of the code that `broken` replaces. `script`: the run that shows
    it, without a fault or with one. `rule`, `finding`: the invariant that reports it, and its
    report."""

    broken: Callable[..., object]
    target: str
    script: Script
    rule: str
    finding: str


SEEDED_BUGS: dict[str, SeededBug] = {
    one.broken.__name__: one
    for one in (
        SeededBug(
            broken_steps.send_before_it_is_written,
            f"{STEPS}.confirm_payment._return",
            money_scripts.wrong_amount,
            "every_message_is_about_a_stored_item",
            "is about no stored item",
        ),
        SeededBug(
            broken_steps.void_without_checking_the_output,
            f"{STEPS}.sweep.void_stamping",
            stamp_scripts.outage_after_the_first_delivery,
            "no_file_bears_a_voided_serial",
            "which is void",
        ),
        SeededBug(
            broken_steps.refund_with_a_fresh_key,
            f"{APP}.execute_refund",
            money_scripts.refund_what_is_free,
            "refunded_is_at_most_captured",
            "no refund of ours",
        ),
        SeededBug(
            broken_steps.believe_the_refund_at_once,
            f"{STEPS}.execute_refund._listed",
            money_scripts.refund_what_is_free,
            "refunded_is_at_most_captured",
            "not by the bank",
        ),
        SeededBug(
            broken_steps.send_before_the_timer_is_moved,
            f"{STEPS}.sweep._check_refund",
            money_scripts.late_payment,
            "every_message_is_about_a_stored_item",
            "was sent before its timer was moved",
        ),
        SeededBug(
            broken_steps.reserve_without_a_timer,
            f"{FAKES}.serials.MemorySerials.reserve",
            stamp_scripts.request_before_payment,
            "every_unfinished_item_has_a_timer",
            "its timer is None",
        ),
        SeededBug(
            broken_steps.stamp_without_a_claim,
            f"{FAKES}.serials.MemorySerials.claim",
            stamp_scripts.request_after_payment,
            "no_signature_without_a_claimed_serial",
            "was signed and not claimed",
        ),
        SeededBug(
            broken_steps.claim_after_the_promise,
            f"{FAKES}.serials.MemorySerials.claim",
            stamp_scripts.a_deadline_comes_while_stamping_waits,
            "no_signature_without_a_claimed_serial",
            "was claimed after its promise",
        ),
        SeededBug(
            broken_steps.derive_a_fresh_refund_id,
            "meterai.domain.id_derivation.IdDeriver.automatic_refund_id",
            money_scripts.paid_twice,
            "captured_money_is_accounted_for",
            "are refunded",
        ),
        SeededBug(
            broken_steps.expire_without_asking_the_gateway,
            f"{APP}.check_order",
            money_scripts.pay_and_the_webhook_is_lost,
            "every_paid_emeterai_is_stamped_available_or_refunded",
            "was paid, and no payment is stored",
        ),
        SeededBug(
            broken_steps.finish_and_forget_the_level,
            f"{FAKES}.serials.MemorySerials.finish",
            stamp_scripts.stamp_with_timestamps,
            "every_stamp_to_be_augmented_has_a_timer",
            "nothing will check it again",
        ),
        SeededBug(
            broken_steps.list_what_was_made_not_what_is_stored,
            f"{FAKES}.documents.MemoryDocuments.put_augmented",
            stamp_scripts.stamp_with_timestamps,
            "every_listed_hash_is_of_a_stored_file",
            "lists a file that is not stored",
        ),
        SeededBug(
            broken_steps.void_the_first_alone,
            f"{FAKES}.serials.MemorySerials.void",
            stamp_scripts.refund_what_is_reserved,
            "every_serial_is_of_one_order_on_one_document",
            "is half",
        ),
        SeededBug(
            broken_steps.acknowledge_what_is_not_stored,
            f"{FAKES}.documents.MemoryDocuments.put_stamped",
            stamp_scripts.request_after_payment,
            "stamped_means_a_stored_file_with_a_listed_hash",
            "its file is not stored",
        ),
        SeededBug(
            broken_steps.augment_by_rewriting,
            f"{FAKES}.documents.MemoryDocuments.put_augmented",
            stamp_scripts.augment_to_its_level,
            "every_stamp_has_its_signature_level",
            "is another file",
        ),
        SeededBug(
            broken_money.take_the_slots_and_forget_the_refund,
            f"{FAKES}.refunds.MemoryRefunds.request",
            money_scripts.refund_what_is_free,
            "quantity_is_accounted_for",
            "belongs to no refund",
        ),
        SeededBug(
            broken_money.refund_by_the_first_charge,
            f"{FAKES}.payments.MemoryPayments.put_with_refund",
            money_scripts.paid_twice,
            "a_refund_is_of_its_payment",
            "its payment is",
        ),
        SeededBug(
            broken_money.date_the_payment_by_our_own_clock,
            f"{FAKES}.payments.MemoryPayments._put",
            money_scripts.pay_by_webhook,
            "facts_are_written_once_and_states_follow_the_table",
            "settled_at was changed",
        ),
        SeededBug(
            broken_money.pay_out_under_a_fresh_key,
            f"{FAKES}.payouts.MemoryPayouts.pay_out",
            money_scripts.claim_and_be_paid_out,
            "money_is_returned_once",
            "was returned 2 times",
        ),
        SeededBug(
            broken_money.stop_the_timer_and_keep_the_account,
            f"{STEPS}.sweep.forgotten",
            money_scripts.claim_and_be_paid_out,
            "no_account_is_kept_without_need",
            "its account is still kept",
        ),
        SeededBug(
            broken_money.book_net_of_the_gateways_fee,
            "meterai.domain.reconciliation.ledger._transfer",
            money_scripts.pay_by_webhook,
            "the_ledger_balances",
            "is not zero-sum",
        ),
        SeededBug(
            broken_surge.accept_a_ticket_for_any_order,
            f"{FAKES}.waiting_room.MemoryWaitingRoom.use",
            surge_scripts.show_one_ticket_twice,
            "a_ticket_buys_one_order",
            "more than it has tickets",
        ),
        SeededBug(
            broken_surge.accept_what_is_not_paid,
            "tests.unit.steps.in_memory_app.read_receipt",
            surge_scripts.get_a_receipt,
            "a_receipt_is_of_a_stored_and_paid_stamping",
            "about an unpaid stamping",
        ),
        SeededBug(
            broken_surge.use_a_key_before_it_is_certified,
            "tests.unit.steps.in_memory_app.renew_receipt_key",
            surge_scripts.get_a_receipt,
            "every_receipt_key_is_certified",
            "is not published",
        ),
        SeededBug(
            broken_drafts.name_stampings_and_request_none,
            f"{STEPS}.buy_draft.request_stampings",
            draft_scripts.buy_through_a_draft,
            "an_ordered_draft_has_its_stampings",
            "is ordered by",
        ),
        SeededBug(
            broken_drafts.forget_to_give_the_order_up,
            f"{STEPS}.reopen_draft.cancel_order",
            draft_scripts.reopen_a_draft_and_buy_it_again,
            "a_draft_is_stamped_once",
            "was stamped 2 times",
        ),
    )
}
