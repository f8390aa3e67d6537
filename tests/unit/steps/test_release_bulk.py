"""Bulk is released in portions: none is lost, and a message released twice is stamped once."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, QueueStatus
from meterai.messages import StampDocument
from meterai.steps.release_bulk import MAX_EMPTY_S, release_bulk
from tests.fakes.in_memory_state import Moment
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import Crash, MessagePump
from tests.unit.steps.snapshots import calm

CALLS = ("Lanes.receive_bulk", "Lanes.stamp_taken", "Lanes.delete")


def release_for(app: InMemoryApp, seconds: int) -> int:
    ticks = [app.state.now + timedelta(seconds=number) for number in range(seconds)]
    return release_bulk(ticks, app.ports)


def in_bulk(app: InMemoryApp, count: int) -> list[Serial]:
    serials = [Serial(f"{number:022}") for number in range(count)]
    for serial in serials:
        app.ports.lanes.stamp([serial], BUYER, Lane.BULK)
    return serials


def released(app: InMemoryApp) -> list[Serial]:
    messages = [StampDocument.model_validate(one.message) for one in app.state.stamping_lane]
    assert all(message.bulk for message in messages)
    return [message.serials[0] for message in messages]


def comes_back(app: InMemoryApp) -> None:
    """A message that was received and not deleted, after its queue's visibility timeout."""
    app.state.bulk_lane.extendleft(app.state.bulk_taken.values())
    app.state.bulk_taken.clear()


def test_each_second_has_its_portion_and_the_group_stays(app: InMemoryApp) -> None:
    serials = in_bulk(app, 30)
    assert release_for(app, 3) == 6, "the minimum, while nothing is known"
    assert released(app) == serials[:6]
    assert {letter.group for letter in app.state.stamping_lane} == {BUYER}
    assert [one.serials for one in app.ports.bulk_reporter.taken] == [(one,) for one in serials[:6]]
    assert len(app.state.bulk_lane) == 24
    assert not app.state.bulk_taken


def test_portions_grow_without_load_and_are_sent_by_tens(app: InMemoryApp) -> None:
    serials = in_bulk(app, 100)
    app.state.snapshot = calm(app.state.now)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert release_for(app, 5) == 2 + 4 + 8 + 16 + 32
    assert released(app) == serials[:62]
    assert calls == [call for portion in (1, 1, 1, 2, 4) for call in CALLS * portion]


def test_an_empty_lane_ends_the_run(app: InMemoryApp) -> None:
    in_bulk(app, 3)
    ticks = iter([app.state.now] * 10)
    assert release_bulk(ticks, app.ports) == 3
    assert len(list(ticks)) == 10 - 2 - MAX_EMPTY_S, "the next run checks again"


def test_an_empty_answer_of_a_lane_that_is_not_empty_ends_nothing(app: InMemoryApp) -> None:
    """A short poll asks some of the queue's servers, and may find none of its messages."""
    serials = in_bulk(app, 6)
    lane = app.state.bulk_lane

    def seconds() -> Iterator[datetime]:
        """In two seconds of three the poll finds nothing."""
        for second in range(9):
            app.state.bulk_lane = lane if second % 3 == 0 else type(lane)()
            yield app.state.now

    assert release_bulk(seconds(), app.ports) == 6
    assert released(app) == serials


def test_while_applicants_wait_bulk_has_its_minimum_and_never_nothing(app: InMemoryApp) -> None:
    in_bulk(app, 100)
    crowded = QueueStatus(Lane.STAMPING, app.state.now, dwell_p90_s=300.0)
    app.state.snapshot = LoadSnapshot(app.state.now, {Lane.STAMPING: crowded})
    assert release_for(app, 10) == 20


def test_where_a_queue_does_not_answer_the_next_second_tries_again(app: InMemoryApp) -> None:
    serials = in_bulk(app, 4)

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Lanes.stamp_taken"):
            app.state.hook = lambda _moment, _call: None
            raise Unavailable(party="sqs")

    app.state.hook = hook
    assert release_for(app, 2) == 2
    comes_back(app)
    assert release_for(app, 2) == 2
    assert sorted(released(app)) == serials


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_interrupted_run_loses_nothing_and_releases_twice_at_most_what_it_held(
    app: InMemoryApp, call: str, moment: Moment
) -> None:
    serials = in_bulk(app, 6)
    seen: list[str] = []

    def hook(when: Moment, what: str) -> None:
        if (when, what) == (moment, call):
            seen.append(what)
            if len(seen) == 2:
                raise Crash

    app.state.hook = hook
    with pytest.raises(Crash):
        release_for(app, 3)
    app.state.hook = lambda _moment, _call: None
    comes_back(app)
    release_for(app, 9)
    arrived = released(app)
    assert sorted(set(arrived)) == serials
    assert len(arrived) <= len(serials) + 2


def bulk_stampings(app: InMemoryApp, count: int) -> Sequence[EMeterai]:
    order = app.buy(quantity=count)
    app.upload()
    app.settle(order)
    MessagePump(app).deliver()
    return [
        app.request(order.order_id, f"bulk {number}", allow_duplicate=True, bulk=True)
        for number in range(count)
    ]


def test_a_message_released_twice_is_stamped_once(app: InMemoryApp, pump: MessagePump) -> None:
    stampings = bulk_stampings(app, 2)
    taken = app.ports.lanes.receive_bulk(10)
    app.ports.lanes.stamp_taken(taken)
    comes_back(app)
    pump.deliver()
    assert [app.state.serials[one.serial].state for one in stampings] == [SerialState.STAMPED] * 2
    assert sorted(app.state.signed) == sorted(one.serial for one in stampings)


def test_applicants_are_served_before_bulk(app: InMemoryApp, pump: MessagePump) -> None:
    """After an outage, bulk enters the lane once applicants' stampings are through."""
    (bulk,) = bulk_stampings(app, 1)
    order = app.buy("an applicant")
    app.settle(order)
    pump.stamping_moves = False
    pump.deliver()
    applicant = app.request(order.order_id, "applicant")
    pump.stamping_moves = True
    pump.deliver()
    assert app.state.signed == [applicant.serial, bulk.serial]
