from meterai.domain.orders import OrderState
from meterai.messages import OrderIsDue
from tests.fakes.world import Letter
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, ORDER, before
from tests.unit.functions.test_purchase import ORDERED

CLOSING = ORDERED | {
    "says": "Do not pay it any more. It closes once the payment gateway has said that no money "
    "came.",
    "says_id": "Jangan dibayar lagi. Ditutup setelah gerbang pembayaran memastikan tidak ada uang "
    "masuk.",
    "expires_at": "2026-11-24T02:00:00Z",
    "pay": None,
}


def test_an_order_is_given_up_and_the_gateway_asked_to_take_no_more(office: StampOffice) -> None:
    before(office, "read_order")
    answer = office.request(sample("cancel_order"))
    assert (answer.status, answer.json) == (202, CLOSING)
    assert list(office.world.payments_lane) == [Letter(OrderIsDue(order_id=ORDER), ACCOUNT)]


def test_it_is_cancelled_once_the_gateway_has_said_that_no_money_came(office: StampOffice) -> None:
    before(office, "read_order")
    office.request(sample("cancel_order"))
    office.invoke("confirm_payment", sample("confirm_payment.order_due"))
    cancelled = CLOSING | {
        "state": "cancelled",
        "says": "It was cancelled. Money that still comes goes back by itself.",
        "says_id": "Sudah dibatalkan. Uang yang masih masuk kembali dengan sendirinya.",
        "available": 0,
        "position": None,
        "estimate": None,
        "poll_after_ms": None,
    }
    assert office.request(sample("read_order")).json == cancelled
    assert office.request(sample("cancel_order")).json == cancelled


def test_a_paid_order_is_not_cancelled(office: StampOffice) -> None:
    before(office, "request_stamping")
    answer = office.request(sample("cancel_order"))
    assert (answer.status, answer.json["code"]) == (409, "order_paid")
    assert office.world.orders[ORDER].state is OrderState.PAID
