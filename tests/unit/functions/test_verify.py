import json
from typing import Any

from meterai.api.verdict_messages import CHANGES, VERDICTS, change_message, verdict_message
from meterai.domain.stamping.later_changes import ChangeKind
from meterai.domain.stamping.verdicts import Cause, Verdict
from meterai.languages import Language
from meterai.trust.reports import check, key_id_of
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, SERIAL, before
from tests.unit.functions.test_create_upload import SHA256
from tests.unit.functions.test_stamp import STAMPED_SHA256

GENUINE = "Asli: persis seperti yang diterbitkan. Tidak ada yang perlu dilakukan."


def verify(app: FunctionApp, content: bytes, language: str = "en") -> dict[str, Any]:
    """The answer on this file, uploaded by the applicant."""
    document = app.ports.documents.upload(ACCOUNT, content)
    event = sample("verify") | {"body": json.dumps({"document": document})}
    event["headers"] = event["headers"] | {"accept-language": language}
    answer = app.request(event)
    assert (answer.status, answer.json["document"]) == (200, document)
    found: dict[str, Any] = answer.json
    return found


def test_a_stamped_file_is_genuine(memory_app: FunctionApp) -> None:
    before(memory_app, "verify")
    answer = memory_app.request(sample("verify"))
    assert (answer.status, answer.json) == (
        200,
        {
            "document": STAMPED_SHA256,
            "verdict": "genuine",
            "cause": None,
            "message": GENUINE,
            "proven": 1,
            "stamps": [
                {
                    "serial": SERIAL,
                    "verdict": "genuine",
                    "cause": None,
                    "message": GENUINE,
                    "stamped_at": "2026-11-24T02:01:00Z",
                    "page": 3,
                    "box": [400.0, 96.5, 472.0, 168.5],
                    "signer": "Meterai",
                    "integrity": "as_issued",
                    "certificate": "ours",
                    "trust": "not_checked",
                    "revocation": "not_checked",
                }
            ],
            "later_changes": [],
            "report": None,
        },
    )


def test_the_file_as_it_was_before_is_not_stamped(memory_app: FunctionApp) -> None:
    before(memory_app, "verify")
    answer = memory_app.request(sample("verify.not_stamped"))
    assert (answer.status, answer.json) == (
        200,
        {
            "document": SHA256,
            "verdict": "not_stamped",
            "cause": None,
            "message": "Tidak ada e-meterai dan tidak ada tanda tangan di berkas ini. Jika "
            "seharusnya ada, minta pemiliknya mengirimkan berkas yang diunduh setelah dibubuhi.",
            "proven": 0,
            "stamps": [],
            "later_changes": [],
            "report": None,
        },
    )


def test_what_was_changed_later_is_named_with_its_place(memory_app: FunctionApp) -> None:
    before(memory_app, "verify")
    answer = verify(memory_app, memory_app.state.stamped[SERIAL] + b" and more")
    assert (answer["verdict"], answer["cause"], answer["proven"]) == ("altered", "changed", 0)
    assert "Do not accept it" in answer["message"]
    assert answer["later_changes"] == [
        {
            "revision": 1,
            "what": "page",
            "message": "What a page shows is changed. Do not rely on that page.",
            "page": 1,
            "box": [10.0, 20.0, 30.0, 40.0],
            "signer": None,
            "at": None,
            "part": None,
        }
    ]


def test_a_signed_report_is_answered_on_request(memory_app: FunctionApp) -> None:
    before(memory_app, "verify")
    memory_app.invoke("renew_receipt_key", sample("renew_receipt_key"))
    body = json.loads(sample("verify")["body"]) | {"report": True}
    answer = memory_app.request(sample("verify") | {"body": json.dumps(body)}).json
    statements = memory_app.state.receipt_statements
    root = json.loads(statements["root"])
    _, report = check(answer["report"], statements[key_id_of(answer["report"])], root)
    assert (report.document, report.verdict.value) == (answer["document"], answer["verdict"])
    (stamp,) = report.stamps
    assert (stamp.serial, stamp.page) == (SERIAL, 3)
    told = answer["stamps"][0]
    for name in ("integrity", "certificate", "trust", "revocation"):
        assert getattr(stamp, name) == told[name]


def test_a_file_that_cannot_be_read_gets_a_verdict_and_advice(memory_app: FunctionApp) -> None:
    before(memory_app, "verify")
    for content, cause in ((b"GIF89a", "not_a_pdf"), (b"%PDF- /Encrypt", "document_encrypted")):
        answer = verify(memory_app, content)
        assert (answer["verdict"], answer["cause"], answer["stamps"]) == ("unreadable", cause, [])
        assert "download the stamped file again" in answer["message"]


def test_every_verdict_cause_and_change_has_sentences_in_both_languages() -> None:
    for language in Language:
        for verdict in Verdict:
            for cause in (None, *Cause):
                assert verdict_message(verdict, cause, language)
        for what in ChangeKind:
            assert change_message(what, language)
    assert {verdict for verdict, _ in VERDICTS} == set(Verdict)
    assert set(CHANGES) == set(ChangeKind)


WHAT_TO_DO = {
    Language.ENGLISH: (
        *("othing needs to be done", "ask ", "Ask ", "Do not ", "verify it", "download "),
        "Follow ",
    ),
    Language.INDONESIAN: (
        *("idak ada yang perlu dilakukan", "minta ", "Minta ", "Jangan ", "eriksa ", "unduh "),
        "Ikuti ",
    ),
}


def test_every_verdict_and_every_change_says_what_to_do() -> None:
    silent = [
        sentence
        for language, words in WHAT_TO_DO.items()
        for text in (*VERDICTS.values(), *CHANGES.values())
        if not any(word in (sentence := text.in_language(language)) for word in words)
    ]
    assert silent == []
