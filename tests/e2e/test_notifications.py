"""E-mails as they are sent: asked for with an order, told of its payment and its document, and
stopped by the mail's own link."""

from datetime import timedelta
from urllib.parse import urlencode

from tests.applicant.client import Applicant
from tests.e2e.customer import Customer, letter
from tests.e2e.drafts import order_id_of, prepared
from tests.e2e.own_pages import OwnPages
from tests.e2e.passing_time import order_ages
from tests.local.mailbox import CaughtMail


def test_who_asks_is_told_until_they_stop_it(customer: Customer) -> None:
    pages = OwnPages.of(customer)

    # 1. Without the tick box there is no mail.
    _bought(customer, pages)
    assert not _mails(customer)

    # 2. With it, of the payment and of the document.
    _bought(customer, pages, kabar="ya")
    paid, stamped = _mails(customer)
    assert paid.subject == "Pembayaran diterima: 1 e-meterai, Rp10.000"
    assert stamped.subject == "Dokumen Anda sudah bermeterai"
    assert paid.sender == "Meterai <no-reply@meterai.example>"

    # 3. The mail program stops them, without session or token (RFC 8058).
    address = stamped.headers["List-Unsubscribe"].strip("<>")
    path = address.removeprefix(customer.environment.account.api_url)
    anybody = Applicant(customer.environment.account.api_url, token=None)
    stopped = anybody.ask(
        "POST",
        path,
        urlencode({"List-Unsubscribe": "One-Click"}).encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert stopped.status == 200
    assert "Anda tidak menerima e-mail lagi" in stopped.content.decode()
    assert "Anda tidak menerima e-mail dari kami" in pages.text("/saya/kabar")

    # 4. They begin again only when they say so.
    pages.send("/saya/kabar", aksi="mulai")
    assert "Anda menerima e-mail" in pages.text("/saya/kabar")
    pages.send("/saya/kabar", aksi="berhenti")
    _bought(customer, pages)
    assert len(_mails(customer)) == 2


def test_money_that_came_too_late_is_told_to_be_on_its_way_back(customer: Customer) -> None:
    pages, address = OwnPages.of(customer), prepared(customer, letter(1))
    pages.send(f"{address}/ringkasan", cara="qris", kabar="ya")
    order = customer.applicant.order(order_id_of(customer, address))
    order_ages(customer.environment, order, timedelta(minutes=20))
    customer.pay(order)
    customer.settle()
    (mail,) = _mails(customer)
    assert mail.subject.endswith("Rp10.000")
    (refund,) = customer.applicant.get("/v1/refunds")["refunds"]
    assert f"/saya/pengembalian/{refund['refund_id']}" in mail.text


def _bought(customer: Customer, pages: OwnPages, **ticked: str) -> None:
    address = prepared(customer, letter(len(_mails(customer)) + 1))
    assert pages.send(f"{address}/ringkasan", cara="qris", **ticked) == f"{address}/bayar"
    customer.pay(customer.applicant.order(order_id_of(customer, address)))
    customer.settle()


def _mails(customer: Customer) -> list[CaughtMail]:
    customer.environment.account.quiesce()
    return customer.environment.account.mailbox.to(customer.username)
