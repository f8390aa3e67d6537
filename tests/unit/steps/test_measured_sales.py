"""What is sold closes buying before it is felt in a lane; what is taken elsewhere does not."""

import pytest

from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.steps.publish_load_snapshot import publish_load_snapshot
from tests.unit.steps.test_publish_load_snapshot import Hall, admission_of


@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.STAMPING])
def test_buying_pauses_for_what_was_sold_and_for_nothing_else(lane: Lane) -> None:
    hall = Hall()
    for _ in range(30):
        record_sale = ThroughputSample(
            lane, hall.state.now, "till", 200, 1, ()
        )  # the lane bears thirty a second
        hall.ports.load_metrics.put_sample(record_sale)
        publish_load_snapshot(hall.beats(1), hall.ports)
    assert admission_of(hall).is_open is (lane is not Lane.PURCHASES)
