"""The webhooks of one order, delivered in every order.

The order is charged three times, because responses were lost, and all three charges are paid, the
third too late. A webhook never comes before what it reports, but more may have happened since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import ChargeState
from tests.fakes.ports import EXPIRES_IN
from tests.faults.harness import Harness

# The attempt and the state that each webhook reports, as they happen; delivered in any order.
REPORTED: Sequence[tuple[int, ChargeState]] = (
    (1, ChargeState.PENDING),
    (1, ChargeState.SETTLED),
    (2, ChargeState.SETTLED),
    (2, ChargeState.SETTLED),  # the gateway repeats this one
    (3, ChargeState.SETTLED),
)
LATE = EXPIRES_IN + timedelta(minutes=30)


def orderings() -> Iterator[tuple[int, ...]]:
    return permutations(range(len(REPORTED)))


def deliver_webhooks(ordering: Sequence[int], *, at_once: bool) -> list[str]:
    """What is wrong once the system is idle. `at_once`: each webhook is handled before the next
    event happens; otherwise all events happen before the first webhook is handled."""
    harness = Harness()
    order = harness.buy()
    charges = [charge_id(order.order_id, attempt) for attempt in (1, 2, 3)]
    first = harness.state.charges[charges[0]]
    for attempt, charge in enumerate(charges[1:], start=2):
        harness.state.charges[charge] = replace(
            first, charge_id=charge, transaction_id=f"tx-{attempt}", refunds={}
        )
    harness.state.orders[order.order_id] = replace(harness.state.orders[order.order_id], attempt=3)
    happened = 0
    for number in ordering:
        while happened <= (number if at_once else len(REPORTED) - 1):
            _happens(harness, charges, happened)
            happened += 1
        harness.webhook(replace(order, attempt=REPORTED[number][0]))
        if at_once:
            harness.pump.deliver()
    wrong = harness.run_until_idle()
    stored = harness.state.orders[order.order_id]
    back_idr = sum(refund.amount_idr for refund in harness.state.refunds.values())
    if stored.state is not OrderState.PAID or back_idr != 2 * order.amount_idr:
        wrong.append(f"{stored.state}, and Rp{back_idr} are refunded")
    return wrong


def _happens(harness: Harness, charges: Sequence[str], number: int) -> None:
    attempt, state = REPORTED[number]
    charge = harness.state.charges[charges[attempt - 1]]
    if state is ChargeState.SETTLED and charge.settled_at is None:
        late = charge.expires_at + LATE if attempt == 3 else None
        harness.app.ports.gateway.settle(charge.charge_id, late)
