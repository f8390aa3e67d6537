"""E-meterai change by their table of states, and only while no other worker holds them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.orders.orders import Taken
from meterai.domain.refunds.refunds import RefundState
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serial_transitions import (
    augmented,
    check_refund_is_of,
    claimed,
    is_augmented_already,
    is_stamped_already,
    is_voided_already,
    slots_of_stamping,
    stamped,
    voided,
)
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import TRANSITIONS, EMeterai, SerialState, VoidReason
from meterai.domain.timers import Timer
from tests.unit.domain.facts import DOCUMENT, NOW, emeterai, refund

MINUTE = timedelta(minutes=1)
UNTIL = NOW + 2 * MINUTE
OUTPUT, AUGMENTED = Output("0a" * 32, 40_000), Output("0b" * 32, 50_000)
TIMER = Timer(NOW + 5 * MINUTE, NOW + 60 * MINUTE)
EXPIRED, REFUSED = VoidReason.ORDER_EXPIRED, VoidReason.DOCUMENT_REFUSED
RESERVED = replace(emeterai("A", 0, SerialState.RESERVED), timer=TIMER)
CLAIMED = replace(RESERVED, claimed_until=UNTIL)

CHANGES: dict[SerialState, Callable[[EMeterai], EMeterai | None]] = {
    SerialState.STAMPED: lambda one: stamped(one, OUTPUT, NOW),
    SerialState.VOID: lambda one: voided(one, EXPIRED, NOW),
}


@pytest.mark.parametrize("before", SerialState)
@pytest.mark.parametrize("after", CHANGES)
def test_an_emeterai_changes_its_state_exactly_as_the_table_says(
    before: SerialState, after: SerialState
) -> None:
    changed = CHANGES[after](replace(RESERVED, state=before))
    assert (changed.state if changed else None) == (after if after in TRANSITIONS[before] else None)


def test_only_a_reserved_serial_that_is_not_held_is_claimed() -> None:
    assert claimed(RESERVED, NOW, UNTIL) == CLAIMED
    assert claimed(CLAIMED, UNTIL - MINUTE, UNTIL) is None
    assert claimed(CLAIMED, UNTIL, UNTIL + MINUTE) == replace(
        RESERVED, claimed_until=UNTIL + MINUTE
    )
    for state in (SerialState.STAMPED, SerialState.VOID):
        assert claimed(replace(RESERVED, state=state), NOW, UNTIL) is None


def test_a_serial_past_its_deadline_is_not_claimed() -> None:
    assert claimed(RESERVED, TIMER.deadline_at, UNTIL) is None
    assert claimed(replace(RESERVED, timer=None), TIMER.deadline_at, UNTIL) is not None


def test_stamped_serials_have_no_claim_and_the_first_has_the_timer() -> None:
    done = replace(
        RESERVED,
        state=SerialState.STAMPED,
        stamped_at=NOW,
        outputs=(OUTPUT,),
        timer=None,
        claimed_until=None,
    )
    assert stamped(CLAIMED, OUTPUT, NOW) == done
    assert stamped(CLAIMED, OUTPUT, NOW, TIMER) == replace(done, timer=TIMER)
    second = replace(CLAIMED, serials=(Serial("first"), CLAIMED.serial))
    assert stamped(second, OUTPUT, NOW, TIMER) == replace(done, serials=second.serials)


def test_an_augmented_file_is_listed_after_the_stamped_one() -> None:
    done = stamped(CLAIMED, OUTPUT, NOW, TIMER)
    assert done is not None
    assert augmented(done, AUGMENTED) == replace(done, outputs=(OUTPUT, AUGMENTED), timer=None)
    assert augmented(done, None) == replace(done, timer=None)
    for state in (SerialState.RESERVED, SerialState.VOID):
        assert augmented(replace(done, state=state), AUGMENTED) is None


def test_a_claimed_serial_is_voided_by_its_worker_alone() -> None:
    assert voided(CLAIMED, EXPIRED, UNTIL - MINUTE) is None
    void = replace(
        RESERVED, state=SerialState.VOID, void_reason=EXPIRED, timer=None, claimed_until=None
    )
    assert voided(CLAIMED, EXPIRED, UNTIL) == void
    assert voided(CLAIMED, REFUSED, NOW, "not_a_pdf") == replace(
        void, void_reason=REFUSED, void_code="not_a_pdf"
    )


def test_a_change_that_was_made_before_is_recognised() -> None:
    done = replace(RESERVED, state=SerialState.STAMPED, outputs=(OUTPUT,), timer=None)
    assert is_stamped_already(done, OUTPUT)
    assert not is_stamped_already(done, AUGMENTED)
    assert is_augmented_already(done, None)
    assert is_augmented_already(done, OUTPUT)
    assert not is_augmented_already(done, AUGMENTED)
    assert not is_augmented_already(replace(done, timer=TIMER), OUTPUT)
    void = voided(RESERVED, REFUSED, NOW, "not_a_pdf")
    assert void is not None
    assert is_voided_already(void, REFUSED, "not_a_pdf")
    assert not is_voided_already(void, REFUSED, None)
    assert not is_voided_already(void, EXPIRED, "not_a_pdf")
    assert not is_voided_already(RESERVED, REFUSED, "not_a_pdf")


def test_a_whole_stamping_takes_its_slots() -> None:
    serials = (Serial("A"), Serial("B"))
    both = [
        replace(emeterai(serial, slot, SerialState.RESERVED), serials=serials, bulk=True)
        for slot, serial in ((2, "A"), (0, "B"))
    ]
    assert slots_of_stamping(both) == {
        2: Taken(serials[0], serials[0], DOCUMENT[:8], bulk=True),
        0: Taken(serials[1], serials[0], DOCUMENT[:8], bulk=True),
    }
    with pytest.raises(ValueError, match=r"^a stamping is reserved and voided as a whole$"):
        slots_of_stamping(both[:1])


def test_a_refund_covers_exactly_the_voided_slots() -> None:
    check_refund_is_of([RESERVED], None)
    check_refund_is_of([RESERVED], refund("rfd_A", (0,), RefundState.DUE, 10_000))
    with pytest.raises(ValueError, match=r"^the refund is not of the slots that are voided$"):
        check_refund_is_of([RESERVED], refund("rfd_A", (1,), RefundState.DUE, 10_000))
