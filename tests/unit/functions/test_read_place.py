"""GET /v1/places/{ticket}."""

from meterai.entry.patience import EARLY_LOOKS
from tests.unit.functions.paused import SECOND, pause
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


def test_an_answer_may_be_kept_until_it_is_to_be_asked_again_and_by_nobody_else(
    office: StampOffice,
) -> None:
    pause(office, watermark_s=-100)
    answer = office.request(sample("read_place"))
    seconds = answer.json["poll_after_ms"] // 1_000
    assert answer.headers["Cache-Control"] == f"private, max-age={seconds}"
    pause(office, watermark_s=-1)
    turn = office.request(sample("read_place"))
    assert turn.json["may_buy"]
    assert turn.headers["Cache-Control"] == "private, no-cache"


def test_who_asks_over_and_over_is_asked_to_wait_and_keeps_his_place(office: StampOffice) -> None:
    pause(office, watermark_s=-100)
    event = sample("read_place")
    first = office.request(event).json
    assert [office.request(event).json for _ in range(EARLY_LOOKS)] == [first] * EARLY_LOOKS
    refused = office.request(event)
    assert (refused.status, refused.json["code"]) == (429, "too_many_requests")
    wait_s = int(refused.headers["Retry-After"])
    assert 0 < wait_s <= first["poll_after_ms"] / 1_000 + 1
    office.world.pass_time((wait_s + 1) * SECOND)
    pause(office, watermark_s=-100)
    again = office.request(event).json
    assert (again["ticket"], again["issued_at"]) == (first["ticket"], first["issued_at"])
