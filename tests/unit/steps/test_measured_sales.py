"""What is sold closes buying before it is felt in a lane; what is taken elsewhere does not."""

import pytest

from meterai.domain.flow import Lane, Tally
from meterai.steps.measure import measure
from tests.unit.steps.test_measure import Hall, admission_of


@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.STAMPING])
def test_buying_pauses_for_what_was_sold_and_for_nothing_else(lane: Lane) -> None:
    hall = Hall()
    for _ in range(30):
        sold = Tally(lane, hall.world.now, "till", 200, 1, ())  # the lane bears thirty a second
        hall.ports.gauges.tell(sold)
        measure(hall.beats(1), hall.needs)
    assert admission_of(hall).is_open is (lane is not Lane.PURCHASES)
