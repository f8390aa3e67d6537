import json
from typing import Any

from meterai.api.finding_messages import MESSAGES
from meterai.problems import PROBLEMS
from tests.fakes.stamper import DAMAGED, PAGES
from tests.unit.functions.function_app import Answer, FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, before
from tests.unit.functions.test_create_upload import SHA256
from tests.unit.functions.test_problems import assert_problem

SOUND = {
    "document": SHA256,
    "can_be_stamped": True,
    "repair_offered": False,
    "findings": [],
    "placements": [{"page": 3, "x_pt": 400.0, "y_pt": 96.5, "side_pt": 72.0}],
    "covers": [""],
    "page_count": PAGES,
    "page_sizes": [{"width_pt": 595.28, "height_pt": 841.89}] * PAGES,
    "signed": False,
    "already_stamped": [],
}
UNREAD = SOUND | {
    "can_be_stamped": False,
    "placements": [],
    "covers": [],
    "page_count": None,
    "page_sizes": [],
    "signed": None,
}


def _of(memory_app: FunctionApp, content: bytes) -> tuple[str, Answer]:
    before(memory_app, "preflight")
    document = memory_app.ports.documents.upload(ACCOUNT, content)
    body = json.loads(sample("preflight")["body"]) | {"document": document}
    return document, memory_app.request(sample("preflight") | {"body": json.dumps(body)})


def _refusal(code: str, *, repairable: bool = False, **values: Any) -> dict[str, Any]:
    return {
        "code": code,
        "severity": "refusal",
        "repairable": repairable,
        "message": PROBLEMS[code].detail.id.format(**values),
        "values": values,
    }


def test_a_sound_document_can_be_stamped(memory_app: FunctionApp) -> None:
    before(memory_app, "preflight")
    answer = memory_app.request(sample("preflight"))
    assert (answer.status, answer.json) == (200, SOUND)
    assert not memory_app.state.serials


def test_properties_that_a_portal_may_refuse_are_warnings(memory_app: FunctionApp) -> None:
    document, answer = _of(memory_app, b"%PDF-1.7 /JavaScript")
    finding = {
        "code": "javascript",
        "severity": "warning",
        "repairable": False,
        "message": MESSAGES["javascript"].id,
        "values": {},
    }
    assert answer.json == SOUND | {"document": document, "findings": [finding]}


def test_a_document_that_cannot_be_stamped_is_a_finding_and_no_error(
    memory_app: FunctionApp,
) -> None:
    document, answer = _of(memory_app, b"%PDF-1.7 /Encrypt")
    assert answer.status == 200
    assert answer.json == UNREAD | {
        "document": document,
        "findings": [_refusal("document_encrypted")],
    }


def test_a_repair_is_offered_where_it_helps(memory_app: FunctionApp) -> None:
    document, answer = _of(memory_app, b"%PDF-1.7 " + DAMAGED)
    assert answer.json == SOUND | {
        "document": document,
        "can_be_stamped": False,
        "repair_offered": True,
        "findings": [_refusal("document_damaged", repairable=True, cause="marked")],
    }


def test_a_refused_placement_leaves_the_other_findings_reported(memory_app: FunctionApp) -> None:
    before(memory_app, "preflight")
    answer = memory_app.request(sample("preflight.covers_text"))
    assert answer.json == SOUND | {
        "can_be_stamped": False,
        "placements": [],
        "covers": [],
        "findings": [_refusal("covers_text", number=1, covers="Hormat saya", page=1)],
    }


def test_a_document_that_was_not_uploaded_is_an_error(memory_app: FunctionApp) -> None:
    before(memory_app, "preflight")
    body = json.dumps({"document": "0" * 64})
    assert_problem(
        memory_app.request(sample("preflight") | {"body": body}), 409, "document_missing"
    )
