"""The scripts: what a buyer does. Each is run many times, with a different fault each time."""

from collections.abc import Callable

from tests.faults import draft_scripts, money_scripts, stamp_scripts, surge_scripts
from tests.faults.harness import Harness

Script = Callable[[Harness], None]

SCRIPTS: tuple[Script, ...] = (
    money_scripts.buy_and_never_pay,
    money_scripts.pay_by_webhook,
    money_scripts.pay_and_the_webhook_is_lost,
    stamp_scripts.request_before_payment,
    stamp_scripts.request_after_payment,
    stamp_scripts.stamp_several_on_one_document,
    stamp_scripts.stamp_in_bulk,
    stamp_scripts.refuse_a_document_that_went_bad,
    money_scripts.refund_what_is_free,
    stamp_scripts.refund_what_is_reserved,
    stamp_scripts.refund_while_a_worker_may_have_died,
    stamp_scripts.not_executed,
    stamp_scripts.outage_after_the_first_delivery,
    stamp_scripts.a_deadline_comes_while_stamping_waits,
    stamp_scripts.a_deadline_comes_before_the_payment,
    stamp_scripts.expire_with_a_stamping_requested,
    stamp_scripts.cancel_with_a_stamping_requested,
    money_scripts.cancel_while_the_money_is_under_way,
    money_scripts.pay_what_was_cancelled,
    money_scripts.pay_after_a_rejection,
    money_scripts.late_payment,
    money_scripts.wrong_amount,
    money_scripts.refund_by_virtual_account,
    money_scripts.claim_and_be_paid_out,
    money_scripts.a_payout_bounces_and_is_claimed_again,
    money_scripts.a_claim_meets_a_chargeback,
    stamp_scripts.reversed_while_stamping_waits,
    money_scripts.paid_twice,
    money_scripts.one_charge_paid_twice,
    money_scripts.paid_again_without_a_webhook,
    stamp_scripts.augment_to_its_level,
    stamp_scripts.stamp_with_timestamps,
    stamp_scripts.verify,
    surge_scripts.buy_with_a_ticket,
    surge_scripts.show_one_ticket_twice,
    surge_scripts.be_refused_by_the_gateway,
    surge_scripts.get_a_receipt,
    draft_scripts.buy_through_a_draft,
    draft_scripts.reopen_a_draft_and_buy_it_again,
    draft_scripts.stamp_a_draft_with_what_was_bought,
)

# All their payments arrive while the order is pending, so the order's timer finds them.
SCRIPTS_WITH_LOSABLE_MESSAGES: tuple[Script, ...] = tuple(
    script
    for script in SCRIPTS
    if script
    not in (
        money_scripts.late_payment,
        money_scripts.pay_what_was_cancelled,
        stamp_scripts.reversed_while_stamping_waits,
        money_scripts.a_claim_meets_a_chargeback,
        money_scripts.paid_twice,
        money_scripts.one_charge_paid_twice,
        money_scripts.paid_again_without_a_webhook,
        draft_scripts.reopen_a_draft_and_buy_it_again,
    )
)
