"""GET /v1/waiting-room/tickets/{ticket}."""

from meterai.entrypoints.poll_limiter import MAX_EARLY_POLLS
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.paused import SECOND, pause


def test_reading_a_ticket_makes_no_lookup(memory_app: FunctionApp) -> None:
    memory_app.break_down(AssertionError("a port was called"))
    pause(memory_app, watermark_s=-100)
    answer = memory_app.request(sample("read_ticket"))
    assert (answer.status, answer.json["may_buy"], answer.json["expired"]) == (200, False, False)
    assert answer.json["issued_at"] == "2026-11-24T01:59:00Z"


def test_an_expired_ticket_says_so(memory_app: FunctionApp) -> None:
    pause(memory_app, watermark_s=-1, over_s=-30)
    answer = memory_app.request(sample("read_ticket"))
    assert (answer.json["may_buy"], answer.json["expired"]) == (False, True)


def test_a_forged_ticket_is_refused(memory_app: FunctionApp) -> None:
    pause(memory_app, watermark_s=-100)
    answer = memory_app.request(sample("read_ticket.forged"))
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_a_response_may_be_cached_until_the_next_poll_and_privately_only(
    memory_app: FunctionApp,
) -> None:
    pause(memory_app, watermark_s=-100)
    answer = memory_app.request(sample("read_ticket"))
    seconds = answer.json["poll_after_ms"] // 1_000
    assert answer.headers["Cache-Control"] == f"private, max-age={seconds}"
    pause(memory_app, watermark_s=-1)
    turn = memory_app.request(sample("read_ticket"))
    assert turn.json["may_buy"]
    assert turn.headers["Cache-Control"] == "private, no-cache"


def test_a_client_that_polls_too_often_gets_429_and_keeps_its_position(
    memory_app: FunctionApp,
) -> None:
    pause(memory_app, watermark_s=-100)
    event = sample("read_ticket")
    first = memory_app.request(event).json
    assert [memory_app.request(event).json for _ in range(MAX_EARLY_POLLS)] == [
        first
    ] * MAX_EARLY_POLLS
    refused = memory_app.request(event)
    assert (refused.status, refused.json["code"]) == (429, "too_many_requests")
    wait_s = int(refused.headers["Retry-After"])
    assert 0 < wait_s <= first["poll_after_ms"] / 1_000 + 1
    memory_app.state.pass_time((wait_s + 1) * SECOND)
    pause(memory_app, watermark_s=-100)
    again = memory_app.request(event).json
    assert (again["ticket"], again["issued_at"]) == (first["ticket"], first["issued_at"])
