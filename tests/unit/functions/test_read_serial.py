import base64
import gzip
import hashlib
import re
from typing import Any

import pytest

from tests.unit.functions.function_app import Answer, FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, ORDER, SERIAL, before
from tests.unit.functions.test_problems import REQUEST_ID
from tests.unit.functions.test_stamp import STAMPED_SHA256


def test_a_program_gets_the_facts_that_are_printed_on_the_document(memory_app: FunctionApp) -> None:
    before(memory_app, "read_serial")
    answer = memory_app.request(sample("read_serial"))
    assert (answer.status, answer.json) == (
        200,
        {
            "serial": SERIAL,
            "state": "stamped",
            "stamped_at": "2026-11-24T02:01:00Z",
            "kind": "3",
            "sha256": STAMPED_SHA256,
        },
    )
    assert answer.headers == {
        "Content-Type": "application/json",
        "Cache-Control": "public, max-age=60",
        "Vary": "Accept, Accept-Language",
        "Content-Language": "id",
        "Meterai-Request-Id": REQUEST_ID,
    }


def test_a_serial_may_be_typed_in_lower_case(memory_app: FunctionApp) -> None:
    before(memory_app, "read_serial")
    event = sample("read_serial")
    typed = event["rawPath"].replace(SERIAL, SERIAL.lower())
    event["requestContext"]["http"]["path"] = typed
    event |= {"rawPath": typed, "pathParameters": {"serial": SERIAL.lower()}}
    assert memory_app.request(event) == memory_app.request(sample("read_serial"))


@pytest.mark.parametrize("name", ["read_serial", "read_serial.phone", "read_serial.unknown"])
def test_head_is_answered_as_get_without_the_body(memory_app: FunctionApp, name: str) -> None:
    before(memory_app, "read_serial")
    event = sample(name)
    as_get = memory_app.request(event)
    event["requestContext"]["http"]["method"] = "HEAD"
    answer = Answer.of(memory_app.invoke("read_serial", event))
    assert (answer.status, answer.headers, answer.content) == (as_get.status, as_get.headers, b"")


def test_a_phone_gets_a_page_that_loads_nothing(memory_app: FunctionApp) -> None:
    before(memory_app, "read_serial")
    answer = memory_app.request(sample("read_serial.phone"))
    style = answer.text.partition("<style>")[2].partition("</style>")[0].encode()
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert answer.status == 200
    assert answer.headers == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "public, max-age=60",
        "Vary": "Accept, Accept-Language",
        "Content-Language": "id",
        "Meterai-Request-Id": REQUEST_ID,
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    shown = (SERIAL[:11], SERIAL[11:], "24 November 2026, 09.01 WIB", STAMPED_SHA256)
    assert [text in answer.text for text in shown] == [True] * 4
    assert not re.search(r"<(link|script|img)\b", answer.text)
    assert len(gzip.compress(answer.content)) < 6_000


def test_who_has_the_file_is_led_to_the_page_that_checks_it(memory_app: FunctionApp) -> None:
    before(memory_app, "read_serial")
    page = memory_app.request(sample("read_serial.phone")).text
    assert '<a href="/periksa">Punya berkasnya?' in page


def test_a_phone_with_an_unknown_serial_gets_a_page_that_says_so(memory_app: FunctionApp) -> None:
    answer = memory_app.request(sample("read_serial.unknown"))
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<title>Nomor seri e-meterai tidak dikenal · Meterai</title>" in answer.text


@pytest.mark.parametrize("moment", ["purchase", "stamp"])
def test_a_serial_that_is_on_no_document_gets_the_response_of_an_unknown_one(
    memory_app: FunctionApp, moment: str
) -> None:
    before(memory_app, moment)
    reserved = memory_app.request(sample("read_serial"))
    never_was = memory_app.request(_of("0000000000000000000009"))
    not_a_serial = memory_app.request(_of("x"))
    assert reserved.status == 404
    assert reserved == never_was == not_a_serial


def test_the_public_never_learns_the_account(memory_app: FunctionApp) -> None:
    before(memory_app, "read_serial")
    texts = [memory_app.request(sample(name)).text for name in ("read_serial", "read_serial.phone")]
    for secret in (ACCOUNT, ORDER, "sscasn", "Surat pernyataan 5 poin"):
        assert [secret in text for text in texts] == [False, False]


def _of(serial: str) -> dict[str, Any]:
    event = sample("read_serial")
    path = f"/S/{serial}"
    event["requestContext"]["http"]["path"] = path
    return event | {"rawPath": path, "pathParameters": {"serial": serial}}
