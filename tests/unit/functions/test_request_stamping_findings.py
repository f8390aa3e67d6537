"""Findings about the document, in the response and later."""

import json
from typing import Any

from meterai.api.finding_messages import MESSAGES
from meterai.problems import PROBLEMS
from tests.fakes.stamper import DAMAGED, MENDED
from tests.unit.functions.function_app import Event, FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, ORDER, SERIAL, before
from tests.unit.functions.test_problems import assert_problem

DISLIKED = b"%PDF-1.7 /JavaScript "


def _request(memory_app: FunctionApp, content: bytes, **more: Any) -> Event:
    before(memory_app, "request_stamping")
    document = memory_app.ports.documents.upload(ACCOUNT, content)
    body = json.loads(sample("request_stamping")["body"]) | {"document": document} | more
    return sample("request_stamping") | {"body": json.dumps(body)}


def _finding(code: str, severity: str, message: str) -> dict[str, Any]:
    return {
        "code": code,
        "severity": severity,
        "repairable": severity == "refusal",
        "message": message,
    }


JAVASCRIPT = _finding("javascript", "warning", MESSAGES["javascript"].id)
DAMAGE = _finding(
    "document_damaged",
    "refusal",
    PROBLEMS["document_damaged"].detail.id,
)


def test_findings_are_answered_and_a_retry_answers_them_again(memory_app: FunctionApp) -> None:
    event = _request(memory_app, DISLIKED)
    first = memory_app.request(event)
    assert first.status == 202
    assert (first.json["findings"], first.json["repaired"]) == ([JAVASCRIPT], False)
    assert memory_app.request(event) == first
    assert memory_app.request(sample("read_stamping")).json["findings"] == [JAVASCRIPT]


def test_a_damaged_document_is_refused_and_a_repair_offered(memory_app: FunctionApp) -> None:
    answer = memory_app.request(_request(memory_app, b"%PDF-1.7 " + DAMAGED))
    assert_problem(answer, 422, "document_damaged")
    assert answer.json["repairable"] is True
    assert not memory_app.state.orders[ORDER].slots


def test_a_repair_is_made_on_request_and_named(memory_app: FunctionApp) -> None:
    answer = memory_app.request(_request(memory_app, DISLIKED + DAMAGED, repair=True))
    assert answer.status == 202
    assert (answer.json["findings"], answer.json["repaired"]) == ([DAMAGE, JAVASCRIPT], True)
    memory_app.invoke("stamp", sample("stamp"))
    read = memory_app.request(sample("read_stamping")).json
    assert (read["state"], read["repaired"], read["findings"]) == (
        "stamped",
        True,
        [DAMAGE, JAVASCRIPT],
    )
    assert memory_app.state.stamped[SERIAL].startswith(DISLIKED + MENDED)


def test_a_repair_of_a_sound_document_leaves_it_unchanged(memory_app: FunctionApp) -> None:
    answer = memory_app.request(_request(memory_app, DISLIKED, repair=True))
    assert (answer.json["findings"], answer.json["repaired"]) == ([JAVASCRIPT], False)
    memory_app.invoke("stamp", sample("stamp"))
    assert memory_app.state.stamped[SERIAL].startswith(DISLIKED)
