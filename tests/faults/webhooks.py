"""A gateway's notices in every order: what is true when each arrives, and what becomes of it.

An order is charged three times, since answers were lost, and all three are paid; the third when it
is too late. A notice cannot come before what it tells of, but anything may have happened since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import ChargeState
from tests.faults.harness import Town
from tests.unit.steps.in_memory_app import EXPIRES_IN

# Of which attempt, and what had happened: told in this order, heard in any.
TOLD: Sequence[tuple[int, ChargeState]] = (
    (1, ChargeState.PENDING),
    (1, ChargeState.SETTLED),
    (2, ChargeState.SETTLED),
    (2, ChargeState.SETTLED),  # the gateway repeats itself
    (3, ChargeState.SETTLED),
)
LATE = EXPIRES_IN + timedelta(minutes=30)


def orderings() -> Iterator[tuple[int, ...]]:
    return permutations(range(len(TOLD)))


def heard(ordering: Sequence[int], *, at_once: bool) -> list[str]:
    """What is wrong. `at_once`: each is acted on before the next comes, and no more has happened by
    then than the notices tell of; else all has happened before the first is acted on."""
    town = Town()
    order = town.buy()
    charges = [charge_id(order.order_id, attempt) for attempt in (1, 2, 3)]
    first = town.state.charges[charges[0]]
    for attempt, charge in enumerate(charges[1:], start=2):
        town.state.charges[charge] = replace(
            first, charge_id=charge, transaction_id=f"tx-{attempt}", refunds={}
        )
    town.state.orders[order.order_id] = replace(town.state.orders[order.order_id], attempt=3)
    happened = 0
    for number in ordering:
        while happened <= (number if at_once else len(TOLD) - 1):
            _happens(town, charges, happened)
            happened += 1
        town.webhook(replace(order, attempt=TOLD[number][0]))
        if at_once:
            town.pump.deliver()
    wrong = town.quiet()
    standing = town.state.orders[order.order_id]
    back_idr = sum(refund.amount_idr for refund in town.state.refunds.values())
    if standing.state is not OrderState.PAID or back_idr != 2 * order.amount_idr:
        wrong.append(f"{standing.state}, and Rp{back_idr} go back")
    return wrong


def _happens(town: Town, charges: Sequence[str], number: int) -> None:
    attempt, state = TOLD[number]
    charge = town.state.charges[charges[attempt - 1]]
    if state is ChargeState.SETTLED and charge.settled_at is None:
        late = charge.expires_at + LATE if attempt == 3 else None
        town.app.ports.gateway.settle(charge.charge_id, late)
