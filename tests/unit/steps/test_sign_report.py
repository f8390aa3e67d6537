"""A verification can be had as a signed report, and never waits for one."""

import json

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.stamping.verdicts import Verdict
from meterai.steps.sign_report import sign_report
from meterai.trust.reports import check, key_id_of
from tests.fakes.in_memory_state import fails
from tests.unit.steps.in_memory_app import InMemoryApp


def _signed(app: InMemoryApp) -> tuple[str, str | None]:
    document = app.upload()
    return document, sign_report(document, app.verify(document), app.ports, app.now)


def test_a_report_says_what_the_file_was_found_to_be(app: InMemoryApp) -> None:
    app.renew_receipt_key()
    document, text = _signed(app)
    assert text is not None
    statements = app.state.receipt_statements
    _, report = check(text, statements[key_id_of(text)], json.loads(statements["root"]))
    assert (report.document, report.verdict) == (document, Verdict.NOT_STAMPED)
    assert report.size_bytes > 0
    assert report.verified_at == app.now.replace(microsecond=0)


def test_without_a_key_of_this_hour_there_is_none(
    app: InMemoryApp, caplog: pytest.LogCaptureFixture
) -> None:
    assert _signed(app)[1] is None
    assert "no report" in caplog.text


def test_where_the_keys_cannot_be_read_there_is_none(app: InMemoryApp) -> None:
    app.renew_receipt_key()
    app.state.hook = fails("ReceiptKeys.held", Unavailable(party="secretsmanager"))
    assert _signed(app)[1] is None
