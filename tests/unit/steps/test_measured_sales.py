"""Sales close buying before they are felt in a lane; samples of other lanes do not."""

import pytest

from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.steps.publish_load_snapshot import publish_load_snapshot
from tests.unit.steps.test_publish_load_snapshot import LaneHarness, admission_of


@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.STAMPING])
def test_buying_pauses_after_too_many_sales_and_for_no_other_sample(lane: Lane) -> None:
    harness = LaneHarness()
    for _ in range(30):  # the lane's capacity is thirty a second
        sale = ThroughputSample(lane, harness.state.now, "purchase", 200, 1, ())
        harness.ports.load_metrics.put_sample(sale)
        publish_load_snapshot(harness.ticks(1), harness.ports)
    assert admission_of(harness).is_open is (lane is not Lane.PURCHASES)
