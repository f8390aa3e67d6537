"""The snapshot of the load, and what waiting clients learn from it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.container import container
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus
from meterai.entrypoints.poll_limiter import MAX_EARLY_POLLS
from tests.unit.functions.function_app import Event, FunctionApp, sample
from tests.unit.functions.story import before

SECOND = timedelta(seconds=1)


def rush(memory_app: FunctionApp, *lanes: Lane, waits_s: int = 600) -> None:
    """A snapshot in which a new message waits for ten minutes, as ten a second are taken."""
    now = memory_app.state.now
    memory_app.state.snapshot = LoadSnapshot(
        now,
        {
            lane: QueueStatus(
                lane,
                now,
                waiting=10 * waits_s,
                drained_low_per_s=10.0,
                drained_high_per_s=10.0,
                curve=tuple(
                    CumulativePoint(now + n * waits_s / 30 * SECOND, 10.0 * n * waits_s / 30)
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


def test_each_measurement_is_stored(memory_app: FunctionApp) -> None:
    with container.overriding(settings=replace_settings(load_snapshot_run_s=0)):
        assert memory_app.invoke("publish_load_snapshot", sample("publish_load_snapshot")) == {
            "measured": 1
        }
    snapshot = memory_app.state.snapshot
    assert snapshot is not None
    assert set(snapshot.lanes) == set(Lane) - {Lane.PURCHASES, Lane.ASKED_FOR}
    assert snapshot.admission is not None
    assert snapshot.admission.is_open


def replace_settings(**values: object) -> object:
    return container.settings.model_copy(update=values)


MOMENTS = {
    "read_stamping": ("stamp", Lane.STAMPING),
    "request_stamping": ("request_stamping", Lane.STAMPING),
    "read_order": ("read_order", Lane.PAYMENTS),
    "purchase": ("purchase", Lane.PAYMENTS),
    "read_refund": ("execute_refund", Lane.REFUNDS),
    "request_refund": ("request_refund", Lane.REFUNDS),
}


@pytest.mark.parametrize("request_name", MOMENTS)
def test_a_waiting_stamping_has_its_position_and_estimate(
    memory_app: FunctionApp, request_name: str
) -> None:
    moment, lane = MOMENTS[request_name]
    before(memory_app, moment)
    rush(memory_app, lane)
    answer = memory_app.request(sample(request_name)).json
    position, estimate = answer["position"], answer["estimate"]
    assert position["low"] < 6_000 < position["high"]
    assert estimate["from_s"] < 600 < estimate["to_s"] <= 3 * estimate["from_s"]
    assert answer["poll_after_ms"] == 112_250


@pytest.mark.parametrize("request_name", ["read_stamping", "read_order", "read_refund"])
def test_a_state_may_be_cached_until_the_next_poll(
    memory_app: FunctionApp, request_name: str
) -> None:
    moment, lane = MOMENTS[request_name]
    before(memory_app, moment)
    rush(memory_app, lane)
    answer = memory_app.request(sample(request_name))
    assert answer.headers["Cache-Control"] == "private, max-age=112"


def test_a_final_state_is_not_cached(memory_app: FunctionApp) -> None:
    before(memory_app, "read_stamping")
    answer = memory_app.request(sample("read_stamping"))
    assert answer.json["state"] == "stamped"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("request_name", ["read_stamping", "read_order", "read_refund"])
def test_a_client_that_polls_too_often_gets_429_and_keeps_its_position(
    memory_app: FunctionApp, request_name: str
) -> None:
    moment, lane = MOMENTS[request_name]
    before(memory_app, moment)
    rush(memory_app, lane)
    event = sample(request_name)
    first = memory_app.request(event)
    answers = [memory_app.request(event) for _ in range(MAX_EARLY_POLLS)]
    assert [answer.json for answer in answers] == [first.json] * MAX_EARLY_POLLS
    refused = memory_app.request(event)
    assert (refused.status, refused.json["code"]) == (429, "too_many_requests")
    assert (
        refused.headers["Retry-After"] == "113"
    )  # of 112.25 s: after such a pause the client is answered
    memory_app.state.pass_time(113 * SECOND)
    rush(memory_app, lane)
    assert memory_app.request(event).status == 200


def test_with_an_old_snapshot_there_is_no_position(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    rush(memory_app, Lane.STAMPING)
    memory_app.state.pass_time(16 * SECOND)
    assert_no_estimate(memory_app, sample("read_stamping"))


def test_a_stamping_that_its_lane_passed_long_ago_has_no_position(memory_app: FunctionApp) -> None:
    """It failed, and is sent again by its timer: `in a moment` would be wrong."""
    before(memory_app, "stamp")
    memory_app.state.pass_time(timedelta(minutes=12))
    rush(memory_app, Lane.STAMPING)
    assert_no_estimate(memory_app, sample("read_stamping"))


def test_a_stamping_that_a_worker_has_claimed_has_no_position(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    rush(memory_app, Lane.STAMPING)
    now = memory_app.state.now
    for serial, one in memory_app.state.serials.items():
        memory_app.state.serials[serial] = replace(one, claimed_until=now + SECOND)
    assert_no_estimate(memory_app, sample("read_stamping"))


def test_bulk_work_has_no_position_and_is_polled_rarely(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    rush(memory_app, Lane.BULK)
    event = sample("request_stamping")
    event["body"] = json.dumps(json.loads(event["body"]) | {"bulk": True})
    answer = memory_app.request(event).json
    assert (answer["position"], answer["estimate"], answer["poll_after_ms"]) == (None, None, 30_000)


def test_an_unpaid_stamping_is_in_no_lane(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    order = next(iter(memory_app.state.orders.values()))
    pending = replace(
        order,
        state=type(order.state)("pending"),
        paid_at=None,
        payment_known_at=None,
        payment_id=None,
    )
    memory_app.state.orders[order.order_id] = pending
    rush(memory_app, Lane.STAMPING)
    memory_app.request(sample("request_stamping"))
    assert_no_estimate(memory_app, sample("read_stamping"))
    # It was sent when its payment became known, however long ago that was settled.
    memory_app.state.orders[order.order_id] = replace(
        memory_app.state.orders[order.order_id],
        state=order.state,
        paid_at=memory_app.state.now - timedelta(minutes=12),
        payment_known_at=memory_app.state.now,
    )
    assert memory_app.request(sample("read_stamping")).json["estimate"] is not None


def assert_no_estimate(memory_app: FunctionApp, event: Event) -> None:
    answer = memory_app.request(event).json
    assert (answer["position"], answer["estimate"], answer["poll_after_ms"]) == (None, None, 1_000)
