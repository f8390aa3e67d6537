from datetime import timedelta

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import ChargeState
from tests.fakes.in_memory_state import Moment
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import CHARGE, ORDER, REFUND, SERIAL, before
from tests.unit.functions.test_purchase import ORDERED

NO_INSTRUCTION = {
    "message": "Petunjuk pembayaran belum ada. Kirim lagi permintaan yang sama, dengan "
    "Idempotency-Key yang sama, pada waktu `retry_at`.",
}


def test_an_order_that_waits_for_payment_has_its_payment_instruction(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "read_order")
    answer = memory_app.request(sample("read_order"))
    assert (answer.status, answer.json) == (200, ORDERED)


def test_a_paid_order_shows_the_use_of_its_emeterai(memory_app: FunctionApp) -> None:
    before(memory_app, "read_refund")
    answer = memory_app.request(sample("read_order"))
    assert answer.status == 200
    assert answer.json == ORDERED | {
        "state": "paid",
        "message": "Sudah dibayar. E-meterai dapat dibubuhkan pada dokumen, atau dananya "
        "dikembalikan.",
        "available": 1,
        "paid_at": "2026-11-24T02:01:00Z",
        "pay": None,
        "stampings": [SERIAL],
        "voided": [],
        "refunds": [REFUND],
        "position": None,
        "estimate": None,
        "poll_after_ms": None,
    }


def test_an_order_whose_qr_was_lost_says_when_to_request_it_again(memory_app: FunctionApp) -> None:
    """The gateway made the charge, and its response was lost: it returns the QR only once."""
    before(memory_app, "purchase")
    bought = ORDERED | {"pay": None, "retry_at": "2026-11-24T02:00:15Z", **NO_INSTRUCTION}

    def lose(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Gateway.charge"):
            raise Unavailable(party="gateway")

    memory_app.state.hook = lose
    assert memory_app.request(sample("purchase")).status == 503
    memory_app.state.hook = lambda _moment, _call: None
    assert memory_app.request(sample("purchase")).json == bought
    assert memory_app.request(sample("read_order")).json == bought

    memory_app.state.pass_time(timedelta(seconds=15))
    again = memory_app.request(sample("purchase")).json
    assert again["retry_at"] is None
    assert again["pay"]["qr_text"].startswith(f"00020101021226{ORDER}-2")
    assert memory_app.request(sample("read_order")).json == again


def test_a_payment_that_bought_nothing_is_found_by_its_refund(memory_app: FunctionApp) -> None:
    before(memory_app, "receive_webhook")
    memory_app.state.charges[CHARGE].amount_idr = 1_000
    memory_app.invoke("confirm_payment", sample("confirm_payment"))
    [refund] = memory_app.state.refunds
    assert memory_app.request(sample("read_order")).json["refunds"] == [refund]


def test_an_unknown_order_is_not_found(memory_app: FunctionApp) -> None:
    answer = memory_app.request(sample("read_order.unknown"))
    assert answer.status == 404
    assert answer.json == {
        "type": "urn:meterai:problem:not_found",
        "title": "Tidak ditemukan",
        "status": 404,
        "code": "not_found",
        "detail": "Data yang Anda cari tidak ada di akun Anda. Periksa kembali alamat atau "
        "nomornya.",
    }


def test_a_rejected_payment_is_not_offered_again(memory_app: FunctionApp) -> None:
    before(memory_app, "receive_webhook")
    memory_app.state.charges[CHARGE].state = ChargeState.DENIED
    memory_app.state.charges[CHARGE].settled_at = None
    memory_app.invoke("confirm_payment", sample("confirm_payment"))
    answer = memory_app.request(sample("read_order")).json
    assert (answer["state"], answer["pay"]) == ("pending", None)
    assert answer["retry_at"] == "2026-11-24T02:00:15Z", "at once"
    assert answer["message"].startswith("Pembayaran ditolak atau kodenya tidak berlaku lagi.")
    again = memory_app.request(sample("purchase")).json
    assert again["pay"]["qr_text"].startswith(f"00020101021226{ORDER}-2")
    assert memory_app.request(sample("read_order")).json == again


def test_what_has_expired_is_not_offered(memory_app: FunctionApp) -> None:
    before(memory_app, "read_order")
    memory_app.state.pass_time(timedelta(minutes=15))
    answer = memory_app.request(sample("read_order")).json
    assert (answer["state"], answer["pay"], answer["retry_at"]) == ("pending", None, None)
    assert answer["message"].startswith("Jangan dibayar lagi.")
