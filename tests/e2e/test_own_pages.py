"""What somebody bought by the API, on the pages: read, fetched, given back, paid out, given up."""

import time
from datetime import timedelta

from tests.applicant.client import wait_until
from tests.e2e.customer import Customer
from tests.e2e.lane import losing
from tests.e2e.own_pages import OwnPages
from tests.e2e.passing_time import refund_ages, sweep


def test_what_is_given_back_by_the_page_is_paid_out_to_the_account_named_there(
    customer: Customer,
) -> None:
    pages, applicant = OwnPages.of(customer), customer.applicant
    order = customer.paid_order(2, method="virtual_account")
    stamped = customer.stamped(order)
    address = f"/saya/pesanan/{order['order_id']}"

    assert "1 sudah dibubuhkan, 1 belum dipakai" in pages.text("/saya")
    file = pages.get(f"/saya/berkas/{stamped['stamping_id']}").headers["location"]
    assert applicant.open(file).content.startswith(b"%PDF")
    assert "Ke rekening bank yang Anda sebutkan" in pages.text(f"{address}/kembalikan?jumlah=1")

    refund_page = pages.send(f"{address}/kembalikan?jumlah=1")
    refund_id = refund_page.rpartition("/")[2]
    wait_until(lambda: applicant.refund_status(refund_id), "needs_account")
    assert "Ke rekening mana uangnya dikirim?" in pages.text(refund_page)
    named = pages.send(refund_page, bank="bca", number="123 456 7890", holder="sri wahyuni")
    assert named == refund_page
    time.sleep(1.5)  # the bank takes a second
    refund_ages(customer.environment, {"refund_id": refund_id}, timedelta(minutes=11))
    sweep(customer.environment)
    customer.settle()
    wait_until(lambda: applicant.refund_status(refund_id), "confirmed")

    assert "ditepati" in pages.text(refund_page)
    assert "1 sudah dibubuhkan, 1 dikembalikan" in pages.text(address)
    assert customer.balance(order)["refunded_idr"] == 10_000


def test_a_stamping_that_waits_is_called_off_when_its_e_meterai_is_given_back(
    customer: Customer,
) -> None:
    pages, order = OwnPages.of(customer), customer.paid_order(1)
    address = f"/saya/pesanan/{order['order_id']}"
    with losing(customer.environment, "StampingQueue"):
        customer.request(order)

    assert "1 menunggu dibubuhkan" in pages.text(address)
    pages.send(f"{address}/kembalikan?jumlah=1")
    customer.settle()
    assert "Batal: e-meterainya dikembalikan." in pages.text(address)


def test_an_unpaid_order_is_given_up_on_its_page(customer: Customer) -> None:
    pages, order = OwnPages.of(customer), customer.applicant.buy(1)
    address = f"/saya/pesanan/{order['order_id']}"

    assert pages.send(address) == address
    customer.settle()
    assert customer.order(order)["state"] == "cancelled"
    assert "Dibatalkan" in pages.text("/saya")
