"""The address in the QR code: what it shows to everybody, and that it shows no more."""

import hashlib

from meterai.domain.stamping.serials import serial_from_digest
from tests.applicant.client import Applicant, Json, Page
from tests.e2e.customer import Customer
from tests.e2e.lane import losing
from tests.e2e.refusal import Refusal, refusal
from tests.local.environment import PORTAL

NEVER_ISSUED = serial_from_digest(hashlib.sha256(b"never issued").digest())
MAY_BE_CACHED = ("public, max-age=60", "Accept, Accept-Language")


def test_a_program_reads_the_time_of_stamping_and_the_hash_of_the_file(customer: Customer) -> None:
    stamped = _stamped_for_the_portal(customer)
    answer = _look_up(customer, stamped["stamping_id"], "application/json")

    assert (answer.status, answer.content_type) == (200, "application/json")
    assert _caching(answer) == MAY_BE_CACHED
    assert answer.json() == {
        "serial": stamped["stamping_id"],
        "state": "stamped",
        "stamped_at": stamped["stamped_at"],
        "kind": "3",
        "sha256": stamped["stamped_sha256"],
    }


def test_a_person_reads_the_same_and_not_the_account(customer: Customer) -> None:
    stamped = _stamped_for_the_portal(customer)
    serial = stamped["stamping_id"]
    answer = _look_up(customer, serial, "text/html,*/*;q=0.8")
    page = answer.content.decode()

    assert (answer.status, answer.content_type) == (200, "text/html")
    assert _caching(answer) == MAY_BE_CACHED
    assert f"{serial[:11]} {serial[11:]}" in page
    assert stamped["stamped_sha256"] in page
    private = [customer.username, customer.subject, PORTAL, "Rahasia", stamped["document"]]
    assert [word for word in private if word.lower() in page.lower()] == []
    assert "<script" not in page


def test_unknown_reserved_and_void_serials_get_the_same_response(customer: Customer) -> None:
    reserved = customer.request(customer.applicant.buy(1))
    paid = customer.paid_order()
    with losing(customer.environment, "StampingQueue"):
        void = customer.request(paid)
    customer.applicant.refund(paid["order_id"], 1)
    assert customer.applicant.stamping(void["stamping_id"])["state"] == "void"

    serials = [
        NEVER_ISSUED,
        reserved["stamping_id"],
        void["stamping_id"],
        NEVER_ISSUED[:-1] + "?",
        "x",
    ]
    pages = [_look_up(customer, serial, "text/html") for serial in serials]
    facts = [_look_up(customer, serial, "application/json") for serial in serials]

    assert {(page.status, page.content_type, page.content) for page in pages} == {
        (404, "text/html", pages[0].content)
    }
    assert {_caching(page) for page in pages} == {MAY_BE_CACHED}
    assert [refusal(fact) for fact in facts] == [Refusal(404, "not_found")] * len(serials)


def _stamped_for_the_portal(customer: Customer) -> Json:
    return customer.stamped(customer.paid_order(), portal=PORTAL, reason="Rahasia")


def test_head_of_a_public_page_says_whether_it_is_there(customer: Customer) -> None:
    serial = customer.stamped(customer.paid_order())["stamping_id"]
    public = Applicant(customer.environment.account.api_url, token=None)
    there, not_there = (public.ask("HEAD", f"/S/{one}") for one in (serial.lower(), NEVER_ISSUED))
    assert [(one.status, one.content) for one in (there, not_there)] == [(200, b""), (404, b"")]
    assert _caching(there) == MAY_BE_CACHED
    assert there.headers["meterai-request-id"] != not_there.headers["meterai-request-id"]


def _look_up(customer: Customer, serial: str, accept: str) -> Page:
    anybody = Applicant(customer.environment.account.api_url, token=None)
    return anybody.ask("GET", f"/S/{serial}", headers={"accept": accept})


def _caching(answer: Page) -> tuple[str, str]:
    return answer.headers["cache-control"], answer.headers["vary"]
