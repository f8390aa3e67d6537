"""Preserving: a stamp is out at once, and comes to its level later, by a second file."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.clocks import Clock
from meterai.domain.preservation import FIRST_LOOK, LONGEST_WAIT, PROMISE, SignatureLevel
from meterai.domain.stampings import EMeterai, SerialState
from meterai.domain.verdicts import Verdict
from meterai.messages import PreserveStamp
from meterai.steps.preserve import preserve
from tests.unit.steps.office import Office
from tests.unit.steps.postman import Postman

B_LT, B_T = SignatureLevel.B_LT, SignatureLevel.B_T


def stamped(office: Office, level: SignatureLevel, *, count: int = 1) -> EMeterai:
    """Without the preservation lane's work."""
    office.level = level
    order = office.buy(quantity=count)
    office.settle(order)
    while office.world.payments_lane:
        office.act_on(office.world.payments_lane.popleft().message)
    first = office.request(order.order_id, count=count)
    office.act_on(office.world.stamping_lane.popleft().message)
    return standing(office, first)


def standing(office: Office, one: EMeterai) -> EMeterai:
    return office.world.serials[one.serial]


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_stamp_that_is_to_be_b_b_is_finished(office: Office) -> None:
    assert stamped(office, SignatureLevel.B_B).clock is None
    assert not office.world.preservation_lane


def test_a_stamp_that_is_to_be_b_t_is_finished_with_its_timestamp(office: Office) -> None:
    assert stamped(office, B_T).clock is None
    assert not office.world.preservation_lane


def test_a_stamp_that_is_to_be_b_lt_goes_on_at_once(office: Office) -> None:
    one = stamped(office, B_LT, count=2)
    now = office.world.now
    assert one.clock == Clock(now + FIRST_LOOK, now + PROMISE)
    (letter,) = office.world.preservation_lane
    assert letter.message == PreserveStamp(serial=one.serial)
    office.act_on(letter.message)
    outputs = tuple(
        hash_of(files[one.serial]) for files in (office.world.stamped, office.world.preserved)
    )
    for serial in one.serials:
        assert office.world.serials[serial].outputs == outputs
        assert office.world.serials[serial].clock is None
    assert office.world.preserved[one.serial].startswith(office.world.stamped[one.serial])


@pytest.mark.parametrize("level", [B_T, B_LT])
def test_without_a_timestamp_server_it_goes_out_and_its_clock_is_set(
    office: Office, postman: Postman, level: SignatureLevel
) -> None:
    office.world.timestamp_servers_answer = False
    one = stamped(office, level)
    assert (one.state, len(one.outputs)) == (SerialState.STAMPED, 1)
    assert one.clock is not None
    assert not office.world.preservation_lane, "it would only meet the same silence"

    office.world.timestamp_servers_answer = True
    office.world.now = one.clock.due_at
    office.sweep()
    postman.deliver()
    raised = standing(office, one)
    assert (raised.clock, len(raised.outputs)) == (None, 2)


def test_it_is_looked_at_ever_less_often_while_nobody_answers(office: Office) -> None:
    office.world.timestamp_servers_answer = False
    one = stamped(office, B_LT)
    waits = []
    for _ in range(12):
        clock = standing(office, one).clock
        assert clock is not None
        waits.append(clock.due_at - office.world.now)
        office.world.now = clock.due_at
        office.sweep()
    assert waits[:4] == [FIRST_LOOK, FIRST_LOOK, 2 * FIRST_LOOK, 4 * FIRST_LOOK]
    assert waits[-1] == LONGEST_WAIT
    assert len(office.world.preservation_lane) == 12


def test_after_its_promise_it_is_looked_at_still(
    office: Office, postman: Postman, caplog: pytest.LogCaptureFixture
) -> None:
    office.world.timestamp_servers_answer = False
    one = stamped(office, B_LT)
    office.world.pass_time(PROMISE)
    office.sweep()
    assert "not preserved in time" in caplog.messages
    office.world.timestamp_servers_answer = True
    postman.deliver()
    assert standing(office, one).clock is None


def test_one_that_comes_twice_raises_once(office: Office, postman: Postman) -> None:
    one = stamped(office, B_LT)
    office.world.preservation_lane.append(office.world.preservation_lane[0])
    postman.deliver()
    listed = standing(office, one)
    office.world.pass_time(timedelta(minutes=1))
    preserve(one.serial, office.preserving)
    assert standing(office, one) == listed
    assert listed.outputs[1] == hash_of(office.world.preserved[one.serial])


def test_what_an_earlier_try_stored_is_what_is_listed(office: Office) -> None:
    one = stamped(office, B_LT)
    earlier = office.world.stamped[one.serial] + b" of an earlier try"
    office.ports.documents.put_preserved(one, earlier)
    preserve(one.serial, office.preserving)
    assert standing(office, one).outputs == (*one.outputs, hash_of(earlier))


def test_what_has_its_level_already_is_not_stored_again(office: Office) -> None:
    """A worker that died after it had stored its file left nobody who knows what is in it."""
    office.level = B_T
    first = stamped(office, B_T)
    clock = Clock(office.world.now, office.world.now)
    office.world.serials[first.serial] = one = replace(first, clock=clock)
    preserve(one.serial, office.preserving)
    assert standing(office, one) == first
    assert not office.world.preserved


def test_both_files_are_genuine(office: Office, postman: Postman) -> None:
    one = stamped(office, B_LT)
    postman.deliver()
    for files in (office.world.stamped, office.world.preserved):
        result = office.verify(office.upload(files[one.serial]))
        assert result.verdict is Verdict.GENUINE


def test_while_it_waits_it_is_stamped_for_everybody(office: Office) -> None:
    office.world.timestamp_servers_answer = False
    one = stamped(office, B_LT)
    assert office.verify(office.upload(office.world.stamped[one.serial])).verdict is Verdict.GENUINE
    assert office.books().differences == ()
    (order,) = office.books().orders
    assert (order.stamped, order.available) == (1, 0)
