import json
from typing import Any

import pytest

from meterai.domain.errors import DocumentMissing, DocumentTooComplex, Unavailable
from meterai.domain.stamping.inspections import (
    FileAddress,
    PictureQuestion,
    PreflightQuestion,
    PreviewQuestion,
    RepairQuestion,
)
from meterai.domain.stamping.preflight import DocumentFacts, Preview
from meterai.entrypoints.log import logger
from meterai.inspections import read_answer
from tests.fakes.in_memory_state import fails
from tests.fakes.stamper import DAMAGED, MENDED, PNG
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, DOCUMENT, before

NOWHERE = {"url": "memory:nobody/" + "0" * 64, "sha256": "0" * 64, "max_bytes": 20_000_000}


def asked(
    memory_app: FunctionApp, content: bytes, name: str, question: dict[str, Any]
) -> dict[str, Any]:
    sha256 = memory_app.ports.documents.upload(ACCOUNT, content)
    file: FileAddress = memory_app.ports.documents.locate(ACCOUNT, sha256)
    at = {"url": file.url, "sha256": sha256, "max_bytes": file.max_bytes}
    said: dict[str, Any] = memory_app.invoke(
        "inspect", {"ask": name, "file": at, "question": question}
    )
    return said


def test_a_preflight_is_answered_with_facts(memory_app: FunctionApp) -> None:
    before(memory_app, "preflight")
    said = memory_app.invoke("inspect", sample("inspect"))
    assert said == {
        "answer": {
            "page_count": 3,
            "placements": [{"page": 1, "x_pt": 338.0, "y_pt": 221.0, "side_pt": 76.0}],
            "covers": [""],
            "already_stamped": [],
            "signed": False,
            "findings": [],
            "page_sizes_pt": [[595.28, 841.89]] * 3,
            "changed_stamps": [],
        }
    }
    question = PreflightQuestion((), allow_overlap=False, repair=True, pictures=False)
    assert isinstance(_read(question, said), DocumentFacts)


def test_a_preview_is_answered_with_a_picture(memory_app: FunctionApp) -> None:
    request = {"page": 1, "x_pt": 338.0, "y_pt": 221.0, "side_pt": 76.0}
    said = asked(
        memory_app,
        DOCUMENT,
        "preview",
        {"requests": [request], "page": None, "dpi": 96, "repair": False},
    )
    preview: Preview = _read(PreviewQuestion((), None, 96, repair=False), said)
    assert (preview.png, preview.page) == (PNG, 1)


def test_a_page_is_answered_as_a_picture(memory_app: FunctionApp) -> None:
    marks = [[10.0, 20.0, 30.0, 40.0]]
    question = {"page": 1, "marks": marks, "dpi": 96}
    said = asked(memory_app, DOCUMENT, "picture", question)
    assert _read(PictureQuestion(1, ((10.0, 20.0, 30.0, 40.0),), 96), said) == PNG


def test_a_repaired_file_is_put_where_it_is_asked_for(memory_app: FunctionApp) -> None:
    said = asked(
        memory_app, b"%PDF-1.7 " + DAMAGED, "repair", {"put_url": "https://storage.example/put"}
    )
    mended = b"%PDF-1.7 " + MENDED
    assert memory_app.state.put_by_address == {"https://storage.example/put": mended}
    assert said == {"answer": memory_app.ports.documents.upload(ACCOUNT, mended)}


def test_a_file_that_is_not_there_is_a_refusal(memory_app: FunctionApp) -> None:
    said = memory_app.invoke("inspect", {**sample("inspect"), "file": NOWHERE})
    assert said == {"refusal": "document_missing", "values": {"document": "0" * 64}}
    with pytest.raises(DocumentMissing):
        _read(RepairQuestion(""), said)


def test_what_a_sandbox_says_of_a_document_is_a_refusal(memory_app: FunctionApp) -> None:
    before(memory_app, "preflight")
    memory_app.state.hook = fails("Inspector.__call__", DocumentTooComplex(cause="time"))
    said = memory_app.invoke("inspect", sample("inspect"))
    assert said == {"refusal": "document_too_complex", "values": {"cause": "time"}}
    with pytest.raises(DocumentTooComplex):
        _read(RepairQuestion(""), said)


def test_what_says_nothing_of_a_document_is_an_error_of_the_function(
    memory_app: FunctionApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Lambda counts it, and the alarm `InspectErrors` watches the count."""
    before(memory_app, "preflight")
    memory_app.state.hook = fails("Inspector.__call__", Unavailable(party="sandbox"))
    with pytest.raises(Unavailable):
        memory_app.invoke("inspect", sample("inspect"))
    assert [one.message for one in caplog.records if one.levelname == "ERROR"] == ["no answer"]


def test_the_log_names_the_document_and_the_question_before_the_file_is_opened(
    memory_app: FunctionApp, caplog: pytest.LogCaptureFixture
) -> None:
    """What ends the function as a whole leaves no other line."""
    caplog.set_level("INFO")
    logged: list[tuple[str, object, object]] = []

    def noted(*_: str) -> None:
        keys = logger.get_current_keys()
        logged.append((caplog.records[-1].message, keys["document"], keys["question"]))

    memory_app.state.hook = noted
    memory_app.invoke("inspect", {**sample("inspect"), "file": NOWHERE})
    assert logged[0] == ("asked", NOWHERE["sha256"], "preflight")
    assert "memory:nobody" not in caplog.text + repr(logger.get_current_keys())


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"answer": {"page_count": 1}},
        {"answer": "text"},
        {"answer": None, "more": 1},
        {"refusal": "document_damaged"},
        {"refusal": "buying_paused", "values": {}},
        {"refusal": "document_damaged", "values": {"cause": [1]}},
        ["answer"],
    ],
)
def test_an_answer_of_another_shape_is_none(said: object) -> None:
    question = PreflightQuestion((), allow_overlap=False, repair=True, pictures=False)
    with pytest.raises(Unavailable):
        _read(question, said)


def _read(question: Any, said: object) -> Any:
    return read_answer(question, json.dumps(said).encode())
