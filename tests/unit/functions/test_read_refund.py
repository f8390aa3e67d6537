from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import before
from tests.unit.functions.test_request_refund import DUE


def test_a_refund_says_how_far_it_is_and_by_when_it_is_promised(office: StampOffice) -> None:
    before(office, "read_refund")
    answer = office.request(sample("read_refund"))
    assert (answer.status, answer.json) == (200, DUE | {"state": "submitted"})
