"""Each reason for which a document cannot be stamped."""

import json

import pytest

from meterai.container import container
from meterai.domain import errors
from meterai.domain.errors import DocumentRefused
from meterai.problems import PROBLEMS
from tests.unit.functions.declared import declared
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, ORDER, before
from tests.unit.functions.test_problems import assert_problem

REFUSALS: list[tuple[DocumentRefused, int]] = [
    (errors.NotAPdf(size_bytes=12), 422),
    (errors.DocumentDamaged(cause="no_pages"), 422),
    (errors.DocumentAmbiguous(cause="key_twice", key="/Contents"), 422),
    (errors.FieldsNotDrawn(field="nama"), 422),
    (errors.DocumentEncrypted(), 422),
    (errors.PermissionDenied(permissions=-44), 422),
    (errors.DocumentCertified(), 422),
    (errors.DocumentLocked(field="signature"), 422),
    (errors.FormIsXfa(), 422),
    (errors.EarlierStampBroken(serial="JV8RH39WN63LOXI5LGYQ3N"), 422),
    (errors.PageOutOfRange(page=9, page_count=2), 422),
    (errors.BoxOffPage(page=1, page_width_pt=595, page_height_pt=842), 422),
    (errors.StampSizeRefused(side_pt=20, min_side_pt=54, max_side_pt=200), 422),
    (errors.CanvasMismatch(canvas="9 x 9", page=1, page_width_pt=595, page_height_pt=842), 422),
    (errors.AnchorNotFound(text="Hormat saya", occurrence=2, found=1), 422),
    (errors.FieldNotFound(field="Pemohon", fields="-"), 422),
    (errors.NoFreeSpace(page=1, side_pt=72), 422),
    (errors.CoversText(number=1, covers="Hormat saya", page=1), 422),
    (errors.CoversStamp(number=2, other=1, page=1), 422),
    (errors.DocumentTooComplex(cause="time"), 422),
    (errors.DocumentTooLarge(size_bytes=20_000_001, limit_bytes=20_000_000), 413),
    (errors.DocumentHashMismatch(document="0" * 64), 422),
]


@pytest.mark.parametrize(("refusal", "status"), REFUSALS, ids=[one.code for one, _ in REFUSALS])
def test_a_refused_document_takes_no_slot(
    memory_app: FunctionApp, refusal: DocumentRefused, status: int
) -> None:
    def preflight(*_: object, **__: object) -> None:
        raise refusal

    before(memory_app, "request_stamping")
    with container.overriding(preflight=preflight):
        answer = memory_app.request(sample("request_stamping"))
    assert_problem(answer, status, refusal.code)
    assert {name: answer.json[name] for name in refusal.values} == refusal.values
    assert not memory_app.state.orders[ORDER].slots


@pytest.mark.parametrize(
    ("function", "port", "refusal"),
    [
        pytest.param(function, port, refusal, id=f"{function}-{refusal.code}")
        for function, port in (("preview", "previewer"),)
        for refusal, _ in REFUSALS
        if refusal.code in declared(function)
    ],
)
def test_a_route_refuses_only_for_reasons_that_it_declares(
    memory_app: FunctionApp, function: str, port: str, refusal: DocumentRefused
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise refusal

    before(memory_app, function)
    with container.overriding(**{port: refuse}):
        answer = memory_app.request(sample(function))
    assert_problem(answer, PROBLEMS[refusal.code].status, refusal.code)


def test_every_refusal_is_among_these_cases() -> None:
    assert {type(refusal) for refusal, _ in REFUSALS} == set(DocumentRefused.__subclasses__())


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"GIF89a", "not_a_pdf"), (b"%PDF-1.7 /Encrypt", "document_encrypted")],
)
def test_the_document_itself_is_checked(memory_app: FunctionApp, content: bytes, code: str) -> None:
    before(memory_app, "request_stamping")
    document = memory_app.ports.documents.upload(ACCOUNT, content)
    body = json.loads(sample("request_stamping")["body"]) | {"document": document}
    answer = memory_app.request(sample("request_stamping") | {"body": json.dumps(body)})
    assert_problem(answer, 422, code)


def test_a_missing_page_is_named(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    body = json.loads(sample("request_stamping")["body"])
    body["placements"][0]["page"] = 4
    answer = memory_app.request(sample("request_stamping") | {"body": json.dumps(body)})
    assert_problem(answer, 422, "page_out_of_range")
    assert answer.json["detail"] == "Dokumen ini 3 halaman; tidak ada halaman 4."
