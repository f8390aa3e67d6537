from meterai.domain.orders.orders import OrderState
from meterai.messages import CheckOrder
from tests.fakes.in_memory_state import Letter
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, ORDER, before
from tests.unit.functions.test_purchase import ORDERED

CLOSING = ORDERED | {
    "message": "Jangan dibayar lagi. Pesanan ditutup setelah penyedia pembayaran memastikan tidak "
    "ada uang yang masuk.",
    "expires_at": "2026-11-24T02:00:00Z",
    "pay": None,
}


def test_an_order_is_cancelled_and_the_gateway_requested_to_close_its_charge(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "read_order")
    answer = memory_app.request(sample("cancel_order"))
    assert (answer.status, answer.json) == (202, CLOSING)
    assert list(memory_app.state.payments_lane) == [Letter(CheckOrder(order_id=ORDER), ACCOUNT)]


def test_it_is_closed_once_the_gateway_reports_that_no_payment_came(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "read_order")
    memory_app.request(sample("cancel_order"))
    memory_app.invoke("confirm_payment", sample("confirm_payment.order_due"))
    cancelled = CLOSING | {
        "state": "cancelled",
        "message": "Dibatalkan. Uang yang masih masuk dikembalikan otomatis.",
        "available": 0,
        "position": None,
        "estimate": None,
        "poll_after_ms": None,
    }
    assert memory_app.request(sample("read_order")).json == cancelled
    assert memory_app.request(sample("cancel_order")).json == cancelled


def test_a_paid_order_is_not_cancelled(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    answer = memory_app.request(sample("cancel_order"))
    assert (answer.status, answer.json["code"]) == (409, "order_paid")
    assert memory_app.state.orders[ORDER].state is OrderState.PAID
