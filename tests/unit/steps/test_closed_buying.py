"""Buying is open while a certificate is valid and the switch is not off. Nobody deploys for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import BuyingClosed, Unavailable
from meterai.domain.metrics import Metric
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.selling import Closed
from meterai.steps.publish_load_snapshot import publish_load_snapshot
from tests.fakes.in_memory_state import fails
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.test_publish_load_snapshot import LaneHarness

HOUR = timedelta(hours=1)


def published(harness: LaneHarness, seconds: int = 1) -> LoadSnapshot:
    publish_load_snapshot(harness.ticks(seconds), harness.ports)
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    return snapshot


def test_it_opens_when_a_certificate_is_installed_and_closes_when_it_expires() -> None:
    harness = LaneHarness()
    certificates = harness.ports.signing_certificates
    certificates.ends_at = None
    assert published(harness).closed is Closed.NO_SIGNING_IDENTITY
    certificates.ends_at = harness.state.now + HOUR
    assert published(harness).closed is None
    harness.state.pass_time(HOUR)
    assert published(harness).closed is Closed.NO_SIGNING_IDENTITY


def test_an_operator_turns_it_off_and_on() -> None:
    harness = LaneHarness()
    harness.state.buying_is_off = True
    assert published(harness).closed is Closed.SWITCHED_OFF
    harness.state.buying_is_off = False
    assert published(harness).closed is None


def test_each_run_counts_once_that_no_certificate_signs() -> None:
    harness = LaneHarness()
    harness.ports.signing_certificates.ends_at = None
    for _ in range(2):
        published(harness, seconds=5)
    assert harness.ports.metrics.recorded == [(Metric.NO_SIGNING_IDENTITY, 1)] * 2
    harness.state.buying_is_off = True
    published(harness, seconds=5)
    assert len(harness.ports.metrics.recorded) == 2


@pytest.mark.parametrize("before", [None, Closed.SWITCHED_OFF])
def test_where_it_cannot_be_read_it_stays_as_it_was_and_lanes_are_measured(
    before: Closed | None,
) -> None:
    harness = LaneHarness()
    harness.state.buying_is_off = before is not None
    published(harness)
    harness.state.buying_is_off = before is None
    harness.state.hook = fails("BuyingSwitch.is_off", Unavailable(party="dynamodb", reason="test"))
    assert publish_load_snapshot(harness.ticks(3), harness.ports) == 3
    harness.state.hook = lambda *_: None
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert (snapshot.closed, snapshot.at) == (before, harness.state.now)


def test_nobody_buys_while_it_is_closed_but_an_order_is_served() -> None:
    app = InMemoryApp()
    order = app.buy(key="before")
    app.state.snapshot = LoadSnapshot(app.state.now, {}, closed=Closed.NO_SIGNING_IDENTITY)
    assert app.buy(key="before") == order
    with pytest.raises(BuyingClosed) as closed:
        app.buy(key="after")
    assert closed.value.values == {"retry_after_s": 300}
    assert len(app.state.orders) == 1


def test_closed_stays_closed_until_a_snapshot_says_otherwise() -> None:
    """Unlike a pause, which ends when measuring stops."""
    app = InMemoryApp()
    app.state.snapshot = LoadSnapshot(app.state.now, {}, closed=Closed.SWITCHED_OFF)
    app.state.pass_time(HOUR)
    with pytest.raises(BuyingClosed):
        app.buy(key="after")
    app.state.snapshot = replace(app.state.snapshot, closed=None)
    assert app.buy(key="after").instruction
