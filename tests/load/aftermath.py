"""After everybody has gone home: time passes until nothing is left to do.

The queues run empty by themselves. What waits for a clock (an order that nobody paid, a stamp
whose worker was killed, a notice that was lost) would take minutes or hours: its times are set back,
as in `tests/e2e/passing_time.py`, and the minute's sweep finds it.
"""

import time
from contextlib import suppress
from datetime import timedelta

from tests.e2e.passing_time import order_ages, refund_ages, stamping_ages, sweep
from tests.load.end_state import EndState, end_state
from tests.local.errors import QuiesceTimeoutError
from tests.local.neighbourhood import Neighbourhood

ROUND = timedelta(minutes=15)  # longer than a claim, an order's time, a first look, a resend
MOST_ROUNDS = 6


def let_time_pass(place: Neighbourhood, within_s: float) -> tuple[EndState, int]:
    """The end state, and how many rounds of the clock it took. `within_s`: how long the queues may
    take to run empty; what still hides in one then is found by its clock."""
    until_s = time.monotonic() + within_s
    with suppress(QuiesceTimeoutError):
        place.account.quiesce(max(1.0, until_s - time.monotonic()))
    for rounds in range(MOST_ROUNDS):
        state = end_state(place)
        waiting = state.waiting
        if not waiting:
            return state, rounds
        place.gateway.hurry()
        for order in waiting.orders:
            _gateway_ages(place, order)
            order_ages(place, {"order_id": order}, ROUND)
        for stamping in waiting.stampings:
            stamping_ages(place, {"stamping_id": stamping}, ROUND)
        for refund in waiting.refunds:
            refund_ages(place, {"refund_id": refund}, ROUND)
        with suppress(QuiesceTimeoutError, AssertionError):  # the next round looks again
            sweep(place)
    return end_state(place), MOST_ROUNDS


def _gateway_ages(place: Neighbourhood, order_id: str) -> None:
    """The gateway's clock is the same: a charge that was not paid in time can no longer be."""
    ledger = place.gateway.ledger
    with ledger.lock:
        for one in ledger.all():
            if one.order_id.startswith(order_id) and one.state == "pending":
                one.expires_at -= ROUND
