from meterai.domain.orders import OrderState, Taken
from meterai.domain.stampings import SerialState
from meterai.messages import StampDocument
from tests.fakes.world import Letter
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, ORDER, SERIAL, before
from tests.unit.functions.test_offer_upload import SHA256

RESERVED = {
    "stamping_id": SERIAL,
    "state": "reserved",
    "serials": [SERIAL],
    "document": SHA256,
    "portal": "sscasn",
    "requested_at": "2026-11-24T02:01:00Z",
    "promised_by": "2026-11-25T02:01:00Z",
    "stamped_at": None,
    "stamped_sha256": None,
    "download_url": None,
    "void_reason": None,
    "void_code": None,
    "poll_after_ms": 1_000,
}


def test_a_stamping_is_reserved_and_sent_to_its_lane(office: StampOffice) -> None:
    before(office, "request_stamping")
    answer = office.request(sample("request_stamping"))
    assert (answer.status, answer.json) == (202, RESERVED)
    assert office.world.orders[ORDER].slots == {0: Taken(SERIAL, SERIAL, SHA256[:8])}
    assert list(office.world.stamping_lane) == [Letter(StampDocument(serials=(SERIAL,)), ACCOUNT)]


def test_a_body_in_base64_is_the_same_request(office: StampOffice) -> None:
    before(office, "request_stamping")
    first = office.request(sample("request_stamping"))
    assert office.request(sample("request_stamping.base64")) == first
    assert len(office.world.serials) == 1


def test_two_placements_take_two_emeterai(office: StampOffice) -> None:
    before(office, "request_stamping")
    answer = office.request(sample("request_stamping.two_placements"))
    first, second = "OITER040MB3K1HG34I81XZ", "2LDL13YYPU2A6CJ4PBUVE8"
    assert answer.status == 202
    assert answer.json == RESERVED | {
        "stamping_id": first,
        "serials": [first, second],
        "portal": None,
    }
    assert {serial: one.slot for serial, one in office.world.serials.items()} == {
        first: 0,
        second: 1,
    }


def test_it_may_be_asked_before_the_money_arrives(office: StampOffice) -> None:
    before(office, "receive_notice")
    office.world.now = office.world.orders[ORDER].created_at
    answer = office.request(sample("request_stamping"))
    assert answer.status == 202
    assert answer.json == RESERVED | {
        "requested_at": "2026-11-24T02:00:00Z",
        "promised_by": "2026-11-25T02:15:00Z",
    }
    assert office.world.orders[ORDER].state is OrderState.PENDING
    assert office.world.serials[SERIAL].state is SerialState.RESERVED
    assert not office.world.stamping_lane


def test_a_box_of_no_area_takes_no_slot(office: StampOffice) -> None:
    before(office, "request_stamping")
    answer = office.request(sample("request_stamping.no_area"))
    assert answer.status == 400
    assert answer.json["errors"] == [
        {
            "field": "placements.0.side_pt",
            "message": "Input should be greater than or equal to 54",
        }
    ]
    assert not office.world.orders[ORDER].slots
