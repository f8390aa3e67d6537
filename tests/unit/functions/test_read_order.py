from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import CHARGE, REFUND, SERIAL, before
from tests.unit.functions.test_purchase import ORDERED


def test_an_order_that_waits_for_its_money_says_how_to_pay(office: StampOffice) -> None:
    before(office, "read_order")
    answer = office.request(sample("read_order"))
    assert (answer.status, answer.json) == (200, ORDERED)


def test_a_paid_order_says_what_became_of_its_emeterai(office: StampOffice) -> None:
    before(office, "read_refund")
    answer = office.request(sample("read_order"))
    assert answer.status == 200
    assert answer.json == ORDERED | {
        "state": "paid",
        "available": 1,
        "paid_at": "2026-11-24T02:01:00Z",
        "pay": None,
        "stampings": [SERIAL],
        "refunds": [REFUND],
        "poll_after_ms": None,
    }


def test_money_that_came_and_bought_nothing_is_found_by_its_refund(office: StampOffice) -> None:
    before(office, "receive_notice")
    office.world.charges[CHARGE].amount_idr = 1_000
    office.invoke("confirm_payment", sample("confirm_payment"))
    [refund] = office.world.refunds
    assert office.request(sample("read_order")).json["refunds"] == [refund]


def test_an_unknown_order_is_not_found(office: StampOffice) -> None:
    answer = office.request(sample("read_order.unknown"))
    assert answer.status == 404
    assert answer.json == {
        "type": "urn:meterai:problem:not_found",
        "title": "Not found",
        "status": 404,
        "code": "not_found",
        "detail": "There is no such thing in your account.",
        "detail_id": "Tidak ditemukan di akun Anda.",
    }
