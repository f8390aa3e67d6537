from meterai.messages import NoticeArrived
from tests.fakes.world import Letter
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import before


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
