"""A person without script buys on the pages: from the answers to the stamped file, by HTTP."""

from datetime import timedelta

from tests.applicant.client import Json
from tests.e2e.customer import Customer, letter
from tests.e2e.drafts import order_id_of, prepared
from tests.e2e.own_pages import OwnPages
from tests.e2e.passing_time import order_ages, sweep
from tests.e2e.test_paused_buying import MINUTE, paused
from tests.e2e.test_stamping_lanes import store_snapshot


def test_what_is_paid_on_the_pages_is_stamped_and_fetched_there(customer: Customer) -> None:
    pages, address = OwnPages.of(customer), prepared(customer, letter(1), letter(2))

    assert "2 e-meterai, masing-masing Rp10.000" in pages.text(f"{address}/ringkasan")
    assert pages.send(f"{address}/ringkasan", cara="qris") == f"{address}/bayar"
    assert pages.get(f"{address}/ringkasan").headers["location"] == f"{address}/bayar"
    assert len(customer.applicant.get("/v1/orders")["orders"]) == 1
    assert pages.get(f"{address}/bayar/gambar").content.startswith(b"\x89PNG")

    _pay(customer, address)
    assert pages.get(f"{address}/bayar").headers["location"] == f"{address}/proses"
    assert pages.text(f"{address}/berkas").count("Unduh PDF") == 2
    for serial in customer.applicant.order(order_id_of(customer, address))["stampings"]:
        where = pages.get(f"/saya/berkas/{serial}").headers["location"]
        file = customer.applicant.open(where).content
        uploaded = customer.applicant.upload(file)
        verdict = customer.applicant.post("/v1/verifications", {"document": uploaded})
        assert verdict["verdict"] == "genuine"


def test_e_meterai_that_were_bought_before_stamp_at_once(customer: Customer) -> None:
    pages, order = OwnPages.of(customer), customer.paid_order(2)
    calm, urgent = prepared(customer, letter(3)), prepared(customer, letter(4), portal="sscasn")

    assert pages.send(f"{calm}/ringkasan", pesanan=order["order_id"]) == f"{calm}/bayar"
    store_snapshot(customer.environment, deadline_in=timedelta(minutes=20))
    assert pages.send(f"{urgent}/ringkasan", pesanan=order["order_id"]) == f"{urgent}/bayar"
    customer.settle()
    for address in (calm, urgent):
        assert "Unduh PDF" in pages.text(f"{address}/berkas")


def test_money_that_comes_too_late_goes_back_and_another_code_is_paid(customer: Customer) -> None:
    pages, address = OwnPages.of(customer), prepared(customer, letter(5))
    pages.send(f"{address}/ringkasan", cara="qris")
    late = {"order_id": order_id_of(customer, address)}
    order_ages(customer.environment, late, timedelta(minutes=20))
    assert "Jangan dibayar lagi" in pages.text(f"{address}/bayar")
    sweep(customer.environment)

    again = pages.send(f"{address}/bayar", aksi="baru", pesanan=late["order_id"])
    assert again == f"{address}/bayar"
    assert order_id_of(customer, address) != late["order_id"]
    _pay(customer, address)
    assert "Unduh PDF" in pages.text(f"{address}/berkas")


def test_an_order_is_given_up_and_its_draft_is_bought_in_its_turn(customer: Customer) -> None:
    pages, address = OwnPages.of(customer), prepared(customer, letter(6))
    pages.send(f"{address}/ringkasan", cara="qris")
    given_up: Json = {"order_id": order_id_of(customer, address)}
    assert pages.send(f"{address}/bayar", aksi="ubah") == f"{address}/ringkasan"
    customer.settle()
    assert customer.order(given_up)["state"] == "cancelled"

    with paused(customer.environment) as pause:
        assert pages.send(f"{address}/ringkasan", cara="qris") == f"{address}/antre"
        place = pages.get(f"{address}/antre").headers["location"]
        assert "Orang di depan Anda" in pages.text(place)
        pause(MINUTE, -10 * MINUTE)
        assert "Sekarang giliran Anda" in pages.text(place)
        assert pages.send(place) == f"{address}/bayar"
    customer.settle()


def test_a_document_that_is_gone_is_said_before_anything_is_charged(customer: Customer) -> None:
    pages, address = OwnPages.of(customer), prepared(customer, letter(7), are_uploaded=False)

    refused = pages.press(f"{address}/ringkasan", cara="qris")
    assert refused.status == 409
    assert "Perbaiki dokumen 1" in refused.content.decode()
    assert not customer.applicant.get("/v1/orders")["orders"]


def _pay(customer: Customer, address: str) -> None:
    customer.pay(customer.applicant.order(order_id_of(customer, address)))
    customer.settle()
