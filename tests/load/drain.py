"""After everybody has gone home: time passes until nothing is left to do.

The queues run empty by themselves. What waits for a clock (an order that nobody paid, a stamp
whose worker was killed, a notice that was lost) would take minutes or hours: its times are set
back, as in `tests/e2e/passing_time.py`, and the minute's sweep finds it. A message that hides in
its queue stays there: whatever it is about has a clock.
"""

import time
from contextlib import suppress
from datetime import timedelta

from tests.e2e.passing_time import order_ages, refund_ages, stamping_ages
from tests.load.end_state import EndState, end_state
from tests.load.stage import Stage
from tests.local.environment import Neighbourhood

ROUND = timedelta(minutes=15)  # longer than a claim, an order's time, a first look, a resend
MAX_ROUNDS = 8
STILL_S = 2.0  # nothing in the lanes, and nothing done, for so long
SETTLES_WITHIN_S = 30.0


def let_time_pass(office: Stage) -> tuple[EndState, int]:
    """The end state, and how many rounds of the clock it took. What still lies in a queue is found
    by its clock."""
    place = office.place
    for rounds in range(MAX_ROUNDS):
        state = end_state(place)
        waiting = state.waiting
        if not waiting:
            return state, rounds
        for order in waiting.orders:
            _gateway_ages(place, order)
            with suppress(AssertionError):  # finished since it was looked at: it has no clock
                order_ages(place, {"order_id": order}, ROUND)
        for stamping in waiting.stampings:
            with suppress(AssertionError):
                stamping_ages(place, {"stamping_id": stamping}, ROUND)
        for refund in waiting.refunds:
            with suppress(AssertionError):
                refund_ages(place, {"refund_id": refund}, ROUND)
        place.gateway.hurry()
        place.account.fire_schedule("SweepFunction")
        settle(office, SETTLES_WITHIN_S)
    return end_state(place), MAX_ROUNDS


def settle(office: Stage, within_s: float) -> None:
    """Until the queues have run empty, at most so long."""
    until_s = time.monotonic() + within_s
    office.place.gateway.wait_until_quiet(max(1.0, within_s / 2))
    before, still_since_s = -1, time.monotonic()
    while time.monotonic() < until_s and time.monotonic() - still_since_s < STILL_S:
        done = len(office.handled)
        if done != before or office.visible():
            before, still_since_s = done, time.monotonic()
        time.sleep(STILL_S / 10)


def _gateway_ages(place: Neighbourhood, order_id: str) -> None:
    """The gateway's clock is the same: a charge that was not paid in time can no longer be."""
    ledger = place.gateway.ledger
    with ledger.lock:
        for one in ledger.all():
            if one.order_id.startswith(order_id) and one.state == "pending":
                one.expires_at -= ROUND
