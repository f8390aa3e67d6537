import json
from unittest.mock import patch

from meterai import services
from meterai.messages import NoticeArrived
from meterai.payments.doors import notice_check_of
from tests.fakes.world import Letter
from tests.unit.functions.stamp_office import SETTINGS, Event, StampOffice, sample
from tests.unit.functions.story import before
from tests.unit.functions.test_problems import assert_problem


def test_a_notice_is_queued_raw(office: StampOffice) -> None:
    before(office, "receive_notice")
    answer = office.request(sample("receive_notice"))
    assert (answer.status, answer.json) == (200, {"status": "queued"})
    notice = NoticeArrived(gateway="midtrans", body=sample("receive_notice")["body"])
    assert list(office.world.payments_lane) == [Letter(notice, group="")]


def test_the_sample_of_the_queue_is_what_was_queued(office: StampOffice) -> None:
    before(office, "confirm_payment")
    (letter,) = office.world.payments_lane
    assert sample("confirm_payment")["Records"][0]["body"] == letter.message.model_dump_json()


def test_a_forged_notice_is_refused_and_queues_nothing(office: StampOffice) -> None:
    before(office, "receive_notice")
    answer = office.request(sample("receive_notice.forged"))
    assert answer.status == 400
    assert answer.json == {
        "type": "urn:meterai:problem:notice_refused",
        "title": "Notice refused",
        "status": 400,
        "code": "notice_refused",
        "detail": "The notice is malformed or its signature does not verify.",
        "detail_id": "Pemberitahuan salah bentuk atau tanda tangannya tidak cocok.",
        "reason": "signature",
    }
    assert not office.world.payments_lane


def to_xendit(token: str) -> Event:
    event = sample("receive_notice")
    body = {"event": "payment.succeeded", "data": {"reference_id": "ord_A-1"}}
    return event | {
        "rawPath": "/v1/notices/xendit",
        "pathParameters": {"gateway": "xendit"},
        "headers": event["headers"] | {"X-Callback-Token": token},
        "requestContext": event["requestContext"]
        | {"http": event["requestContext"]["http"] | {"path": "/v1/notices/xendit"}},
        "body": json.dumps(body),
    }


def test_a_notice_of_a_gateway_that_is_not_ours_finds_nobody(office: StampOffice) -> None:
    assert_problem(office.request(to_xendit("ours")), 404, "not_found")
    assert not office.world.payments_lane


def test_an_office_that_deals_with_xendit_takes_its_notices_and_only_with_its_token(
    office: StampOffice,
) -> None:
    joined = {
        "settings": SETTINGS.model_copy(update={"gateway": "xendit"}),
        "notice_checks": {"xendit": notice_check_of("xendit", {"callback_token": "ours"})},
    }
    with patch.dict(vars(services.office), joined):
        assert_problem(office.request(to_xendit("guessed")), 400, "notice_refused", ["reason"])
        assert office.request(to_xendit("ours")).status == 200
        assert office.request(sample("receive_notice")).status == 404
    (letter,) = office.world.payments_lane
    assert letter.message == NoticeArrived(gateway="xendit", body=to_xendit("")["body"])
