from datetime import timedelta

from meterai.domain.orders.orders import OrderState
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane
from meterai.domain.waiting.selling import Closed
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.paused import pause
from tests.unit.functions.story import ORDER, before

ORDERED = {
    "order_id": ORDER,
    "state": "pending",
    "message": "Menunggu pembayaran.",
    "quantity": 3,
    "available": 3,
    "amount_idr": 30_000,
    "created_at": "2026-11-24T02:00:00Z",
    "expires_at": "2026-11-24T02:15:00Z",
    "paid_at": None,
    "pay": {
        "method": "qris",
        "qr_text": f"00020101021226{ORDER}-16304",
        "qr_page_url": f"https://gateway.example/qris/{ORDER}-1/qr-code",
        "va_bank": None,
        "va_number": None,
        "fee_idr": 0,
    },
    "retry_at": None,
    "stampings": [],
    "refund_terms": {
        "needs_account": False,
        "within_s": 86_400,
        "message": "Jika Anda meminta dana kembali, dana masuk ke aplikasi atau rekening yang Anda "
        "pakai membayar, paling lambat 24 jam setelah diminta. Jika bank Anda tidak menerimanya, "
        "sebutkan rekening bank, dan dana masuk ke sana paling lambat 3 hari setelah itu.",
    },
    "voided": [],
    "refunds": [],
    "position": None,
    "estimate": None,
    "poll_after_ms": 5_000,
}


def test_a_purchase_is_answered_with_its_payment_instruction(memory_app: FunctionApp) -> None:
    before(memory_app, "purchase")
    answer = memory_app.request(sample("purchase"))
    assert (answer.status, answer.json) == (201, ORDERED)
    assert answer.headers["Content-Type"] == "application/json"


def test_a_retry_is_the_same_order_and_the_same_charge(memory_app: FunctionApp) -> None:
    first = memory_app.request(sample("purchase"))
    again = memory_app.request(sample("purchase"))
    assert again == first
    assert (len(memory_app.state.orders), len(memory_app.state.charges)) == (1, 1)


def test_repeated_requests_for_one_order_count_as_one_sale(
    memory_app: FunctionApp,
) -> None:
    for _ in range(20):
        memory_app.request(sample("purchase"))
        memory_app.state.pass_time(timedelta(seconds=1))
    assert not memory_app.state.samples


def test_nothing_is_sold_while_buying_is_closed(memory_app: FunctionApp) -> None:
    now = memory_app.state.now
    memory_app.state.snapshot = LoadSnapshot(now, {}, closed=Closed.NO_SIGNING_IDENTITY)
    answer = memory_app.request(sample("purchase"))
    assert (answer.status, answer.json["code"]) == (503, "buying_closed")
    assert answer.headers["Retry-After"] == "300"
    assert not memory_app.state.orders


def test_sales_while_buying_is_paused_are_reported(memory_app: FunctionApp) -> None:
    pause(memory_app, watermark_s=1)
    for buyer in ("one", "another"):
        joining, event = sample("join_waiting_room"), sample("purchase")
        for one in (joining, event):
            one["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = buyer
        event["headers"]["meterai-ticket"] = memory_app.request(joining).json["ticket"]
        assert memory_app.request(event).status == 201
        memory_app.state.pass_time(timedelta(seconds=3))
        pause(memory_app, watermark_s=1)
    assert {sample.lane for sample in memory_app.state.samples.values()} == {Lane.PURCHASES}


def test_a_retry_may_leave_out_the_method_if_it_is_the_default(
    memory_app: FunctionApp,
) -> None:
    first = memory_app.request(sample("purchase"))
    again = memory_app.request(sample("purchase") | {"body": '{"quantity":3}'})
    assert again == first


def test_a_virtual_account_is_shown_by_its_number(memory_app: FunctionApp) -> None:
    answer = memory_app.request(sample("purchase.virtual_account"))
    assert answer.status == 201
    assert answer.json["pay"] == {
        "method": "virtual_account",
        "qr_text": None,
        "qr_page_url": None,
        "va_bank": "bca",
        "va_number": "333333333333333",
        "fee_idr": 0,
    }
    assert answer.json["refund_terms"] == {
        "needs_account": True,
        "within_s": 259_200,
        "message": "Pembayaran lewat virtual account tidak dapat kembali ke asalnya. Jika Anda "
        "meminta dana kembali, sebutkan rekening bank, dan dana masuk ke sana paling lambat 3 hari "
        "setelah itu.",
    }


def test_an_unknown_field_buys_nothing(memory_app: FunctionApp) -> None:
    answer = memory_app.request(sample("purchase.unknown_field"))
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json == {
        "type": "urn:meterai:problem:invalid_request",
        "title": "Permintaan tidak valid",
        "status": 400,
        "code": "invalid_request",
        "detail": "Ada isian yang kurang, tidak dikenal, atau salah format. Rinciannya ada di "
        "`errors`.",
        "errors": [{"field": "price_idr", "message": "Extra inputs are not permitted"}],
    }
    assert not memory_app.state.orders


def test_another_quantity_under_the_same_key_is_refused(memory_app: FunctionApp) -> None:
    memory_app.request(sample("purchase"))
    answer = memory_app.request(sample("purchase") | {"body": '{"quantity":4}'})
    assert answer.status == 422
    assert answer.json == {
        "type": "urn:meterai:problem:idempotency_key_reused",
        "title": "Idempotency-Key sudah dipakai",
        "status": 422,
        "code": "idempotency_key_reused",
        "detail": "Idempotency-Key ini sudah dipakai untuk permintaan lain. Gunakan kunci baru.",
    }
    order = memory_app.state.orders[ORDER]
    assert (order.quantity, order.state) == (3, OrderState.PENDING)
