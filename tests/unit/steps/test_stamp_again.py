"""A stamping that an earlier worker took part of the way: what it stored counts for what it is."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from meterai.domain.orders import OrderState
from meterai.domain.payments import ChargeState
from meterai.domain.preservation import SignatureLevel, clock_until_preserved
from meterai.domain.stampings import EMeterai, SerialState, VoidReason
from meterai.messages import StampDocument
from meterai.steps.stamp import VoidedButStored
from tests.fakes.world import Moment
from tests.unit.steps.office import BUYER, Office
from tests.unit.steps.postman import Crash, Postman
from tests.unit.steps.wiring import CLAIM, PROMISE


def as_soon_as(office: Office, at: Moment, awaited: str, act: Callable[[], object]) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == (at, awaited):
            office.world.hook = lambda _moment, _call: None
            act()

    office.world.hook = hook


def crash() -> None:
    raise Crash


@pytest.fixture
def stored(office: Office, postman: Postman) -> EMeterai:
    """To be raised to B-LT; its worker stored it without a timestamp, and died."""
    office.level = SignatureLevel.B_LT
    office.world.timestamp_servers_answer = False
    order = office.buy(quantity=3)
    office.settle(order)
    postman.deliver()
    first = office.request(order.order_id, count=2)
    as_soon_as(office, "after", "Documents.put_stamped", crash)
    with pytest.raises(Crash):
        work(office, first)
    office.world.pass_time(CLAIM)
    return first


def work(office: Office, first: EMeterai) -> None:
    office.act_on(StampDocument(serials=first.serials))


def assert_finished_as_stored(office: Office, first: EMeterai) -> None:
    """It waits for its level, by its clock alone: nobody knows what the stored file has."""
    output = hashlib.sha256(office.world.stamped[first.stamping]).hexdigest()
    stamps = [office.world.serials[serial] for serial in first.serials]
    assert [(one.state, one.outputs) for one in stamps] == [(SerialState.STAMPED, (output,))] * 2
    assert [one.clock for one in stamps] == [
        clock_until_preserved(first.level, SignatureLevel.B_B, office.world.now),
        None,
    ]
    assert not office.world.preservation_lane


def test_the_stored_file_has_the_level_it_was_stored_with_whatever_the_second_reaches(
    office: Office, stored: EMeterai
) -> None:
    office.world.timestamp_servers_answer = True
    work(office, stored)
    assert_finished_as_stored(office, stored)


def test_a_document_that_went_bad_meanwhile_is_stamped_all_the_same(
    office: Office, stored: EMeterai
) -> None:
    office.world.documents[BUYER, stored.document] = b"something else"
    work(office, stored)
    assert_finished_as_stored(office, stored)


def test_what_is_stored_when_the_bank_takes_the_money_back_is_a_stamp(
    office: Office, stored: EMeterai
) -> None:
    [charge] = office.world.charges.values()
    charge.state = ChargeState.REVERSED
    office.notice(charge.charge_id)
    office.act_on(office.world.payments_lane.popleft().message)
    assert office.world.orders[stored.order_id].state is OrderState.REVERSED
    assert_finished_as_stored(office, stored)


def test_a_file_of_voided_serials_is_reported_with_its_name(
    office: Office, stored: EMeterai
) -> None:
    as_soon_as(
        office,
        "before",
        "Serials.finish",
        lambda: office.ports.serials.void(
            office.ports.serials.get_many(stored.serials),
            VoidReason.REFUND_REQUESTED,
            office.world.now + CLAIM,
        ),
    )
    with pytest.raises(VoidedButStored, match=stored.stamping):
        work(office, stored)


def test_what_a_worker_holds_at_the_promise_is_looked_at_again_after_a_while(
    office: Office, postman: Postman
) -> None:
    order = office.buy()
    office.settle(order)
    postman.deliver()
    first = office.request(order.order_id)
    office.world.now = first.requested_at + PROMISE - timedelta(seconds=1)
    office.ports.serials.claim(first.serials, office.world.now, office.world.now + CLAIM)
    office.world.pass_time(timedelta(seconds=1))
    office.sweep()
    held = office.world.serials[first.serial]
    assert held.state is SerialState.RESERVED
    assert held.clock is not None
    assert held.clock.due_at >= office.world.now + CLAIM


def test_looks_at_a_stamp_to_be_raised_are_counted_from_its_stamping(
    office: Office, postman: Postman
) -> None:
    """And not from the time at which it was asked for, which may be hours before."""
    office.level = SignatureLevel.B_LT
    office.world.timestamp_servers_answer = False
    order = office.buy()
    office.settle(order)
    postman.deliver()
    first = office.request(order.order_id)
    office.world.pass_time(timedelta(hours=3))
    work(office, first)
    waits = []
    for _ in range(3):
        clock = office.world.serials[first.serial].clock
        assert clock is not None
        waits.append((clock.due_at - office.world.now) // timedelta(minutes=1))
        office.world.now = clock.due_at
        office.sweep()
    assert waits == [5, 5, 10]


def test_a_request_asks_nothing_twice_and_tells_of_stamps_that_were_there(
    office: Office, postman: Postman
) -> None:
    order = office.buy(quantity=4)
    office.settle(order)
    postman.deliver()
    first = office.request(order.order_id)
    postman.deliver()
    stamped = office.world.stamped[first.stamping] + b"\n/JavaScript"
    office.upload(stamped)
    calls: list[str] = []
    office.world.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    again = office.request(order.order_id, "again", stamped, count=2)
    assert calls == [
        "Orders.get",
        "Documents.get",
        "Examine.__call__",
        "Serials.reserve",
        "Lanes.stamp",
    ]
    second = office.world.serials[again.serials[1]]
    assert (again.earlier_stamps, second.earlier_stamps) == (1, 1)
    assert (again.findings, second.findings) == (("javascript",), ())
