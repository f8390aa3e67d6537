import json

from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import REFUND, before
from tests.unit.functions.test_problems import assert_problem

TOKEN = json.loads(sample("claim_refund")["body"])["token"]


def test_a_refund_that_needs_an_account_offers_a_link_for_a_fortnight(office: StampOffice) -> None:
    before(office, "offer_claim")
    answer = office.request(sample("offer_claim"))
    assert (answer.status, answer.json) == (
        200,
        {"token": TOKEN, "expires_at": "2026-12-08T02:15:01Z"},
    )


def test_one_that_goes_on_by_itself_offers_none(office: StampOffice) -> None:
    before(office, "read_refund")
    answer = office.request(sample("offer_claim"))
    assert_problem(answer, 409, "no_account_needed", ["state"])
    assert answer.json["state"] == "submitted"


def test_anothers_refund_does_not_exist(office: StampOffice) -> None:
    before(office, "offer_claim")
    event = sample("offer_claim")
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "somebody else"
    assert_problem(office.request(event), 404, "not_found")
    assert REFUND in office.world.refunds
