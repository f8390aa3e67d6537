"""After the last buyer: pending timers are moved forward until no work is left.

The queues empty by themselves. An item that waits for a timer (an unpaid order, a stamp whose
worker was killed, a lost webhook) would take minutes or hours. Its times are set back
(`tests/local/passing_time.py`), and the sweep finds it. An invisible message stays in its queue,
because its item has a timer.
"""

import time
from datetime import timedelta

from tests.load.end_state import EndState, end_state
from tests.load.system import System
from tests.local.environment import Environment
from tests.local.passing_time import everything_ages

ROUND = timedelta(minutes=15)  # longer than a claim, an order's expiry, a first check, a resend
MAX_ROUNDS = 20
IDLE_S = 2.0  # this long without messages and without work
MAX_SETTLE_S = 30.0


def drain(system: System) -> tuple[EndState, int]:
    """The end state, and how many rounds it took."""
    environment = system.environment
    for rounds in range(MAX_ROUNDS):
        state = end_state(environment)
        waiting = state.waiting
        if not waiting:
            return state, rounds
        for order in waiting.orders:
            _gateway_ages(environment, order)
        everything_ages(environment.account, ROUND)
        environment.gateway.hurry()
        environment.account.fire_schedule("SweepFunction")
        settle(system, MAX_SETTLE_S)
    return end_state(environment), MAX_ROUNDS


def settle(system: System, within_s: float) -> None:
    """Wait until the queues are empty, at most this long."""
    until_s = time.monotonic() + within_s
    system.environment.gateway.wait_until_idle(max(1.0, within_s / 2))
    before, idle_since_s = -1, time.monotonic()
    while time.monotonic() < until_s and time.monotonic() - idle_since_s < IDLE_S:
        done = len(system.handled)
        if done != before or system.visible():
            before, idle_since_s = done, time.monotonic()
        time.sleep(IDLE_S / 10)


def _gateway_ages(environment: Environment, order_id: str) -> None:
    """The gateway's time moves too: a charge that was not paid in time expires."""
    ledger = environment.gateway.ledger
    with ledger.lock:
        for one in ledger.all():
            if one.order_id.startswith(order_id) and one.state == "pending":
                one.expires_at -= ROUND
