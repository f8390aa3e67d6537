"""Which fault each broken step is put in for, and which invariant has to find it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import (
    broken_money,
    broken_steps,
    broken_surge,
    money_scripts,
    stamp_scripts,
    surge_scripts,
)
from tests.faults.use_cases import UseCase

STEPS = "meterai.steps"
OFFICE = "tests.unit.steps.in_memory_app"
FAKES = "tests.fakes"


@dataclass(frozen=True, slots=True)
class Canary:
    """`place`: what is replaced by the broken one. `story`: where it shows, by itself or with one
    accident. `rule`, `complaint`: who finds it, and what it says."""

    broken: Callable[..., object]
    place: str
    story: UseCase
    rule: str
    complaint: str


CANARIES: dict[str, Canary] = {
    one.broken.__name__: one
    for one in (
        Canary(
            broken_steps.send_before_it_is_written,
            f"{STEPS}.confirm_payment._return",
            money_scripts.wrong_amount,
            "what_is_sent_stands",
            "is about nothing",
        ),
        Canary(
            broken_steps.void_without_a_look_at_the_output,
            f"{STEPS}.sweep.void_stamping",
            stamp_scripts.outage_after_the_first_delivery,
            "no_file_bears_a_voided_serial",
            "which is void",
        ),
        Canary(
            broken_steps.refund_with_a_fresh_key,
            f"{OFFICE}.execute_refund",
            money_scripts.refund_what_is_free,
            "refunded_is_at_most_captured",
            "no refund of ours",
        ),
        Canary(
            broken_steps.believe_the_refund_at_once,
            f"{STEPS}.execute_refund._listed",
            money_scripts.refund_what_is_free,
            "refunded_is_at_most_captured",
            "not by the bank",
        ),
        Canary(
            broken_steps.send_before_the_clock_is_moved,
            f"{STEPS}.sweep._check_refund",
            money_scripts.late_payment,
            "what_is_sent_stands",
            "was sent before its clock was moved",
        ),
        Canary(
            broken_steps.reserve_without_a_clock,
            f"{FAKES}.serials.MemorySerials.reserve",
            stamp_scripts.request_before_payment,
            "every_unfinished_item_has_a_clock",
            "its clock is None",
        ),
        Canary(
            broken_steps.stamp_without_a_claim,
            f"{FAKES}.serials.MemorySerials.claim",
            stamp_scripts.request_after_payment,
            "no_signature_without_a_claimed_serial",
            "was signed and not claimed",
        ),
        Canary(
            broken_steps.claim_after_the_promise,
            f"{FAKES}.serials.MemorySerials.claim",
            stamp_scripts.a_deadline_comes_while_stamping_waits,
            "no_signature_without_a_claimed_serial",
            "was claimed after its promise",
        ),
        Canary(
            broken_steps.derive_a_fresh_refund_id,
            "meterai.domain.id_derivation.IdDeriver.automatic_refund_id",
            money_scripts.paid_twice,
            "captured_is_accounted_for",
            "goes back",
        ),
        Canary(
            broken_steps.expire_by_our_own_clock,
            f"{OFFICE}.check_order",
            money_scripts.pay_and_the_notice_is_lost,
            "every_paid_emeterai_is_stamped_available_or_refunded",
            "was paid, and nobody knows",
        ),
        Canary(
            broken_steps.finish_and_forget_the_level,
            f"{FAKES}.serials.MemorySerials.finish",
            stamp_scripts.stamp_with_timestamps,
            "every_stamp_to_be_raised_has_a_clock",
            "nobody looks at it again",
        ),
        Canary(
            broken_steps.list_what_was_made_not_what_is_stored,
            f"{FAKES}.documents.MemoryDocuments.put_augmented",
            stamp_scripts.stamp_with_timestamps,
            "every_listed_hash_is_of_a_stored_file",
            "lists a file that is not stored",
        ),
        Canary(
            broken_steps.void_the_first_alone,
            f"{FAKES}.serials.MemorySerials.void",
            stamp_scripts.refund_what_is_reserved,
            "every_serial_is_of_one_order_on_one_document",
            "is half",
        ),
        Canary(
            broken_steps.acknowledge_what_is_not_stored,
            f"{FAKES}.documents.MemoryDocuments.put_stamped",
            stamp_scripts.request_after_payment,
            "stamped_means_a_stored_file_with_a_listed_hash",
            "its file is not stored",
        ),
        Canary(
            broken_steps.raise_by_writing_anew,
            f"{FAKES}.documents.MemoryDocuments.put_augmented",
            stamp_scripts.augment_to_its_level,
            "every_stamp_has_its_level",
            "is another file",
        ),
        Canary(
            broken_money.take_the_slots_and_forget_the_refund,
            f"{FAKES}.refunds.MemoryRefunds.request",
            money_scripts.refund_what_is_free,
            "quantity_is_accounted_for",
            "is refunded by nothing",
        ),
        Canary(
            broken_money.give_back_by_the_first_charge,
            f"{FAKES}.payments.MemoryPayments.put_with_refund",
            money_scripts.paid_twice,
            "a_refund_is_of_its_payment",
            "its payment is",
        ),
        Canary(
            broken_money.date_the_payment_by_our_own_clock,
            f"{FAKES}.payments.MemoryPayments._put",
            money_scripts.pay_by_notice,
            "facts_are_written_once_and_states_follow_the_table",
            "settled_at was changed",
        ),
        Canary(
            broken_money.pay_out_under_a_fresh_key,
            f"{FAKES}.payouts.MemoryPayouts.pay_out",
            money_scripts.claim_and_be_paid_out,
            "money_goes_back_once",
            "went back 2 times",
        ),
        Canary(
            broken_money.stop_the_clock_and_keep_the_account,
            f"{STEPS}.sweep.forgotten",
            money_scripts.claim_and_be_paid_out,
            "no_account_is_kept_without_need",
            "its account is still kept",
        ),
        Canary(
            broken_money.book_net_of_the_gateways_fee,
            "meterai.domain.reconciliation.ledger._transfer",
            money_scripts.pay_by_notice,
            "the_books_balance",
            "is not zero-sum",
        ),
        Canary(
            broken_surge.take_a_ticket_for_any_order,
            f"{FAKES}.waiting_room.MemoryWaitingRoom.use",
            surge_scripts.show_one_ticket_twice,
            "a_ticket_buys_one_order",
            "more than by a ticket",
        ),
        Canary(
            broken_surge.accept_what_is_not_paid,
            "tests.unit.steps.surge.read_receipt",
            surge_scripts.get_a_receipt,
            "a_receipt_is_of_a_stored_and_paid_stamping",
            "is not paid",
        ),
        Canary(
            broken_surge.hold_a_key_before_it_is_vouched_for,
            "tests.unit.steps.surge.renew_receipt_key",
            surge_scripts.get_a_receipt,
            "every_receipt_key_is_vouched_for",
            "is not published",
        ),
    )
}
