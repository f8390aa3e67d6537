"""Bulk is handed on in portions: none is lost, and what is handed on twice is stamped once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.flow import Lane, LaneFlow, Snapshot
from meterai.domain.serials import Serial
from meterai.domain.stampings import EMeterai, SerialState
from meterai.messages import StampDocument
from meterai.steps.feed_bulk import feed_bulk
from tests.fakes.world import Moment
from tests.unit.steps.office import BUYER, Office
from tests.unit.steps.postman import Crash, Postman
from tests.unit.steps.snapshots import calm

CALLS = ("Lanes.take_from_bulk", "Lanes.stamp_taken", "Lanes.strike_off")


def feed_for(office: Office, seconds: int) -> int:
    beats = [office.world.now + timedelta(seconds=number) for number in range(seconds)]
    return feed_bulk(beats, office.feeding)


def in_bulk(office: Office, count: int) -> list[Serial]:
    serials = [Serial(f"{number:022}") for number in range(count)]
    for serial in serials:
        office.ports.lanes.stamp([serial], BUYER, Lane.BULK)
    return serials


def handed_on(office: Office) -> list[Serial]:
    messages = [StampDocument.model_validate(one.message) for one in office.world.stamping_lane]
    assert all(message.bulk for message in messages)
    return [message.serials[0] for message in messages]


def comes_back(office: Office) -> None:
    """What was taken out and not struck off, after its queue's time-out."""
    office.world.bulk_lane.extendleft(office.world.bulk_taken.values())
    office.world.bulk_taken.clear()


def test_each_second_has_its_portion_and_the_group_stays(office: Office) -> None:
    serials = in_bulk(office, 30)
    assert feed_for(office, 3) == 6, "the least, while nothing is known"
    assert handed_on(office) == serials[:6]
    assert {letter.group for letter in office.world.stamping_lane} == {BUYER}
    assert [one.serials for one in office.took_from_bulk] == [(one,) for one in serials[:6]]
    assert len(office.world.bulk_lane) == 24
    assert not office.world.bulk_taken


def test_portions_grow_in_calm_weather_and_are_sent_by_tens(office: Office) -> None:
    serials = in_bulk(office, 100)
    office.snapshot = calm(office.world.now)
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert feed_for(office, 5) == 2 + 4 + 8 + 16 + 32
    assert handed_on(office) == serials[:62]
    assert calls == [call for portion in (1, 1, 1, 2, 4) for call in CALLS * portion]


def test_an_empty_lane_ends_the_run(office: Office) -> None:
    in_bulk(office, 3)
    beats = iter([office.world.now] * 10)
    assert feed_bulk(beats, office.feeding) == 3
    assert len(list(beats)) == 8, "the next run looks again"


def test_while_applicants_wait_bulk_has_its_least_and_never_nothing(office: Office) -> None:
    in_bulk(office, 100)
    crowded = LaneFlow(Lane.STAMPING, office.world.now, dwell_p90_s=300.0)
    office.snapshot = Snapshot(office.world.now, {Lane.STAMPING: crowded})
    assert feed_for(office, 10) == 20


def test_where_a_queue_does_not_answer_the_next_second_tries_again(office: Office) -> None:
    serials = in_bulk(office, 4)

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Lanes.stamp_taken"):
            office.world.hook = lambda _moment, _call: None
            raise Unavailable(party="sqs")

    office.world.hook = hook
    assert feed_for(office, 2) == 2
    comes_back(office)
    assert feed_for(office, 2) == 2
    assert sorted(handed_on(office)) == serials


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_is_cut_off_loses_none_and_hands_on_at_most_what_it_held_twice(
    office: Office, call: str, moment: Moment
) -> None:
    serials = in_bulk(office, 6)
    seen: list[str] = []

    def hook(when: Moment, what: str) -> None:
        if (when, what) == (moment, call):
            seen.append(what)
            if len(seen) == 2:
                raise Crash

    office.world.hook = hook
    with pytest.raises(Crash):
        feed_for(office, 3)
    office.world.hook = lambda _moment, _call: None
    comes_back(office)
    feed_for(office, 9)
    arrived = handed_on(office)
    assert sorted(set(arrived)) == serials
    assert len(arrived) <= len(serials) + 2


def bulk_stampings(office: Office, count: int) -> Sequence[EMeterai]:
    order = office.buy(quantity=count)
    office.upload()
    office.settle(order)
    Postman(office).deliver()
    return [
        office.request(order.order_id, f"bulk {number}", again=True, bulk=True)
        for number in range(count)
    ]


def test_what_is_handed_on_twice_is_stamped_once(office: Office, postman: Postman) -> None:
    stampings = bulk_stampings(office, 2)
    taken = office.ports.lanes.take_from_bulk(10)
    office.ports.lanes.stamp_taken(taken)
    comes_back(office)
    postman.deliver()
    assert [office.world.serials[one.serial].state for one in stampings] == [
        SerialState.STAMPED
    ] * 2
    assert sorted(office.world.signed) == sorted(one.serial for one in stampings)


def test_applicants_are_served_before_bulk(office: Office, postman: Postman) -> None:
    """The order of recovery: bulk enters the lane once those who wait by the minute are through."""
    (bulk,) = bulk_stampings(office, 1)
    order = office.buy("an applicant")
    office.settle(order)
    postman.stamping_moves = False
    postman.deliver()
    applicant = office.request(order.order_id, "applicant")
    postman.stamping_moves = True
    postman.deliver()
    assert office.world.signed == [applicant.serial, bulk.serial]
