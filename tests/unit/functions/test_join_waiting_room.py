"""POST /v1/waiting-room/tickets, and buying with a ticket."""

from dataclasses import replace

import pytest

from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.paused import SECOND, pause


def test_while_buying_is_open_no_ticket_is_needed(memory_app: FunctionApp) -> None:
    answer = memory_app.request(sample("join_waiting_room"))
    assert (answer.status, answer.json["may_buy"], answer.json["ticket"]) == (200, True, None)
    assert not memory_app.state.places


def test_a_ticket_has_its_position_the_wait_and_when_to_poll(
    memory_app: FunctionApp,
) -> None:
    pause(memory_app, watermark_s=-100)
    answer = memory_app.request(sample("join_waiting_room"))
    assert answer.status == 200
    assert answer.json["ticket"].startswith("1795485600000.")
    assert (answer.json["may_buy"], answer.json["expired"]) == (False, False)
    position, estimate = answer.json["position"], answer.json["estimate"]
    assert position["low"] < 1_000 <= position["high"]
    assert estimate["from_s"] < 50 < estimate["to_s"] <= 3 * estimate["from_s"]
    assert 5_000 <= answer.json["poll_after_ms"] <= 1_000 * estimate["from_s"]
    assert memory_app.request(sample("join_waiting_room")).json == answer.json


def test_a_ticket_says_that_its_turn_has_come_and_then_that_it_is_over(
    memory_app: FunctionApp,
) -> None:
    pause(memory_app, watermark_s=-100)
    memory_app.request(sample("join_waiting_room"))
    pause(memory_app, watermark_s=1)
    turn = memory_app.request(sample("join_waiting_room")).json
    assert (turn["may_buy"], turn["expired"], turn["estimate"]) == (True, False, None)
    assert turn["poll_after_ms"] is None


def test_a_purchase_while_buying_is_paused_is_told_when_to_retry(memory_app: FunctionApp) -> None:
    pause(memory_app, watermark_s=-100)
    answer = memory_app.request(sample("purchase"))
    assert (answer.status, answer.json["code"]) == (503, "buying_paused")
    assert int(answer.headers["Retry-After"]) == answer.json["retry_after_s"] == 2
    assert not memory_app.state.orders


@pytest.mark.parametrize("name", ["Meterai-Ticket", "meterai-ticket"])
def test_a_purchase_with_a_ticket_whose_turn_has_come_is_made(
    memory_app: FunctionApp, name: str
) -> None:
    pause(memory_app, watermark_s=-100)
    ticket = memory_app.request(sample("join_waiting_room")).json["ticket"]
    pause(memory_app, watermark_s=1)
    event = sample("purchase")
    answer = memory_app.request(event | {"headers": event["headers"] | {name: ticket}})
    assert answer.status == 201
    (place,) = memory_app.state.places.values()
    assert place.used_by == answer.json["order_id"]


def test_an_old_snapshot_does_not_pause_buying(memory_app: FunctionApp) -> None:
    pause(memory_app, watermark_s=-100)
    snapshot = memory_app.state.snapshot
    assert snapshot is not None
    old = replace(snapshot, at=memory_app.state.now - 120 * SECOND)
    memory_app.state.snapshot = old
    assert memory_app.request(sample("purchase")).status == 201
