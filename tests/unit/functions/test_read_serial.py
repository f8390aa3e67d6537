from typing import Any

import pytest

from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, ORDER, SERIAL, before
from tests.unit.functions.test_stamp import STAMPED_SHA256


def test_a_program_is_told_what_stands_on_the_document(office: StampOffice) -> None:
    before(office, "read_serial")
    answer = office.request(sample("read_serial"))
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
        "Vary": "Accept",
    }


def test_a_phone_is_shown_a_page_that_loads_nothing(office: StampOffice) -> None:
    before(office, "read_serial")
    answer = office.request(sample("read_serial.phone"))
    assert answer.status == 200
    assert answer.headers == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "public, max-age=60",
        "Vary": "Accept",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    shown = (SERIAL[:11], SERIAL[11:], "24 November 2026, 09.01 WIB", STAMPED_SHA256)
    assert [text in answer.text for text in shown] == [True] * 4


def test_a_phone_with_an_unknown_serial_is_shown_so(office: StampOffice) -> None:
    answer = office.request(sample("read_serial.unknown"))
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<title>Nomor seri e-meterai tidak dikenal</title>" in answer.text


@pytest.mark.parametrize("moment", ["purchase", "stamp"])
def test_a_serial_that_is_not_on_a_document_answers_like_none(
    office: StampOffice, moment: str
) -> None:
    before(office, moment)
    reserved = office.request(sample("read_serial"))
    never_was = office.request(_of("0000000000000000000009"))
    not_a_serial = office.request(_of("x"))
    assert reserved.status == 404
    assert reserved == never_was == not_a_serial


def test_the_public_never_learns_whose_it_is(office: StampOffice) -> None:
    before(office, "read_serial")
    texts = [office.request(sample(name)).text for name in ("read_serial", "read_serial.phone")]
    for secret in (ACCOUNT, ORDER, "sscasn", "Surat pernyataan 5 poin"):
        assert [secret in text for text in texts] == [False, False]


def _of(serial: str) -> dict[str, Any]:
    event = sample("read_serial")
    path = f"/S/{serial}"
    event["requestContext"]["http"]["path"] = path
    return event | {"rawPath": path, "pathParameters": {"serial": serial}}
