"""GET /v1/places/{ticket}."""

from tests.unit.functions.paused import pause
from tests.unit.functions.stamp_office import StampOffice, sample


def test_asking_with_the_ticket_looks_nothing_up(office: StampOffice) -> None:
    office.break_down(AssertionError("a port was called"))
    pause(office, watermark_s=-100)
    answer = office.request(sample("read_place"))
    assert (answer.status, answer.json["may_buy"], answer.json["over"]) == (200, False, False)
    assert answer.json["issued_at"] == "2026-11-24T01:59:00Z"


def test_a_ticket_whose_time_is_over_is_told_so(office: StampOffice) -> None:
    pause(office, watermark_s=-1, over_s=-30)
    answer = office.request(sample("read_place"))
    assert (answer.json["may_buy"], answer.json["over"]) == (False, True)


def test_a_forged_ticket_stands_nowhere(office: StampOffice) -> None:
    pause(office, watermark_s=-100)
    answer = office.request(sample("read_place.forged"))
    assert (answer.status, answer.json["code"]) == (422, "ticket_invalid")
