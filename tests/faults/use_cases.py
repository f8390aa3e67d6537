"""The stories that are run over and over, each time with another accident."""

from collections.abc import Callable

from tests.faults import money_stories, stamp_stories, surge_stories
from tests.faults.town import Town

UseCase = Callable[[Town], None]

USE_CASES: tuple[UseCase, ...] = (
    money_stories.buy_and_never_pay,
    money_stories.pay_by_notice,
    money_stories.pay_and_the_notice_is_lost,
    stamp_stories.request_before_payment,
    stamp_stories.request_after_payment,
    stamp_stories.stamp_several_on_one_document,
    stamp_stories.stamp_in_bulk,
    stamp_stories.refuse_a_document_that_went_bad,
    money_stories.refund_what_is_free,
    stamp_stories.refund_what_is_reserved,
    stamp_stories.refund_while_a_worker_may_have_died,
    stamp_stories.not_executed,
    stamp_stories.outage_after_the_first_delivery,
    stamp_stories.a_deadline_comes_while_stamping_waits,
    stamp_stories.a_deadline_comes_before_the_payment,
    stamp_stories.expire_with_a_stamping_requested,
    stamp_stories.cancel_with_a_stamping_requested,
    money_stories.cancel_while_the_money_is_under_way,
    money_stories.pay_what_was_cancelled,
    money_stories.late_payment,
    money_stories.wrong_amount,
    money_stories.refund_by_virtual_account,
    money_stories.claim_and_be_paid_out,
    money_stories.a_payout_bounces_and_is_claimed_again,
    money_stories.a_claim_meets_a_chargeback,
    stamp_stories.reversed_while_stamping_waits,
    money_stories.paid_twice,
    money_stories.one_charge_paid_twice,
    money_stories.paid_again_and_nobody_tells,
    stamp_stories.raise_to_its_level,
    stamp_stories.stamp_with_timestamps,
    stamp_stories.verify,
    surge_stories.buy_with_a_ticket,
    surge_stories.show_one_ticket_twice,
    surge_stories.be_refused_by_the_gateway,
    surge_stories.get_a_receipt,
)

# Those whose money is all paid while its order waits for it: the order's clock finds it.
LOSABLE: tuple[UseCase, ...] = tuple(
    story
    for story in USE_CASES
    if story
    not in (
        money_stories.late_payment,
        money_stories.pay_what_was_cancelled,
        stamp_stories.reversed_while_stamping_waits,
        money_stories.a_claim_meets_a_chargeback,
        money_stories.paid_twice,
        money_stories.one_charge_paid_twice,
        money_stories.paid_again_and_nobody_tells,
    )
)
