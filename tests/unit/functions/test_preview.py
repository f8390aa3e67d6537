import json
from typing import Any

from meterai.api import FindingAnswer
from meterai.domain.stamping.preflight import found
from meterai.languages import Language
from tests.fakes.stamper import DAMAGED, PNG
from tests.unit.functions.function_app import Answer, FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, before
from tests.unit.functions.test_problems import assert_problem


def test_a_preview_is_a_picture_with_its_facts_in_a_header(memory_app: FunctionApp) -> None:
    before(memory_app, "preview")
    answer = memory_app.request(sample("preview"))
    assert (answer.status, answer.content) == (200, PNG)
    assert answer.headers["Content-Type"] == "image/png"
    assert json.loads(answer.headers["Meterai-Preview"]) == {
        "page": 1,
        "page_count": 3,
        "placements": [{"page": 1, "x_pt": 400.0, "y_pt": 540.0, "side_pt": 72.0}],
        "covers": [""],
        "already_stamped": [],
        "repairs": [],
    }


def test_a_preview_is_made_before_payment_and_stores_nothing(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "preview")
    slots = [order.slots for order in memory_app.state.orders.values()]
    assert memory_app.request(sample("preview")).status == 200
    assert [order.slots for order in memory_app.state.orders.values()] == slots
    assert not memory_app.state.serials
    assert not memory_app.state.signed


def test_a_preview_shows_what_would_be_covered(memory_app: FunctionApp) -> None:
    before(memory_app, "preview")
    event = sample("preview")
    body = json.loads(event["body"]) | {"placements": [{"page": 1, "x_pt": 350, "y_pt": 570}]}
    answer = memory_app.request(event | {"body": json.dumps(body)})
    assert json.loads(answer.headers["Meterai-Preview"])["covers"] == ["Hormat saya"]


def test_a_missing_anchor_text_is_reported(memory_app: FunctionApp) -> None:
    before(memory_app, "preview")
    answer = memory_app.request(sample("preview.no_such_text"))
    assert_problem(answer, 422, "anchor_not_found")
    assert answer.json["found"] == 0


def test_the_page_that_is_shown_may_be_another(memory_app: FunctionApp) -> None:
    before(memory_app, "preview")
    event = sample("preview")
    body = json.loads(event["body"])
    for page, shown in ((-1, 3), (2, 2)):
        answer = memory_app.request(event | {"body": json.dumps(body | {"page": page})})
        assert json.loads(answer.headers["Meterai-Preview"])["page"] == shown
    assert_problem(
        memory_app.request(event | {"body": json.dumps(body | {"page": 4})}),
        422,
        "page_out_of_range",
    )


def test_a_damaged_document_is_shown_repaired_on_request(
    memory_app: FunctionApp,
) -> None:
    plainly = _request(memory_app, b"%PDF-1.7 " + DAMAGED)
    assert_problem(plainly, 422, "document_damaged")
    assert plainly.json["repairable"] is True
    mended = _request(memory_app, b"%PDF-1.7 " + DAMAGED, repair=True)
    assert (mended.status, mended.content) == (200, PNG)
    finding = FindingAnswer.of(found("document_damaged"), Language.INDONESIAN).model_dump()
    assert json.loads(mended.headers["Meterai-Preview"])["repairs"] == [finding]


def test_a_repair_of_a_sound_document_reports_nothing(memory_app: FunctionApp) -> None:
    answer = _request(memory_app, b"%PDF-1.7 /JavaScript ", repair=True)
    assert json.loads(answer.headers["Meterai-Preview"])["repairs"] == []


def _request(memory_app: FunctionApp, content: bytes, **more: Any) -> Answer:
    before(memory_app, "preview")
    document = memory_app.ports.documents.upload(ACCOUNT, content)
    body = json.loads(sample("preview")["body"]) | {"document": document} | more
    return memory_app.request(sample("preview") | {"body": json.dumps(body)})
