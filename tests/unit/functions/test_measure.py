"""Measuring, and what everybody who waits is told from it."""

import json
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from meterai.domain.flow import CurvePoint, Lane, LaneFlow, Snapshot
from meterai.entry.patience import EARLY_LOOKS
from meterai.services import office as joined
from tests.unit.functions.stamp_office import Event, StampOffice, sample
from tests.unit.functions.story import before

SECOND = timedelta(seconds=1)


def rush(office: StampOffice, *lanes: Lane, waits_s: int = 600) -> None:
    """The snapshot: whoever comes now waits for ten minutes, as ten a second are taken."""
    now = office.world.now
    office.world.snapshot = Snapshot(
        now,
        {
            lane: LaneFlow(
                lane,
                now,
                waiting=10 * waits_s,
                drained_low_per_s=10.0,
                drained_high_per_s=10.0,
                curve=tuple(
                    CurvePoint(now + n * waits_s / 30 * SECOND, 10.0 * n * waits_s / 30)
                    for n in range(-30, 1)
                ),
                reached=now - waits_s * SECOND,
                drained=-10.0 * waits_s,
                rates_per_s=(10.0,) * 3,
                busy_s=600.0,
            )
            for lane in lanes
        },
    )


def test_each_look_is_written_down(office: StampOffice) -> None:
    with patch.object(joined, "settings", replace_settings(measure_for_s=0)):
        assert office.invoke("measure", sample("measure")) == {"measured": 1}
    snapshot = office.world.snapshot
    assert snapshot is not None
    assert set(snapshot.lanes) == set(Lane) - {Lane.PURCHASES}
    assert snapshot.admission is not None
    assert snapshot.admission.is_open


def replace_settings(**values: object) -> object:
    return joined.settings.model_copy(update=values)


MOMENTS = {
    "read_stamping": ("stamp", Lane.STAMPING),
    "request_stamping": ("request_stamping", Lane.STAMPING),
    "read_order": ("read_order", Lane.PAYMENTS),
    "purchase": ("purchase", Lane.PAYMENTS),
    "read_refund": ("execute_refund", Lane.REFUNDS),
    "request_refund": ("request_refund", Lane.REFUNDS),
}


@pytest.mark.parametrize("request_name", MOMENTS)
def test_whoever_waits_is_told_where_he_stands_and_how_long(
    office: StampOffice, request_name: str
) -> None:
    moment, lane = MOMENTS[request_name]
    before(office, moment)
    rush(office, lane)
    answer = office.request(sample(request_name)).json
    position, estimate = answer["position"], answer["estimate"]
    assert position["low"] < 6_000 < position["high"]
    assert estimate["from_s"] < 600 < estimate["to_s"] <= 3 * estimate["from_s"]
    assert answer["poll_after_ms"] == 112_250


@pytest.mark.parametrize("request_name", ["read_stamping", "read_order", "read_refund"])
def test_a_state_may_be_kept_until_one_is_to_ask_again(
    office: StampOffice, request_name: str
) -> None:
    moment, lane = MOMENTS[request_name]
    before(office, moment)
    rush(office, lane)
    answer = office.request(sample(request_name))
    assert answer.headers["Cache-Control"] == "private, max-age=112"


def test_what_is_done_is_not_kept(office: StampOffice) -> None:
    before(office, "read_stamping")
    answer = office.request(sample("read_stamping"))
    assert answer.json["state"] == "stamped"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("request_name", ["read_stamping", "read_order", "read_refund"])
def test_who_asks_over_and_over_is_asked_to_wait_and_keeps_his_place(
    office: StampOffice, request_name: str
) -> None:
    moment, lane = MOMENTS[request_name]
    before(office, moment)
    rush(office, lane)
    event = sample(request_name)
    first = office.request(event)
    answers = [office.request(event) for _ in range(EARLY_LOOKS)]
    assert [answer.json for answer in answers] == [first.json] * EARLY_LOOKS
    refused = office.request(event)
    assert (refused.status, refused.json["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == "113"  # of 112.25 s: whoever obeys is answered
    office.world.pass_time(113 * SECOND)
    rush(office, lane)
    assert office.request(event).status == 200


def test_an_old_snapshot_tells_nothing(office: StampOffice) -> None:
    before(office, "stamp")
    rush(office, Lane.STAMPING)
    office.world.pass_time(16 * SECOND)
    assert_nothing_told(office, sample("read_stamping"))


def test_a_stamping_that_its_lane_has_long_passed_is_told_nothing(office: StampOffice) -> None:
    """It stumbled, and comes again by its clock: `in a moment` would not be true."""
    before(office, "stamp")
    office.world.pass_time(timedelta(minutes=12))
    rush(office, Lane.STAMPING)
    assert_nothing_told(office, sample("read_stamping"))


def test_a_stamping_that_a_worker_is_at_waits_in_no_lane(office: StampOffice) -> None:
    before(office, "stamp")
    rush(office, Lane.STAMPING)
    now = office.world.now
    for serial, one in office.world.serials.items():
        office.world.serials[serial] = replace(one, claimed_until=now + SECOND)
    assert_nothing_told(office, sample("read_stamping"))


def test_of_bulk_nobody_can_say_and_its_customer_asks_seldom(office: StampOffice) -> None:
    before(office, "request_stamping")
    rush(office, Lane.BULK)
    event = sample("request_stamping")
    event["body"] = json.dumps(json.loads(event["body"]) | {"bulk": True})
    answer = office.request(event).json
    assert (answer["position"], answer["estimate"], answer["poll_after_ms"]) == (None, None, 30_000)


def test_a_stamping_that_is_not_paid_for_stands_in_no_lane(office: StampOffice) -> None:
    before(office, "request_stamping")
    order = next(iter(office.world.orders.values()))
    pending = replace(
        order,
        state=type(order.state)("pending"),
        paid_at=None,
        payment_known_at=None,
        payment_id=None,
    )
    office.world.orders[order.order_id] = pending
    rush(office, Lane.STAMPING)
    office.request(sample("request_stamping"))
    assert_nothing_told(office, sample("read_stamping"))
    # It was sent off when its payment became known, however long that had been settled.
    office.world.orders[order.order_id] = replace(
        office.world.orders[order.order_id],
        state=order.state,
        paid_at=office.world.now - timedelta(minutes=12),
        payment_known_at=office.world.now,
    )
    assert office.request(sample("read_stamping")).json["estimate"] is not None


def assert_nothing_told(office: StampOffice, event: Event) -> None:
    answer = office.request(event).json
    assert (answer["position"], answer["estimate"], answer["poll_after_ms"]) == (None, None, 1_000)
