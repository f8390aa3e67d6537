"""Why a mutant lives: for each function whose mutants no test of the fast ones notices."""

REASONS: dict[str, str] = {
    "meterai.domain.placement.xǁPlacementǁcheck_on_page": "a bound of the slack, no place's own",
    "meterai.domain.wishes.x__checked_side": "a bound of the slack, no side's own",
    "meterai.domain.wishes.xǁOnCanvasǁon_page": "a bound of the slack, no canvas's own",
    "meterai.steps.confirm_payment.x__reverse": "an order that is gone, and none ever is",
    "meterai.steps.execute_refund.x__follow_payout": "a word for the log",
    "meterai.steps.execute_refund.x__pay_out": "a word for the log, a note, a second look that "
    "the clock makes as well",
    "meterai.steps.offer_upload.x_offer_upload": "whose folder: tests/contract and tests/e2e see",
    "meterai.steps.read_serial.x_read_serial": "asks the table in vain, and answers the same",
    "meterai.steps.stamp.x__give_up": "a moment that void only compares for who holds no claim",
    "meterai.steps.sweep.x__give_back": "a payment of a paid order is there; a hash nobody sends",
}
